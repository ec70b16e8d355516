from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reference import Program
from benchmarks.workloads import PACKAGED, many_programs, workloads

POOLS = {
    name: f"FILENAME|PROGRAM\n{name}|1\n"
    for name in ("jw87800_20180412T163456_pool.csv", "pool_013_coron_nircam.csv", "mega_pool.csv")
}
ALL = list(workloads(Program("python", POOLS)))


def test_names_are_unique() -> None:
    assert len({workload.name for workload in ALL}) == len(ALL)


def test_packaged_pools_are_there_only_with_the_reference(tmp_path: Path) -> None:
    packaged = [workload for workload in ALL if workload.series == PACKAGED]
    assert [workload.name for workload in packaged] == ["jw87800", "pool_013", "mega_pool"]
    assert list(workloads(None)) != ALL
    assert {workload.name for workload in ALL} - {workload.name for workload in workloads(None)} == {
        workload.name for workload in packaged
    }
    packaged[2].write(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text(encoding="utf-8") == POOLS["mega_pool.csv"]


def test_sizes_grow_within_a_series() -> None:
    sizes = [int(workload.name.split()[-1].replace(",", "")) for workload in ALL if workload.series == "simulated"]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1_000_000


def test_the_largest_workload_is_asked_for_and_never_of_the_reference() -> None:
    (largest,) = (workload for workload in ALL if workload.name == "simulated 1,000,000")
    assert (largest.quick, largest.reference) == (False, False)


@pytest.mark.parametrize("name", ["simulated 250", "MIRI with NIRCam"])
def test_a_workload_writes_its_pool(tmp_path: Path, name: str) -> None:
    (workload,) = (workload for workload in ALL if workload.name == name)
    workload.write(tmp_path / "x.csv")
    header, *rows = (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith("FILENAME|")
    assert len(rows) >= 250


def test_pools_of_many_programs_grow_by_programs_not_by_their_size() -> None:
    programs = [len({row[2] for row in many_programs(exposures)}) for exposures in (500, 5_000)]
    assert programs[1] >= 9 * programs[0]
