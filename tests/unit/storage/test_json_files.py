"""Association files as they are written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from solver.errors import AssociationError
from solver.storage.json_files import content_text, read_content

TEXT = """\
{
    "other": [
        1.5,
        null
    ],
    "products": [
        {
            "members": [
                {
                    "exptype": "science",
                    "expname": "\\u00fc.fits"
                }
            ]
        }
    ]
}
"""


def test_what_is_read_is_written_with_its_order(tmp_path: Path) -> None:
    file = tmp_path / "x_asn.json"
    file.write_text(TEXT)
    content = read_content(file)
    assert [*content] == ["other", "products"]
    assert content_text(content) == TEXT


YAML = """\
asn_type: image3
asn_id: a3001
products:
- name: deep
  members:
  - {expname: a_cal.fits, exptype: science}
"""


def test_the_command_in_the_message_makes_json_of_yaml(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    file = tmp_path / "a b.yaml"
    file.write_text(YAML)
    with pytest.raises(AssociationError) as error:
        read_content(file)
    _, _, command = str(error.value).partition("all pipelines read: python ")
    subprocess.run(["/bin/sh", "-c", f"{sys.executable} {command}"], check=True)
    assert read_content(tmp_path / "a b.json")["products"][0]["name"] == "deep"


#: File name, text, and the whole message.
WRONG: dict[str, tuple[str, bytes | None, str]] = {
    "not there": ("x_asn.json", None, "HERE/x_asn.json cannot be read: No such file or directory"),
    "no text": (
        "x_asn.json",
        b"\xff",
        "HERE/x_asn.json cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ),
    "no association": ("x_asn.json", b"{}", "HERE/x_asn.json is not an association: there is no `products`"),
    "an archive": (
        "x.jsonl",
        b"{}",
        "HERE/x.jsonl is an archive; write its associations as files first, with asnsolve extract",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), WRONG.values(), ids=WRONG)
def test_files_that_cannot_be_read_are_reported(tmp_path: Path, name: str, text: bytes | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text)
    with pytest.raises(AssociationError) as error:
        read_content(tmp_path / name)
    assert str(error.value) == message.replace("HERE", str(tmp_path))
