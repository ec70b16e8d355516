"""Nothing of anybody else's is lost: a file of another kind stays, unless the user says --overwrite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.scenes import POOL
from tests.fuzz import seeds
from tests.fuzz.judging import faults
from tests.fuzz.running import ran, workplace

#: Command to the file that it would replace.
COMMANDS = {
    "generate pool.csv -p out": "out/jw00001-o001_image3_00001_asn.json",
    "generate pool.csv -p out --save-orphans orphans.csv": "out/orphans.csv",
    "generate pool.csv -p out --archive x.jsonl": "x.jsonl",
    "generate pool.csv -p out --archive x.jsonl.zst": "x.jsonl.zst",
    "generate pool.csv -p out --archive x.parquet": "x.members.parquet",
    "generate a_rate.fits -p out": "out/jw01001_pool.csv",
    "extract old.jsonl -p out": "out/jw00001-c1000_image3_00001_asn.json",
    "gather x_asn.json out": "out/x_asn.json",
    "pool a_rate.fits -o mine.csv": "mine.csv",
    "report pool.csv -o mine.html": "mine.html",
    "report pool.csv -o mine.html --svg mine.svg": "mine.svg",
    "from-list -o mine.json --product-name x a_cal.fits": "mine.json",
    "edit --product-name y x_asn.json -o mine.json": "mine.json",
    "plan x_asn.json -o mine.sh": "mine.sh",
    "rules --dot mine.dot": "mine.dot",
    "rules Asn_Lv2FGS --svg mine.svg": "mine.svg",
    "verify Asn_Lv3AMI --witness-pool mine.csv": "mine.csv",
}
MINE = b"the work of years\n"


@pytest.mark.parametrize(
    "command", [pytest.param(each, marks=pytest.mark.thorough) if "verify" in each else each for each in COMMANDS]
)
def test_a_file_of_another_kind_stays(command: str) -> None:
    """A command refuses to replace what it did not make, and with --overwrite it does; then it may do so again."""
    if "--svg" in command:
        pytest.importorskip("matplotlib.font_manager")  # it makes folders for its caches when it is first imported
    file = Path(COMMANDS[command])
    with workplace() as root:
        Path("pool.csv").write_text(POOL, encoding="utf-8")
        Path("a_rate.fits").write_bytes(seeds.headers()[0])
        Path("x_asn.json").write_bytes(seeds.associations()[0])
        Path("old.jsonl").write_bytes(seeds.archives("")[0])
        for member in ("a_cal", "a1_rate", "a1_cal", "a2_cal", "b1_cal", "t_cal", "t_rate"):
            Path(f"{member}.fits").write_bytes(b"")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(MINE)
        refused = ran(command.split(), root)
        assert (refused.code, faults(refused), file.read_bytes()) == (2, [], MINE)
        assert file.name in refused.err or file.name.replace(".members", "") in refused.err
        assert "overwrit" in refused.err
        for more in (["--overwrite"], []):
            done = ran([*command.split(), *more], root)
            assert (done.code, faults(done)) == (0, []), done.err
            assert file.read_bytes() != MINE
