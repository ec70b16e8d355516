"""The result of a run: associations, orphans, and the outcome of each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from solver.associations import Association, Associations, Kind, Wanted
from solver.brief import Brief
from solver.errors import UnknownNameError
from solver.multimap import grouped
from solver.pools import Pool
from solver.solving.pruning import DroppedAssociations
from solver.words import few, plural

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.figure import Figure

    from solver.storage import Written


@dataclass(frozen=True, slots=True, repr=False)
class Trial(Brief):
    """The outcome of one rule.

    Attributes:
        rule: name of the rule.
        eligible: number of exposures that qualify on their own.
        groups: number of maximal groups.
        invalid: what invalid groups lack, and how many lack it.
    """

    rule: str
    eligible: int
    groups: int
    invalid: Mapping[str, int]

    def __add__(self, other: Trial) -> Trial:
        """The outcome of the rule in two parts of a pool."""
        invalid = dict(Counter(self.invalid) + Counter(other.invalid))
        return Trial(self.rule, self.eligible + other.eligible, self.groups + other.groups, invalid)


@dataclass(frozen=True, slots=True, repr=False)
class Result(Sequence[Association]):
    """The result of a run: a sequence of its associations, with the methods of `Associations`.

    Attributes:
        associations: the associations, in canonical order.
        orphans: the exposures in no association, as a pool.
        reasons: why each orphan is in no association, by its file name.
        tried: the outcome of each rule.
        dropped: the associations that others replace.

    >>> from solver import generate
    >>> result = generate("benchmarks/demo_pool.csv", level=3)
    >>> result
    <Result: 14 associations, 27 exposures in no association>
    >>> result["jw01001-c1001_t002_miri_f2300c-masklyot"].asn_type, len(result.select(rule="Asn_Lv3Image"))
    ('coron3', 7)
    >>> result.reasons["jw01001013001_02101_00001_nrs1_uncal.fits"]
    'no rule fits'
    """

    associations: Associations
    orphans: Pool
    reasons: Mapping[str, str]
    tried: tuple[Trial, ...]
    dropped: DroppedAssociations

    def __len__(self) -> int:
        """Number of associations."""
        return len(self.associations)

    def __iter__(self) -> Iterator[Association]:
        """Each association."""
        return iter(self.associations)

    @overload
    def __getitem__(self, which: int | str) -> Association: ...

    @overload
    def __getitem__(self, which: slice) -> Associations: ...

    def __getitem__(self, which: int | str | slice) -> Association | Associations:
        """The association at a place, or of a product or file; see `Associations`."""
        try:
            return self.associations[which]
        except UnknownNameError as error:
            for each in self.dropped:
                lost, kept = each.association.products[0].name, each.kept.products[0].name
                if lost.lower() == str(which).lower():
                    raise UnknownNameError(f"{lost} was left out for {kept}: {each.reason}") from error
            raise

    def __repr__(self) -> str:
        """The numbers of associations and of orphans."""
        what = f"{plural(len(self), 'association')}, {plural(len(self.orphans), 'exposure')} in no association"
        return f"<Result: {what}>"

    def absent(self, exposures: int, levels: Iterable[int]) -> dict[int, int]:
        """By level, the number of exposures, of so many, in no association of it."""
        return {level: exposures - int(self.associations.used(exposures, level).sum()) for level in sorted(levels)}

    def select(self, **having: Wanted) -> Associations:
        """The associations with these values; see `Associations.select`."""
        return self.associations.select(**having)

    def to_table(self, kind: Kind = "arrow") -> Any:
        """A row for each product; see `Associations.to_table`."""
        return self.associations.to_table(kind)

    def members_table(self, kind: Kind = "arrow") -> Any:
        """A row for each member; see `Associations.members_table`."""
        return self.associations.members_table(kind)

    def graph(self) -> nx.DiGraph[str]:
        """What is made of what; see `Associations.graph`."""
        return self.associations.graph()

    def figure(self) -> Figure:
        """A picture of the graph; see `Associations.figure`."""
        return self.associations.figure()

    def write(self, path: str | Path, *, overwrite: bool = False) -> Written:
        """Write the associations into a folder or an archive; see `solver.write`."""
        from solver.storage import write  # most callers write nothing

        return write(self.associations, path, pool=self.orphans.name, overwrite=overwrite)

    def _repr_html_(self) -> str:
        """HTML for notebooks."""
        from solver.markup import notebook  # only notebooks need it

        made = grouped(((each.asn_rule, each.asn_type), (each.asn_id, len(each.members))) for each in self)
        split = ((key, *zip(*own, strict=True)) for key, own in sorted(made.items()))
        rules = [(*key, few(sorted(set(ids)), 4), len(ids), sum(sizes)) for key, ids, sizes in split]
        reasons = grouped((reason, file) for file, reason in self.reasons.items())
        by_number = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))
        return notebook("result", len(self.associations), len(self.orphans), rules, by_number)
