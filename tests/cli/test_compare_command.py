"""The command `asnsolve compare`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.simulator import simulate, write_pool
from solver.app.cli import main


@pytest.fixture
def results(tmp_path: Path) -> Path:
    pool = tmp_path / "pool.csv"
    write_pool(simulate(1, modes=["image_background"]), pool)
    assert main(["generate", str(pool), "-p", str(tmp_path / "one")]) == 0
    assert main(["generate", str(pool), "-p", str(tmp_path / "merged"), "--merge"]) == 0
    return tmp_path


def test_the_same_in_other_files_is_the_same(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["compare", str(results / "one"), str(results / "merged")]) == 0
    assert capsys.readouterr().out.endswith(" products the same, 0 not\n")


def test_a_change_is_told_whole(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = results / "one"
    changed = next(iter(sorted(folder.glob("*image3*_asn.json"))))
    data = json.loads(changed.read_text())
    product = data["products"][0]
    gone = product["members"].pop()
    data["target"] = "t999"
    other = results / "other_asn.json"
    other.write_text(json.dumps(data))
    capsys.readouterr()
    assert main(["compare", str(changed), str(other)]) == 1
    assert capsys.readouterr().out == (
        f"Different: {product['name']}  (image3, candidate {data['asn_id']} of program {data['program']})\n"
        f"  target {json.loads(changed.read_text())['target']} / t999\n"
        f"  - {gone['exptype']} {gone['expname']}\n"
        "0 products the same, 1 not\n"
    )
    assert main(["compare", "--json", str(changed), str(other)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["equal"], told["same"], len(told["different"])) == (False, 0, 1)


def test_what_is_missing_and_extra_is_listed(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted((results / "one").glob("*_asn.json"))
    name = json.loads(files[0].read_text())["products"][0]["name"]
    capsys.readouterr()
    assert main(["compare", str(results / "one"), str(files[0])]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"Only in {results / 'one'}: {len(files) - 1} products\n")
    assert f"  {name}  (" not in out
    assert out.endswith(f"1 product the same, {len(files) - 1} not\n")


def test_what_is_no_association_ends_with_2(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["compare", str(results / "one"), str(results / "pool.csv")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"asnsolve compare: error: {results / 'pool.csv'} is no JSON: ")
