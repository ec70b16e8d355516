"""Folders in which commands are run: pools, rules, results and associations, right and wrong ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.simulated_files import rows_of, write
from rules import MISSION
from rules.level2_base import DMSLevel2bBase
from solver import from_list
from solver.app.cli import main

#: Four images of two observations, an acquisition, and an exposure that no rule takes.
POOL = """\
FILENAME|PROGRAM|OBS_NUM|VISIT|INSTRUME|DETECTOR|EXP_TYPE|TARGETID|TARGPROP|PNTGTYPE|SUBARRAY|FILTER|ASN_CANDIDATE
a1_uncal.fits|1|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]
a2_uncal.fits|1|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o001', 'OBSERVATION'), ('c1000', 'GROUP')]
b1_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F770W|[('o002', 'OBSERVATION'), ('c1000', 'GROUP')]
b2_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_IMAGE|1|M 31|SCIENCE|FULL|F560W|[('o002', 'OBSERVATION'), ('c1000', 'GROUP')]
t_uncal.fits|1|2|1|MIRI|MIRIMAGE|MIR_TACQ|1|M 31|TARGET_ACQUISITION|FULL|FND|[('o002','OBSERVATION'), ('c1000','GROUP')]
x_uncal.fits|1|3|1|NIRCAM|NRCA1|NRC_LED|NULL|NULL|SCIENCE|FULL|NULL|NULL
"""

#: One exposure of which everything is given.
WHOLE = """\
FILENAME|PROGRAM|OBS_NUM|VISIT|VISITGRP|SEQ_ID|ACT_ID|EXPOSURE|INSTRUME|EXP_TYPE|TARGETID|PNTGTYPE|SUBARRAY|FILTER|\
DETECTOR|ASN_CANDIDATE
a|1|1|1|1|1|1|1|MIRI|MIR_IMAGE|1|SCIENCE|FULL|F1|MIRIMAGE|[('o001', 'OBSERVATION')]
"""

#: A rule of a user.
MINE = '''\
from rules.level3_base import AsnMixin_Base, AsnMixin_CrossCandidate, DMS_Level3_Base
from rules.naming import FIELDS
from rules.vocabulary import at_least, has, one_of, present, product_name, same, within


class Asn_Mine(AsnMixin_Base, DMS_Level3_Base):
    """Images of mine."""

    asn_type = "mine3"
    constraints = (one_of("exp_type", "mir_image"), same("targetid"))
'''

#: Rules that also combine candidates: one that finds groups, one whose groups lack something, one without exposures.
THREE = (
    MINE.replace("AsnMixin_Base, DMS_Level3_Base)", "AsnMixin_CrossCandidate, AsnMixin_Base, DMS_Level3_Base)")
    + '''

class Asn_Lacks(Asn_Mine):
    """No."""

    constraints = (has("psf"), at_least(9))


class Asn_Unused(Asn_Mine):
    """None."""

    constraints = (present("band"),)
'''
)

#: A rule with names of its own.
NAMED = MINE.replace(
    "constraints = (",
    'product_name = product_name("mine-{candidate}", FIELDS)\n    constraints = (one_of("filter", "f1500w"), ',
)

#: A rule that `verify` finds something in.
DEEP = '''\
"""Rules of mine."""

from rules.level3 import AsnMixin_Base, AsnMixin_Image, AsnMixin_OpticalPath, DMS_Level3_Base
from rules.vocabulary import one_of, same
from rules.vocabulary.intentions import overlap, spare


class Asn_Deep(AsnMixin_Image, AsnMixin_OpticalPath, AsnMixin_Base, DMS_Level3_Base):
    """MIRI images of one target at 25 micrometres."""

    constraints = (one_of("exp_type", "mir_image"), one_of("filter", "f2550w", "f2550wr"), same("targetid"))
'''

DECLARED = """

INTENDED = (
    spare("Asn_Deep", one_of("exp_type", "mir_image"), because="it is told so"),
    overlap("Asn_Deep", "Asn_Lv3Image", because="these are combined once more"),
    overlap("Asn_Deep", "Asn_Lv3ImageMosaic", because="these are combined once more"),
    overlap("Asn_Deep", "Asn_Lv3TSO", because="these are combined once more"),
)
"""

#: Text that would steer a terminal.
EVIL = "\x1b]0;owned\x07\x1b[31m"


#: An association that was edited by hand, and one as they were once written.
TRAILING = """\
{"asn_type": "image3", "products": [{"name": "deep", "members": [
   {"expname": "a_cal.fits", "exptype": "science"},
]}]}
"""
YAML = """\
asn_type: image3
products:
- name: deep
  members:
  - {expname: a_cal.fits, exptype: science}
"""


def put(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change an association file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def pool(folder: Path) -> None:
    """Pools and rules."""
    repeated = "A1_uncal.fits|2|1|1|MIRI|MIRIMAGE|MIR_IMAGE|1|X|SCIENCE|FULL|F770W|NULL\n"
    evil = POOL.replace("a1_uncal", f"{EVIL}a1_uncal").replace("M 31", f"{EVIL}M31").replace("NRC_LED", EVIL)
    put(folder, {
        "pool.csv": POOL,
        "whole.csv": WHOLE,
        "twice.csv": POOL + repeated,
        "bad.csv": "a|b\n",
        "evil.csv": evil,
        "worse.csv": f"{EVIL}x\n",
        "mine.py": MINE,
        "three.py": THREE,
        "named.py": NAMED,
        "wrong.py": MINE.replace('"targetid"', '"targettid"'),
        "empty.py": "",
    })  # fmt: skip


def results(folder: Path) -> None:
    """A pool with its associations, right in `out` and `merged`, and others with something wrong in them."""
    put(folder, {"pool.csv": POOL, "mine.py": MINE})
    main(["generate", "pool.csv", "-p", "out"])
    main(["generate", "pool.csv", "-p", "merged", "--merge"])
    main(["generate", "pool.csv", "-p", "own", "-r", "mine.py", "--ignore-default"])
    main(["generate", "pool.csv", "--archive", "all.jsonl"])
    for name in ("wrong", "unknown", "many", "evil"):
        shutil.copytree(folder / "out", folder / name)
    group, of_one = (f"jw00001-{each}_asn.json" for each in ("c1000_image3_00001", "o001_image2_00001"))

    def exchange(data: dict[str, Any]) -> None:
        data["products"][0]["members"][0]["expname"] = "b2_cal.fits"

    def change(data: dict[str, Any]) -> None:
        data["target"] = "t999"
        data["products"][0]["members"].pop()

    def note(data: dict[str, Any]) -> None:
        first, second = data["products"][0]["members"][:2]
        first.update(exposerr="lost lock", group_id=2)
        second.update(asn_candidate=None, tweakreg_catalog="x/a.ecsv")

    edit(folder / "wrong" / group, exchange)
    (folder / "wrong" / of_one).unlink()
    (folder / "wrong" / "bad_asn.json").write_text("{", encoding="utf-8")
    edit(folder / "unknown" / group, lambda data: data.update(asn_rule="Asn_Unknown"))
    for number in range(30, 60):
        shutil.copy(folder / "out" / of_one, folder / "many" / f"jw00001-o001_image2_{number:05d}_asn.json")
    edit(folder / "evil" / group, lambda data: data.update(target="\x1b[31m"))
    for name, how in (("changed", change), ("noted", note)):
        shutil.copy(folder / "out" / group, folder / f"{name}_asn.json")
        edit(folder / f"{name}_asn.json", how)
    (folder / "empty").mkdir()
    (folder / "a1_rate.fits").touch()
    (folder / "planned").mkdir()
    shutil.copy(folder / "out" / of_one, folder / "planned")
    (folder / "planned" / "a1_rate.fits").touch()


def rules(folder: Path) -> None:
    """Rules to verify, and files that are none."""
    changed = DEEP.replace('"f2550w", "f2550wr"', '"f2550w"').replace("25 micrometres", "25.5 micrometres")
    put(folder, {
        "mine.py": DEEP,
        "declared.py": DEEP + DECLARED,
        "new.py": changed,
        "pool.csv": POOL,
        "broken.py": "(",
        "uses.py": "import sys\n\nsys.path.insert(0, '.')\nimport broken\n",
        "wrong.py": f"{DEEP}\n\nINTENDED = ('overlap',)\n",
    })  # fmt: skip


def exposures(folder: Path) -> None:
    """Exposures as files, with a pool of them, and files that are not used."""
    write(folder / "data", rows_of("mrs"), ["rate"])
    for name in ("empty", "other"):
        (folder / name).mkdir()
    put(folder, {"more/broken_rate.fits": "no FITS file", "more/jw01001-o001_t001_miri_ch1_s3d.fits": ""})
    for number in range(30):
        put(folder, {f"many/{number:02d}.fits": ""})
    main(["pool", "data", "-o", "pool.csv"])


def associations(folder: Path) -> None:
    """An association of each level, and files."""
    three = from_list(["a_cal.fits", "b_cal.fits", ("s_cal.fits", "background")], product_name="deep")
    two = from_list(["a_rate.fits", "b_rate.fits", ("s_rate.fits", "background")], DMSLevel2bBase)
    evil = {"products": [{"name": "p\x1b[2J", "members": [{"expname": "a\n.fits", "exptype": "science"}]}]}
    put(folder, {
        "l3_asn.json": three.to_json(),
        "l2_asn.json": two.to_json(),
        "l1_asn.json": from_list(["x.fits"], product_name="p").to_json(),
        "evil_asn.json": json.dumps(evil),
        "l0_asn.json": from_list(["a_cal.fits"], product_name="q").to_json(),
        "c_cal.fits": "",
        "far/d_cal.fits": "",
        "trailing_asn.json": TRAILING,
        "old_asn.yaml": YAML,
    })  # fmt: skip


def shown(folder: Path) -> None:
    """Associations of which some members are there, and of one something is odd."""
    three = from_list(
        ["a_cal.fits", "b_cal.fits", ("t.fits", "target_acquisition")],
        MISSION.find("Asn_Lv3Image"),
        product_name="deep",
    )
    two = from_list(["a_rate.fits", "b_rate.fits", ("s_rate.fits", "background")], MISSION.find("Asn_Lv2Image"))
    evil = {"products": [{"name": "[red]p\x1b[2J", "members": [{"expname": "a\n\x07.fits", "exptype": "x\t"}]}]}
    lost = json.loads(three.to_json())
    for member, error in zip(lost["products"][0]["members"], ("lost lock", "null", None), strict=True):
        member["exposerr"] = error
    put(folder, {
        "l3_asn.json": three.to_json(),
        "l2_asn.json": two.to_json(),
        "odd/[l]3_asn.json": three.to_json(),
        "odd/evil_asn.json": json.dumps(evil),
        "odd/lost_asn.json": json.dumps(lost),
        "all/l3_asn.json": three.to_json(),
        "all/a_cal.fits": "",
        "all/b_cal.fits": "",
        "all/t.fits": "",
        "a_cal.fits": "",
    })  # fmt: skip


def lists(folder: Path) -> None:
    """Texts that name files."""
    put(folder, {
        "list.txt": "# what I have\na.fits\n\nb.fits  background  # sky\nc.fits\tPSF\n",
        "long.txt": "a.fits\na.fits background sky\n",
        "odd.txt": "a.fits\nb.fits bkg\n",
        "mine.py": MINE,
        **dict.fromkeys(("a_cal.fits", "b_cal.fits", "s_cal.fits", "t_cal.fits", "p_cal.fits"), ""),
        **dict.fromkeys(("a_rate.fits", "b_rate.fits", "sky.fits"), ""),
        **dict.fromkeys(("jw01234001001_02101_00001_nrca1_cal.fits", "jw05678001001_02101_00001_nrca1_cal.fits"), ""),
    })  # fmt: skip


def gathered(folder: Path) -> None:
    """Two associations that share a background, which is in another folder; a third lacks its members.

    A fourth names a catalog, and an identical copy of a member.
    """
    put(folder, {name: name for name in ("a.fits", "b.fits", "sky/s.fits", "file")})
    for letter in "abc":
        sky = "sky/t.fits" if letter == "c" else "sky/s.fits"
        made = from_list([f"{letter}.fits", (sky, "background")], product_name=letter)
        (folder / f"{letter}_asn.json").write_text(made.to_json())
    put(folder, {"copy/a.fits": "a.fits", "cats/a.ecsv": "", "changed/a.fits": "other"})
    for name in ("copy", "changed"):
        content = from_list([f"{name}/a.fits"], product_name="d").to_dict()
        content["products"][0]["members"][0].update(tweakreg_catalog="cats/a.ecsv", group_id="b.txt")
        (folder / f"{name}_asn.json").write_text(json.dumps(content))


SCENES: Mapping[str, Callable[[Path], None]] = {
    each.__name__: each for each in (pool, results, rules, exposures, associations, shown, lists, gathered)
}
