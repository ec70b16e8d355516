"""One table of exit codes: 0 done; 1 done, and something to look at; 2 refused, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from solver.app.cli import main
from tests.cli.recorder import state

#: Scenes, and by exit code the commands that have it there.
CODES: dict[str, dict[int, tuple[str, ...]]] = {
    "lists": {
        0: ("from-list a_cal.fits -o x.json --product-name p", "from-list ?_rate.fits -r DMSLevel2bBase -o x.json"),
        1: (
            "from-list x_cal.fits -o x.json --product-name p",
            "from-list a_rate.fits -o x.json --product-name p",
            "from-list a_cal.fits -r DMSLevel2bBase -o x.json",
        ),
        2: ("from-list x*.fits -o x.json --product-name p", "from-list a_cal.fits -o x.json"),
    },
    "associations": {
        0: (
            "edit l2_asn.json l3_asn.json -r s_*",
            "edit l3_asn.json --suffix crf",
            "edit l0_asn.json -r a_cal.fits --delete-empty",
            "compare l3_asn.json l3_asn.json",
            "show l3_asn.json",
        ),
        1: ("compare l2_asn.json l3_asn.json", "show --exists l3_asn.json", "plan l3_asn.json"),
        2: (
            "edit l2_asn.json l3_asn.json -r s_* a_cal.fits b_cal.fits",
            "edit l0_asn.json l3_asn.json -r a_cal.fits",
            "edit l3_asn.json trailing_asn.json --suffix crf",
            "compare l3_asn.json old_asn.yaml",
            "show none_asn.json",
            "plan l2_asn.json -o l3_asn.json",
        ),
    },
    "gathered": {0: ("gather a_asn.json copy_asn.json new",), 2: ("gather a_asn.json changed_asn.json new",)},
    "results": {
        0: (
            "plan planned -o plan.sh",
            "compare out out",
            "extract all.jsonl -p new",
            "check pool.csv out",
            "status out",
        ),
        1: ("status unknown", "plan out", "plan own -o own.sh", "compare out own", "check pool.csv wrong"),
        2: (
            "plan empty -o plan.sh",
            "status empty",
            "status pool.csv",
            "open empty",
            "open pool.csv --exclude o099",
            "open pool.csv --without Asn_Nope",
            "plan all.jsonl",
            "compare out empty",
            "extract all.jsonl --program 9 -p new",
        ),
    },
}
CASES = [(scene, line, code) for scene, codes in CODES.items() for code, lines in codes.items() for line in lines]


@pytest.mark.parametrize(("scene", "line", "code"), CASES, ids=[line for _, line, _ in CASES])
def test_a_code_has_one_meaning(
    scene: str, line: str, code: int, enter: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = enter(scene)
    before = state(folder)
    assert main(line.split()) == code
    out, err = capsys.readouterr()
    if code == 2:
        assert (out, err.count("\n"), state(folder)) == ("", 1, before)
    else:
        assert ": error: " not in err
