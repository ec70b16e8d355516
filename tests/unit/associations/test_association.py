"""Associations: their names and their JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from solver.associations.association import Association, Member, Product, outline
from solver.errors import AssociationError, OutputError
from tests.unit.small import numbered

MADE = Association(
    asn_type="image3",
    asn_rule="Asn_Test",
    version_id=None,
    code_version="asnsolve 0",
    degraded_status="fine",
    program="00001",
    constraints="program = 1",
    asn_id="o001",
    target="t001",
    asn_pool="pool.csv",
    products=(
        Product(
            "jw00001-o001_t001",
            (
                Member("a_cal.fits", "science", None, "[('o001', 'observation')]", 3),
                Member("b_cal.fits", "psf", "Lost"),
            ),
        ),
    ),
)


def other(**changes: str) -> Association:
    product = changes.pop("product", MADE.products[0].name)
    return replace(MADE, products=(replace(MADE.products[0], name=product),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (MADE, "jw00001-o001_image3_00001_asn"),
        (replace(MADE, sequence=123456), "jw00001-o001_image3_123456_asn"),
        (replace(MADE, version_id="V1.2"), "jw00001-o001_v1.2_image3_00001_asn"),
        (replace(MADE, version_id=""), "jw00001-o001_image3_00001_asn"),
        (replace(MADE, asn_id="a3001", asn_type="wfs-image3"), "jw00001-a3001_wfs-image3_00001_asn"),
    ],
)
def test_the_name_of_an_association(made: Association, name: str) -> None:
    assert made.name == name
    assert made.file_name == f"{name}.json"


def test_associations_and_products_say_what_they_are_and_how_large() -> None:
    (product,) = MADE.products
    alone = replace(MADE, products=(replace(product, members=product.members[:1]),))
    assert repr(product) == "<Product jw00001-o001_t001: 2 members>"
    begin = "<Association jw00001-o001_image3_00001_asn: Asn_Test, "
    assert repr(MADE) == f"{begin}jw00001-o001_t001 of 2 members>"
    assert repr(alone) == f"{begin}jw00001-o001_t001 of 1 member>"
    assert repr(replace(MADE, products=(product, product))) == f"{begin}2 products of 4 members>"


def test_an_association_is_identified_in_few_words() -> None:
    assert outline("a_asn.json", MADE) == {
        "file": "a_asn.json", "rule": "Asn_Test", "type": "image3", "program": "00001", "id": "o001",
    }  # fmt: skip


def test_the_json_has_the_keys_in_order_and_no_rows() -> None:
    assert MADE.to_json() == Path(__file__).with_name("association.json").read_text(encoding="utf-8")
    assert json.loads(MADE.to_json()) == MADE.to_dict()


def test_what_is_empty_is_not_written_and_is_read_as_empty() -> None:
    empty = replace(MADE, target="", constraints="")
    written = json.loads(empty.to_json())
    assert set(json.loads(MADE.to_json())) - set(written) == {"target", "constraints"}
    assert Association.from_json(empty.to_json()) == empty


def test_a_product_without_a_name_is_undefined() -> None:
    text = '{"products": [{"members": [{"expname": "a", "exptype": "science"}]}]}'
    assert Association.from_json(text).products[0].name == "undefined"


def test_an_invalid_association_is_refused_with_the_name_of_its_source() -> None:
    with pytest.raises(AssociationError, match=r"^association\b"):
        Association.from_json("{}")
    with pytest.raises(AssociationError, match=r"^a_asn\.json\b"):
        Association.from_json("{}", source="a_asn.json")


def test_text_beyond_ascii_is_written_as_it_is() -> None:
    assert '"asn_pool": "süd.csv"' in replace(MADE, asn_pool="süd.csv").to_json()


def test_members_are_equal_whatever_their_row() -> None:
    assert Member("a", "science", row=1) == Member("a", "science", row=2)
    assert "row" not in repr(Member("a", "science", row=1))
    assert MADE.products[0].has("psf")
    assert not MADE.products[0].has("background")


def test_associations_are_counted_per_program_id_and_type_in_canonical_order() -> None:
    expected = [
        (other(program="00002"), 1),
        (other(program="00010", asn_id="a3001"), 1),
        (other(program="00010", product="p1"), 1),
        (other(program="00010", product="p2"), 2),
        (other(program="00010", product="p2", asn_rule="Asn_Z"), 3),
        (other(program="00010", asn_type="spec3"), 1),
        (other(program="00010", asn_id="o002"), 1),
    ]
    for shuffled in (expected, expected[::-1], *list(permutations(expected))[::500]):
        made = numbered(each for each, _ in shuffled)
        assert list(made) == [replace(each, sequence=number) for each, number in expected]


def test_two_ways_of_writing_a_program_do_not_give_two_files_one_name() -> None:
    made = numbered([other(program="00001"), other(program="00001")])
    assert len({each.file_name for each in made}) == 2


# --- Saving -------------------------------------------------------------------------------------


def test_an_association_is_saved_under_its_own_name_or_another(tmp_path: Path) -> None:
    for path, file in ((tmp_path, tmp_path / MADE.file_name), (str(tmp_path / "a.json"), tmp_path / "a.json")):
        assert MADE.save(path) == file
        assert Association.from_json(file.read_text(encoding="utf-8")) == MADE
    assert sorted(tmp_path.iterdir()) == [tmp_path / "a.json", tmp_path / MADE.file_name]


def test_the_same_file_is_left_as_it_is(tmp_path: Path) -> None:
    before = MADE.save(tmp_path).stat()
    assert MADE.save(tmp_path).stat() == before


def test_another_file_is_replaced_only_if_asked(tmp_path: Path) -> None:
    file = other(target="t002").save(tmp_path / "a.json")
    before = file.read_bytes()
    with pytest.raises(OutputError, match=r"a\.json exists with other content; choose another name, or "):
        MADE.save(file)
    assert file.read_bytes() == before
    assert MADE.save(file, overwrite=True).read_text(encoding="utf-8") == MADE.to_json()


@pytest.mark.parametrize("content", ["the same", "another"])
def test_a_link_is_never_followed_to_another_file(content: str, tmp_path: Path) -> None:
    aim, link = tmp_path / "aim", tmp_path / "link"
    aim.write_text(MADE.to_json() if content == "the same" else content, encoding="utf-8")
    link.symlink_to(aim)
    before = aim.read_bytes()
    MADE.save(link, overwrite=True)
    assert aim.read_bytes() == before
    assert not link.is_symlink()


@pytest.mark.parametrize(
    ("made", "path", "problem"),
    [
        (MADE, "none/a.json", "cannot write .*a.json: No such file or directory"),
        (replace(MADE, asn_id="../x"), ".", "cannot be the name of a file; give the file a name of its own"),
        (MADE, "dangling", "exists with other content"),
    ],
)
def test_what_cannot_be_saved(made: Association, path: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=problem):
        made.save(tmp_path / path)
    assert [each.name for each in tmp_path.iterdir()] == ["dangling"]
