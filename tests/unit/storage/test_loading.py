"""Associations read back from files: strict about the schema, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulator import COLUMNS, simulate
from solver import Association, Associations, Pool, generate, load
from solver.associations import sequence_of
from solver.errors import AssociationError
from tests.unit.small import cases

SMALL: dict[str, Any] = {"products": [{"members": [{"expname": "a.fits", "exptype": "science"}]}]}


def simulated() -> Associations:
    rows = simulate(1, modes=["mrs", "coron_nircam", "lrs_slit"])
    return generate(Pool.from_rows(dict(zip(COLUMNS, row, strict=True)) for row in rows)).associations


def test_what_is_written_is_read_back() -> None:
    for association in simulated():
        again = Association.from_json(association.to_json())
        assert again.to_json() == association.to_json()
        assert again.products == association.products


def test_unknown_keys_are_kept_where_they_were() -> None:
    data = {
        "asn_type": "image2",
        "telescope": "jwst",
        "products": [
            {
                "name": "p",
                "note": [1, {"a": None}],
                "members": [{"expname": "a.fits", "exptype": "science", "exposerr": None, "tweakreg": "cat.ecsv"}],
            }
        ],
    }
    written = json.loads(Association.from_json(json.dumps(data)).to_json())
    assert written["telescope"] == "jwst"
    assert written["products"] == data["products"]


WRONG = cases(__file__)["wrong"]


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_text_that_is_not_an_association_is_refused(text: str, message: str) -> None:
    with pytest.raises(AssociationError) as error:
        Association.from_json(text, source="x")
    assert str(error.value) == message


def test_very_deep_nesting_is_refused_without_a_crash() -> None:
    with pytest.raises(AssociationError, match="is not valid JSON"):
        Association.from_json("[" * 200_000, source="x")


def test_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "asnsolve-manifest.json").write_text('{"runs": []}')
    for name in ("b_asn.json", "a_asn.json", "other.json"):
        (tmp_path / name).write_text(json.dumps(SMALL | {"asn_id": name[0]}))
    single = tmp_path / "other.json"
    single.write_text(json.dumps(SMALL | {"asn_id": "z"}))
    assert [association.asn_id for association in load(single, tmp_path)] == ["z", "a", "b"]


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(AssociationError) as error:
        load(tmp_path / "no_asn.json")
    assert str(error.value) == f"{tmp_path / 'no_asn.json'} cannot be read: No such file or directory"
    with pytest.raises(AssociationError) as error:
        load(tmp_path)
    assert str(error.value) == f"{tmp_path}: there are no association files (*_asn.json) in this folder"


def test_a_run_that_made_nothing_is_an_empty_result(tmp_path: Path) -> None:
    (tmp_path / "asnsolve-manifest.json").write_text('{"runs": []}')
    assert load(tmp_path) == ()


def test_a_name_with_too_many_digits_has_no_number() -> None:
    assert sequence_of(f"x_{'1' * 5_000}_asn.json") == 1


def test_the_number_of_an_association_is_in_its_file_name(tmp_path: Path) -> None:
    made = simulated()
    for association in made:
        (tmp_path / association.file_name).write_text(association.to_json())
    assert {association.file_name for association in load(tmp_path)} == {each.file_name for each in made}
