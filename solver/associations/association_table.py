"""Associations as columns: a sequence that makes each association when it is first used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.associations.association import MEMBER_TEXTS, Association, Member, Product
from solver.associations.comparison import matched
from solver.associations.member_types import HELPING
from solver.associations.names import association_name, exposure_name, if_candidate, level_of, sequence_of
from solver.associations.provenance import product_graph
from solver.associations.schema import WORDS
from solver.associations.texts import Kind, Texts, Views, any_between, as_table, concatenated
from solver.errors import UnknownNameError
from solver.pools import Numbers, marked, natural, number_rows, ranges
from solver.words import few, nearest, plural

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.figure import Figure

#: One value to look for, or several; None for any.
Wanted = str | int | Collection[str | int] | None

#: Most names that a message lists.
_LISTED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Associations(Views[Association]):
    """Associations in order: a sequence that keeps columns and makes an `Association` when one is used.

    Attributes:
        words: for each key of an association the text of each association.
        sequence: the number of each association.
        products: where the products of each association begin, and at last how many there are.
        names: the name of each product.
        memberships: where the memberships of each product begin, and at last how many there are.
        member: for each membership the index of its member.
        members: for each text of a member that of each member; a member may be in many products.
        rows: for each member the row of its exposure in the pool, or -1.

    >>> made = Associations.of([Association("image3", "Asn_A", None, "", "", "00001", "", "o001", "t001", "p.csv",
    ...                                     (Product("jw00001-o001", (Member("a_cal.fits", "science"),)),))])
    >>> made
    <Associations: 1 association with 1 member>
    >>> made["jw00001-o001"].members
    (Member(expname='a_cal.fits', exptype='science', exposerr=None, asn_candidate=None),)
    >>> made.select(exposure="a")[0].asn_rule, len(made.select(rule="Asn_B"))
    ('Asn_A', 0)
    """

    words: Mapping[str, Texts]
    sequence: Numbers
    products: Numbers
    names: Texts
    memberships: Numbers
    member: Numbers
    members: Mapping[str, Texts]
    rows: Numbers

    # --- Making -------------------------------------------------------------------------------------

    @classmethod
    def of(cls, associations: Iterable[Association]) -> Associations:
        """The columns of associations. Their `extra` keys are not kept."""
        if isinstance(associations, Associations):
            return associations
        every = list(associations)
        products = [product for each in every for product in each.products]
        members = [member for product in products for member in product.members]
        return cls(
            words={word: Texts.of(getattr(each, word) for each in every) for word in WORDS},
            sequence=np.array([each.sequence for each in every], dtype=np.int64),
            products=_bounds([len(each.products) for each in every]),
            names=Texts.of(product.name for product in products),
            memberships=_bounds([len(product.members) for product in products]),
            member=np.arange(len(members)),
            members={text: Texts.of(getattr(member, text) for member in members) for text in MEMBER_TEXTS},
            rows=np.array([-1 if each.row is None else each.row for each in members], dtype=np.int64),
        )

    @classmethod
    def joined(cls, parts: Sequence[Associations]) -> Associations:
        """The associations of all parts, one after the other."""
        shifts = np.cumsum([0, *(len(part.rows) for part in parts)]).tolist()
        return cls(
            words={word: Texts.joined([part.words[word] for part in parts]) for word in WORDS},
            sequence=concatenated(part.sequence for part in parts),
            products=_bounds(concatenated(np.diff(part.products) for part in parts)),
            names=Texts.joined([part.names for part in parts]),
            memberships=_bounds(concatenated(np.diff(part.memberships) for part in parts)),
            member=concatenated(part.member + shift for part, shift in zip(parts, shifts, strict=False)),
            members={text: Texts.joined([part.members[text] for part in parts]) for text in MEMBER_TEXTS},
            rows=concatenated(part.rows for part in parts),
        )

    def take(self, which: Numbers) -> Associations:
        """These associations, in this order."""
        of_each = np.diff(self.products)[which]
        product = ranges(self.products[which], of_each)[1]
        in_each = np.diff(self.memberships)[product]
        member = self.member[ranges(self.memberships[product], in_each)[1]]
        used = marked(member, len(self.rows))
        return Associations(
            {word: column.take(which) for word, column in self.words.items()},
            self.sequence[which],
            _bounds(of_each),
            self.names.take(product),
            _bounds(in_each),
            (np.cumsum(used) - 1)[member],
            {text: column.take(np.flatnonzero(used)) for text, column in self.members.items()},
            self.rows[used],
        )

    def where(self, members: NDArray[np.bool_]) -> tuple[Associations, NDArray[np.bool_]]:
        """The associations with these members only, and which still have every role in every product, helpers apart."""
        stay = members[self.member]
        product = _owners(self.memberships)
        types = self.members["exptype"]
        had = product * len(types.values) + types.codes[self.member]
        vital = types.where(lambda each: each not in HELPING)[self.member]
        lost = marked(np.setdiff1d(had[vital], had[stay]) // len(types.values), len(self.names.codes))
        sizes = np.bincount(product[stay], minlength=len(self.names.codes))
        kept = replace(self, memberships=_bounds(sizes), member=self.member[stay])
        return kept, ~any_between(lost, self.products)

    def moved(self, by: int) -> Associations:
        """The same with the rows of a part of a pool moved to those of the whole, or back."""
        return replace(self, rows=np.where(self.rows < 0, -1, self.rows + by))

    # --- Looking ------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Number of associations."""
        return len(self.sequence)

    def __iter__(self) -> Iterator[Association]:
        """Each association."""
        rows = (None if row < 0 else row for row in self.rows.tolist())
        every = list(map(Member, *(self.members[text] for text in MEMBER_TEXTS), rows))
        members = list(map(every.__getitem__, self.member.tolist()))
        places = pairwise(self.memberships.tolist())
        products = [Product(name, tuple(members[a:b])) for name, (a, b) in zip(self.names, places, strict=True)]
        own = (tuple(products[a:b]) for a, b in pairwise(self.products.tolist()))
        yield from map(Association, *(self.words[word] for word in WORDS), own, self.sequence.tolist())

    def _place_of(self, name: str) -> int:
        """The place of the association of a product or file with this name, in any case.

        Raises:
            UnknownNameError: no product and no file has this name, or several products have it.
        """
        places = np.flatnonzero(any_between(_among(self.names, name, str.lower), self.products)).tolist()
        files, wanted = self.file_names, name.lower().removesuffix(".json") + ".json"
        places = places or [place for place, file in enumerate(files) if file.lower() == wanted]
        if len(places) == 1:
            return int(places[0])
        if places:
            problem = f"{name!r} is a product of {plural(len(places), 'association')}; take one of"
            raise UnknownNameError(f"{problem} {few([files[place] for place in places], _LISTED)}")
        did_you = nearest(name, [*self.names.values, *files], most=3) or if_candidate(name)
        raise UnknownNameError(f"no product and no file is named {name!r}" + (f"; {did_you}" if did_you else ""))

    def __repr__(self) -> str:
        """How many there are."""
        return f"<Associations: {plural(len(self), 'association')} with {plural(len(self.member), 'member')}>"

    @property
    def owners(self) -> Numbers:
        """For each membership the place of its association."""
        return _owners(self.memberships[self.products])

    def used(self, exposures: int, level: int | None = None, *roles: str) -> NDArray[np.bool_]:
        """Which of so many exposures are members of associations of a level, or of any, maybe only in some roles."""
        levels = Texts.made(level_of, self.words["asn_type"], self.words["asn_rule"])
        chosen = levels.where(lambda each: level in {None, each})[self.owners]
        inside = marked(self.member[chosen], len(self.rows)) & (self.rows >= 0)
        return marked(self.rows[inside & _among(self.members["exptype"], roles or None, str)], exposures)

    def with_rows(self, *exposures: int) -> Numbers:
        """The places of the associations that have all of some exposures, given by their rows in the pool."""
        of_member, owners = self.rows[self.member], self.owners
        return reduce(np.intersect1d, (owners[of_member == row] for row in exposures), np.arange(len(self)))

    @property
    def file_names(self) -> list[str]:
        """The name of each association's file."""
        parts = (self.words[word] for word in ("program", "asn_id", "version_id", "asn_type"))
        return [name + ".json" for name in map(association_name, *parts, self.sequence.tolist())]

    def select(
        self,
        *,
        rule: Wanted = None,
        type: Wanted = None,  # noqa: A002 (the field's word)
        candidate: Wanted = None,
        program: Wanted = None,
        product: Wanted = None,
        exposure: Wanted = None,
    ) -> Associations:
        """The associations that have one of the given values for everything that is given.

        Args:
            rule: names of rules.
            type: association types, such as image3.
            candidate: ids of candidates, such as o001.
            program: numbers of programs, with or without leading zeros.
            product: names of products.
            exposure: names of exposures or of their files, such as jw01234001001_02101_00001_nrcalong.
        """
        chosen = np.ones(len(self), dtype=np.bool_)
        for word, values in (("asn_rule", rule), ("asn_type", type), ("asn_id", candidate)):
            chosen &= _among(self.words[word], values, str.lower)
        chosen &= _among(self.words["program"], program, lambda text: text.lstrip("0"))
        if product is not None:
            chosen &= any_between(_among(self.names, product, str), self.products)
        if exposure is not None:
            of_member = _among(self.members["expname"], exposure, lambda text: exposure_name(text).lower())
            chosen &= any_between(any_between(of_member[self.member], self.memberships), self.products)
        return self.take(np.flatnonzero(chosen))

    # --- Tables and pictures ------------------------------------------------------------------------

    def to_table(self, kind: Kind = "arrow") -> Any:
        """A table with a row for each product: its association's file and texts, and how many members it has.

        Args:
            kind: "arrow" for a `pyarrow.Table`, whose `to_pandas()` makes a dataframe; "astropy" for one of astropy.

        >>> Associations.of([]).to_table().column_names[:4]
        ['asn_file', 'product', 'asn_type', 'asn_rule']
        """
        words = self._words(_owners(self.products))
        first = {"asn_file": words["asn_file"], "product": self.names}
        return as_table(first | words, kind, np.diff(self.memberships))

    def associations_table(self) -> Any:
        """An Arrow table with a row for each association, as in a Parquet archive."""
        return as_table(self._words(np.arange(len(self))), "arrow", np.diff(self.memberships[self.products]))

    def members_table(self, kind: Kind = "arrow") -> Any:
        """A table with a row for each member of each product, as in a Parquet archive; `kind` as in `to_table`.

        >>> Associations.of([]).members_table().column_names[:5]
        ['program', 'asn_file', 'product', 'expname', 'exptype']
        """
        words, product = self._words(self.owners), self.names.at(_owners(self.memberships))
        members = {text: column.at(self.member) for text, column in self.members.items()}
        first = {"program": words["program"], "asn_file": words["asn_file"], "product": product}
        return as_table(first | members | {"asn_pool": words["asn_pool"]}, kind)

    def graph(self) -> nx.DiGraph[str]:
        """What is made of what: a networkx graph with edges from exposures to products, and from products to products.

        A node is the name of an exposure's uncalibrated file or of a product, and has `kind` ("exposure", "product", or
        "missing" for a product that no association makes), `level`, and for products `type`, `rule` and `association`.
        An edge has `roles` and `files`. Cost: one step per member.
        """
        return product_graph(self)

    def figure(self) -> Figure:
        """A matplotlib figure of the graph, from left to right, in the colours of the roles.

        Raises:
            UsageError: matplotlib is not installed, there are no associations, or too many exposures for a figure.
        """
        from solver.associations.provenance_figure import product_figure  # matplotlib takes long to import

        return product_figure(self)

    def _words(self, owner: Numbers) -> dict[str, Texts]:
        return {"asn_file": Texts(owner, self.file_names)} | {word: each.at(owner) for word, each in self.words.items()}

    # --- Order --------------------------------------------------------------------------------------

    def canonical_order(self) -> Numbers:
        """The places of the associations in canonical order: by program, candidate, type, first product, rule, members.

        Needs each text once in `values`.
        """
        first = self.names.ranks()[self.products[:-1]]
        asn_id, asn_type, rule = (self.words[word].ranks() for word in ("asn_id", "asn_type", "asn_rule"))
        rank, _ = number_rows([self.words["program"].ranks(natural), asn_id, asn_type, first, rule], len(self))
        order = np.argsort(rank, kind="stable")
        tied = np.flatnonzero(np.bincount(rank)[rank[order]] > 1)
        some = order[tied]
        alike = zip(rank[some].tolist(), map(_content, self.take(some)), some.tolist(), strict=True)
        order[tied] = [place for _, _, place in sorted(alike)]
        return order

    def numbered(self, former: Associations | None = None) -> Associations:
        """The same, counted per program, id and type; they are in canonical order.

        Args:
            former: associations of an earlier run. Those with a product of these keep its number, the rest continue.
        """
        group = number_rows([self.words[word].codes for word in ("program", "asn_id", "asn_type")], len(self))[0]
        place = np.arange(len(self))
        begins = np.maximum.accumulate(np.where(np.diff(group, prepend=-1) != 0, place, 0))
        made = replace(self, sequence=place - begins + 1)
        if former is None:
            return made
        numbers = [*made._keeping(former.select(program=self.words["program"].values))]  # noqa: SLF001 (of this class)
        return replace(made, sequence=np.array(numbers, dtype=np.int64))

    def _keeping(self, former: Associations) -> Iterator[int]:
        """The number of each where former ones keep theirs."""
        group = attrgetter("program", "asn_id", "asn_type")
        last = Counter({group(each): each.sequence for each in sorted(former, key=attrgetter("sequence"))})
        later = {one.file: other.file for one, other in matched(former, self, files=True) if one and other}
        kept = {file: was for was, file in later.items()}
        for each in self:
            if each.file_name in kept:
                yield sequence_of(kept[each.file_name])
            else:
                last[group(each)] += 1
                yield last[group(each)]


def _content(association: Association) -> tuple[object, ...]:
    """What breaks every tie that matters in the order of associations."""
    members = [(member.expname, member.exptype) for member in association.members]
    return [product.name for product in association.products], members, association.constraints


def _bounds(counts: Sequence[int] | NDArray[Any]) -> Numbers:
    """Where each of several things begins that have these numbers of parts, and where the last one ends."""
    return np.cumsum(np.append(0, np.asarray(counts, dtype=np.int64)))


def _owners(bounds: Numbers) -> Numbers:
    """For each of the parts between bounds the number of what it is a part of."""
    return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))


def _among(column: Texts, wanted: Wanted, key: Callable[[str], str]) -> NDArray[np.bool_]:
    """The rows whose text is one of those that are wanted; all rows if none are."""
    if wanted is None:
        return np.ones(len(column.codes), dtype=np.bool_)
    asked = {key(str(each)) for each in ([wanted] if isinstance(wanted, (str, int)) else wanted)}
    return column.where(lambda value: key(value) in asked)
