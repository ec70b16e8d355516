"""The provenance of products: which exposures and which other products each is made from, as a graph."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.associations.association import Association, Member, Product
from solver.associations.names import SUFFIXES

if TYPE_CHECKING:
    import networkx as nx

_LEVEL_2 = 2

#: Suffixes of files that Level 2 processing takes, and those of what Level 3 makes of direct images.
_BEFORE_LEVEL_2 = frozenset({"", "uncal", "rate", "rateints"})
_OF_IMAGES = frozenset({"i2d", "cat", "segm"})

#: A file's name: that of its exposure or product, a suffix and an ending.
_SUFFIXES = "|".join([*SUFFIXES, "cat", "segm"])
_FILE = re.compile(rf"(?P<name>.+?)(_(?P<suffix>{_SUFFIXES}))?(?P<ending>\.[^.]+(\.(gz|bz2|fz|z))?)?", re.DOTALL)

#: The end of the suffixes of files that keep integrations apart.
_INTEGRATIONS = "ints"


def product_graph(associations: Iterable[Association]) -> nx.DiGraph[str]:
    """How products come from exposures, by the files that one association makes and another takes.

    An edge leads from an exposure to the products that take it, and from a product to those that take one of its
    files: from a Level 2 product to those of Level 3, and from a Level 3 image to the slitless spectra (Level 2)
    whose sources it shows. What no Level 2 product makes, such as the rates of exposures that Level 3 uses as they
    are, comes from the exposure.

    An exposure's node is the name of its uncalibrated file. A product's node is its name; where several products
    have it, each with its association's name in parentheses.

    Every node has `kind`: "exposure", "product", or "missing" for a product that none of the associations makes.
    Exposures and products have `level` (1, 2 or 3), and products `product` (the name), `type`, `rule`, and
    `association` (its file name). An edge has `roles` and `files`, both tuples: one product can take several files of
    another.

    Cost: one step per member.

    >>> from solver.associations import Member, Product
    >>> def association(kind, name, file):
    ...     product = Product(name, (Member(file, "science"),))
    ...     return Association(kind, "A_Rule", None, "", "", "00001", "", "o001", "", "", (product,))
    >>> graph = product_graph([
    ...     association("image2", "jw00001001001_02101_00001_nrca1", "jw00001001001_02101_00001_nrca1_rate.fits"),
    ...     association("image3", "jw00001-o001_t001", "jw00001001001_02101_00001_nrca1_cal.fits")])
    >>> sorted(graph.predecessors("jw00001-o001_t001")), graph.in_degree("jw00001001001_02101_00001_nrca1")
    (['jw00001001001_02101_00001_nrca1'], 1)
    """
    import networkx as nx  # takes long to import, and few need it

    graph: nx.DiGraph[str] = nx.DiGraph()
    made = [(association, product) for association in associations for product in association.products]
    counts = Counter(product.name for _, product in made)
    makers: defaultdict[str, list[tuple[str, Product]]] = defaultdict(list)
    nodes = []
    for association, product in made:
        node = product.name if counts[product.name] == 1 else f"{product.name} ({association.name})"
        about = {"type": association.asn_type, "rule": association.asn_rule, "association": association.file_name}
        graph.add_node(node, kind="product", level=association.level, product=product.name, **about)
        makers[product.name.lower()].append((node, product))
        nodes.append(node)
    for node, (association, product) in zip(nodes, made, strict=True):
        for member in product.members:
            sources = _makers(member, makers, direct=association.level == _LEVEL_2)
            for source in [each for each in sources if each != node] or [_source(graph, member)]:
                known = graph.get_edge_data(source, node, {"roles": (), "files": ()})
                roles = dict.fromkeys((*known["roles"], member.exptype))
                graph.add_edge(source, node, roles=tuple(roles), files=(*known["files"], member.expname))
    return graph


def _makers(member: Member, makers: dict[str, list[tuple[str, Product]]], *, direct: bool) -> list[str]:
    """The products of which a member is a file; none for a file that is made before Level 2.

    Args:
        member: the member.
        makers: the products by name.
        direct: whether a file without a suffix is the exposure itself.
    """
    name, suffix, _ = _parts(member.expname)
    if suffix in _BEFORE_LEVEL_2 and (suffix or direct):
        return []
    apart = suffix.endswith(_INTEGRATIONS)
    if suffix in _OF_IMAGES:
        return [node for node, _ in makers.get(name.lower(), ())]
    return [node for node, product in makers.get(name.lower(), ()) if _by_integration(product) == apart]


def _by_integration(product: Product) -> bool:
    """Whether the science of a product keeps integrations apart; then so do its files."""
    return any(
        _parts(member.expname)[1].endswith(_INTEGRATIONS) for member in product.members if member.exptype == "science"
    )


def _source(graph: nx.DiGraph[str], member: Member) -> str:
    """The node of the exposure, or of the missing product, that a member comes from."""
    name, suffix, ending = _parts(member.expname)
    if suffix in _OF_IMAGES:
        graph.add_node(name, kind="missing")
        return name
    node = f"{name}_uncal{ending}" if suffix else f"{name}{ending}"
    graph.add_node(node, kind="exposure", level=1)
    return node


def _parts(file: str) -> tuple[str, str, str]:
    """The name of the exposure or product that a file belongs to, its suffix and its ending."""
    match = _FILE.fullmatch(file.replace("\\", "/").rpartition("/")[2])
    return (file, "", "") if match is None else (match["name"], match["suffix"] or "", match["ending"] or "")
