"""`make bench-hostile`: pools that nobody would write, made to cost as much as can be, at two or three sizes.

What asnsolve makes of them has to cost in proportion to the pool and to what is made of it, or be refused.
benchmarks/README.md has the table.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from benchmarks.measuring import today
from benchmarks.processes import FailedError, watched
from benchmarks.results import growth, this_machine

PAGE = Path(__file__).with_name("README.md")

_COLUMNS = (
    "filename", "program", "obs_num", "visit", "instrume", "detector", "exp_type", "targetid", "pntgtype", "subarray",
    "filter", "pupil", "fxd_slit", "visitype", "bkgdtarg", "patttype", "patt_num", "numdthpt", "targ_ra", "targ_dec",
    "asn_candidate",
)  # fmt: skip

_OBSERVATION = "[('o001', 'OBSERVATION')]"

Values = Mapping[str, str]

#: Images of one target: what rows of a pool have where they do not say otherwise.
_IMAGE = {
    "program": "1", "obs_num": "1", "visit": "1", "instrume": "MIRI", "detector": "MIRIMAGE", "exp_type": "MIR_IMAGE",
    "targetid": "1", "pntgtype": "SCIENCE", "subarray": "FULL", "filter": "F770W", "asn_candidate": _OBSERVATION,
}  # fmt: skip

#: A rule by which exposures that are near each other belong together.
_NEAR = '''\
from rules.level3_base import AsnMixin_Base, DMS_Level3_Base
from rules.naming import FIELDS
from rules.vocabulary import close_on_sky, product_name


class Asn_Near(AsnMixin_Base, DMS_Level3_Base):
    """Whatever is near."""

    asn_type = "near3"
    product_name = product_name("jw{program}-{candidate}_{exposure}_near", FIELDS)
    constraints = (close_on_sky(arcseconds=3600),)
'''


@dataclass(frozen=True, slots=True)
class Case:
    """A pool of any size that is hard on something.

    Attributes:
        name: what it is.
        rows: the rows for a size, each with the values in which it is no plain image.
        sizes: the sizes that are measured.
        rule: a rule file of the user's that is used.
    """

    name: str
    rows: Callable[[int], Iterator[Values]]
    sizes: tuple[int, ...]
    rule: str = ""


def _repeated(values: Values, size: int) -> Iterator[Values]:
    return (values for _ in range(size))


def _in_many_candidates(size: int) -> Iterator[Values]:
    yield {"asn_candidate": str([(f"c{number}", "GROUP") for number in range(size)])}


def _in_one_candidate(size: int) -> Iterator[Values]:
    for number in range(size):
        cell = f"[('o{number}', 'OBSERVATION'), ('c1000', 'GROUP')]"
        yield {"obs_num": str(number), "asn_candidate": cell}


def _candidates(size: int) -> Iterator[Values]:
    return ({"asn_candidate": f"[('c{number}', 'GROUP'), ('o{number}', 'OBSERVATION')]"} for number in range(size))


def _programs(size: int) -> Iterator[Values]:
    return ({"program": str(number)} for number in range(1, size + 1))


def _distinct(size: int) -> Iterator[Values]:
    free = set(_COLUMNS) - {"program", "instrume", "exp_type", "asn_candidate", "filename", "targ_ra", "targ_dec"}
    return (dict.fromkeys(free, f"v{number}") for number in range(size))


def _missing(size: int) -> Iterator[Values]:
    given = {"program", "instrume", "exp_type"}
    return _repeated({name: "" for name in _IMAGE if name not in given}, size)


def _one_missing(size: int) -> Iterator[Values]:
    """Any filter goes with the exposure that has none."""
    return ({"filter": f"f{number}" if number else ""} for number in range(size))


def _either_missing(size: int) -> Iterator[Values]:
    """Each filter without a pupil goes with each pupil without a filter."""
    for number in range(size // 2):
        yield {"filter": f"f{number}", "pupil": ""}
        yield {"filter": "", "pupil": f"p{number}"}


def _all_but_one_missing(size: int) -> Iterator[Values]:
    """Each has one of four values, and goes with all of the other three: as many groups as there can be."""
    names = ("filter", "pupil", "fxd_slit", "visitype")
    return ({**dict.fromkeys(names, ""), names[number % 4]: f"v{number // 4}"} for number in range(size))


def _one_name(size: int) -> Iterator[Values]:
    """Visit types tell groups apart, and are in no name."""
    return ({"visitype": f"v{number}"} for number in range(size))


def _backgrounds(size: int) -> Iterator[Values]:
    cell = "[('c1000', 'BACKGROUND')]"
    spectrum = {"exp_type": "MIR_LRS-SLITLESS", "asn_candidate": cell}
    return (spectrum | ({"bkgdtarg": "T"} if number % 2 else {}) for number in range(size))


def _nods(size: int) -> Iterator[Values]:
    nod = {"exp_type": "MIR_LRS-FIXEDSLIT", "patttype": "ALONG-SLIT-NOD", "numdthpt": str(size)}
    return (nod | {"patt_num": str(number + 1)} for number in range(size))


def _acquisitions(size: int) -> Iterator[Values]:
    acquisition = {"exp_type": "MIR_TACQ", "pntgtype": "TARGET_ACQUISITION"}
    return (acquisition if number % 2 else {"targetid": f"t{number}"} for number in range(size))


def _antipodes(size: int) -> Iterator[Values]:
    """On a circle, each is near all others but the one that lies opposite."""
    for number in range(size):
        angle = 2 * math.pi * number / size
        place = {"targ_ra": f"{0.5001 * math.cos(angle) + 10:.9f}", "targ_dec": f"{0.5001 * math.sin(angle):.9f}"}
        yield place | {"targetid": str(number)}


def _in_a_row(size: int) -> Iterator[Values]:
    """On a line, each is near half of the others."""
    return ({"targ_ra": f"{10 + 2 * number / size:.9f}", "targ_dec": "0"} for number in range(size))


def _long_cells(size: int) -> Iterator[Values]:
    return ({"filter": f"{number}" + "x" * size, "targetid": "y" * size} for number in range(10))


CASES = (
    Case("an exposure in n candidates", _in_many_candidates, (1_250, 5_000, 40_000)),
    Case("n exposures in a candidate", _in_one_candidate, (25_000, 100_000)),
    Case("n candidates in a program", _candidates, (12_500, 50_000)),
    Case("n programs", _programs, (12_500, 50_000)),
    Case("all values differ", _distinct, (12_500, 50_000)),
    Case("no values", _missing, (25_000, 100_000)),
    Case("equal rows", lambda size: _repeated({}, size), (250_000, 1_000_000)),
    Case("one of n filters is missing", _one_missing, (10_000, 40_000)),
    Case("filter or pupil is missing", _either_missing, (300, 600, 2_000)),
    Case("one value of four is given", _all_but_one_missing, (40, 64, 80)),
    Case("n groups of one product name", _one_name, (10_000, 40_000)),
    Case("half of all are backgrounds", _backgrounds, (1_000, 2_000, 20_000)),
    Case("n nods", _nods, (500, 1_000, 10_000)),
    Case("half of all are acquisitions", _acquisitions, (1_000, 2_000, 20_000)),
    Case("near all but one (a rule)", _antipodes, (24, 32, 40), _NEAR),
    Case("near half of all (a rule)", _in_a_row, (500, 2_000, 4_000), _NEAR),
    Case("cells of n characters", _long_cells, (25_000, 100_000, 1_000_000)),
)


def write(case: Case, size: int, path: Path) -> None:
    """Write the pool of a case."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("|".join(_COLUMNS).upper() + "\n")
        for number, values in enumerate(case.rows(size)):
            row = {**_IMAGE, "filename": f"jw00001001001_02101_{number:07d}_mirimage_uncal.fits", **values}
            stream.write("|".join(row.get(name, "") for name in _COLUMNS) + "\n")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a case took.

    Attributes:
        name: the case.
        size: its size.
        seconds: wall time of the process.
        peak: peak memory, in bytes; None where it was refused.
    """

    name: str
    size: int
    seconds: float
    peak: int | None


def measure(case: Case, size: int, folder: Path) -> Measured:
    """Measure a case of a size; the pool and what is made of it go to a folder.

    Raises:
        FailedError: asnsolve failed, and did not refuse the pool with a message.
    """
    pool, rule = folder / "pool.csv", folder / "rule.py"
    write(case, size, pool)
    rule.write_text(case.rule, encoding="utf-8")
    more = ["-r", str(rule)] if case.rule else []
    command = [sys.executable, "-m", "solver.app", "generate", str(pool), "--archive", str(folder / "all.jsonl.zst")]
    started = time.perf_counter()
    try:
        done = watched([*command, *more])
    except FailedError as error:
        if not any(why in str(error) for why in (" more than ", " would overwrite ")):
            raise
        return Measured(case.name, size, time.perf_counter() - started, None)
    return Measured(case.name, size, done.seconds, done.peak)


def table(measured: Sequence[Measured]) -> str:
    """The table; growth is the exponent against the next smaller size of the case."""
    lines = [["pool", "n", "seconds", "MiB", "growth"]]
    before: Measured | None = None
    for each in measured:
        exponent = ""
        if before is not None and before.name == each.name and each.peak is not None:
            exponent = f"{growth((before.size, before.seconds), (each.size, each.seconds)):.2f}"
        memory = "refused" if each.peak is None else f"{each.peak / 2**20:,.0f}"
        lines.append([each.name, f"{each.size:,}", report.figure(each.seconds), memory, exponent])
        before = each
    return report.aligned(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="only this case; may be given again")
    parser.add_argument("--renew", action="store_true", help="also renew the table of benchmarks/README.md")
    options = parser.parse_args(arguments)
    measured = []
    for case in CASES:
        for size in case.sizes if case.name in (options.only or [case.name]) else ():
            with tempfile.TemporaryDirectory() as folder:
                measured.append(measure(case, size, Path(folder)))
            print(table(measured[-2:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(table(measured))
    if options.renew:
        block = f"Measured on {today()}, on {this_machine()}:\n\n{report.indented(table(measured))}"
        PAGE.write_text(report.with_block(PAGE.read_text(encoding="utf-8"), "hostile", block), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
