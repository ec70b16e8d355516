"""The provenance of products: which exposures and which other products each is made from, as a graph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.associations.association import Association, Product
from solver.associations.names import RATES, SUFFIXES, file_parts

if TYPE_CHECKING:
    import networkx as nx

LEVEL_2 = 2

#: Suffixes of what Level 3 makes of direct images, and of all files.
_OF_IMAGES = frozenset({"i2d", "cat", "segm"})
PRODUCT_SUFFIXES = SUFFIXES | _OF_IMAGES

#: The end of the suffixes of files that keep integrations apart.
_INTEGRATIONS = "ints"


def product_graph(associations: Iterable[Association]) -> nx.DiGraph[str]:
    """How products come from exposures, by the files that one association makes and another takes.

    An edge leads from an exposure to the products that take it, and from a product to those that take one of its
    files: from a Level 2 product to those of Level 3, and from a Level 3 image to the slitless spectra (Level 2)
    whose sources it shows. A file that no Level 2 product makes comes from its exposure.

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
    makers: defaultdict[str, dict[str, Product]] = defaultdict(dict)
    for association, product in made:
        node = product.name if counts[product.name] == 1 else f"{product.name} ({association.name})"
        about = {"type": association.asn_type, "rule": association.asn_rule, "association": association.file_name}
        graph.add_node(node, kind="product", level=association.level, product=product.name, **about)
        makers[product.name.lower()][node] = product
    for node, product in [each for same in makers.values() for each in same.items()]:
        for member in product.members:
            name, suffix, ending = file_parts(member.expname, PRODUCT_SUFFIXES)
            is_raw = suffix in RATES or (not suffix and graph.nodes[node]["level"] == LEVEL_2)
            known = {} if is_raw else makers.get(name.lower(), {})
            sources = [each for each, maker in known.items() if each != node and makes(maker, suffix)]
            for source in sources or [_source(graph, name, suffix, ending)]:
                edge = graph.get_edge_data(source, node, {"roles": (), "files": ()})
                roles = dict.fromkeys((*edge["roles"], member.exptype))
                graph.add_edge(source, node, roles=tuple(roles), files=(*edge["files"], member.expname))
    return graph


def makes(product: Product, suffix: str) -> bool:
    """Whether a product has files with this suffix: by integration if its science is, except for images."""
    return suffix in _OF_IMAGES or suffix.endswith(_INTEGRATIONS) == by_integration(product)


def by_integration(product: Product) -> bool:
    """Whether the science files of a product keep integrations apart, and so its own files."""
    science = (file_parts(member.expname)[1] for member in product.members if member.exptype == "science")
    return any(each.endswith(_INTEGRATIONS) for each in science)


def _source(graph: nx.DiGraph[str], name: str, suffix: str, ending: str) -> str:
    """The node of the exposure, or of the missing product, that a file of this name comes from."""
    if suffix in _OF_IMAGES:
        graph.add_node(name, kind="missing")
        return name
    node = f"{name}_uncal{ending}" if suffix else name + ending
    graph.add_node(node, kind="exposure", level=1)
    return node
