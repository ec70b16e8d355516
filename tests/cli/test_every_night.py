"""What docs/how-to/every-night.md shows runs as it stands there, with a stand-in for the command of the pipeline."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import simulated_files
from tests.unit.storage.test_plans import STRUN

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "every-night.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def block(name: str) -> str:
    """The file of this name, as the page has it."""
    (text,) = (text for _, text in BLOCKS if f"# {name}\n" in text)
    return str(text)


class Place:
    """A home with downloaded files in `~/jwst`, and the commands that a night needs."""

    def __init__(self, home: Path) -> None:
        self.folder, self.bin, self._log = home / "jwst", home / "bin", home / "strun.txt"
        simulated_files.main(str(self.folder / "mastDownload"))
        self.bin.mkdir()
        self.put("strun", f"#!{sys.executable} -IS\n{STRUN.format(log=str(self._log))}")
        self.put("asnsolve", f'#!/bin/sh\nexec "{sys.executable}" -m asnsolve "$@"\n')
        self.put("python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        self.environment = {
            "HOME": str(home), "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)
        }  # fmt: skip

    def put(self, name: str, text: str) -> None:
        """Make a command."""
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in `~/jwst`."""
        return subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    def pipelines(self) -> int:
        """Number of pipelines that ran since the last time."""
        found = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return len(found)

    def logged(self) -> list[dict[str, object]]:
        """The objects of the log."""
        return [json.loads(line) for line in (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]

    def hide(self) -> Callable[[], object]:
        """Take a downloaded exposure of the target away; gives what brings it back, as new."""
        (one,) = self.folder.glob("mastDownload/JWST/jw01001001001_03102_00002_mirifulong")
        aside = self.folder.parent / one.name
        one.rename(aside)

        def arrive() -> None:
            aside.rename(one)
            for path in (*one.iterdir(), one.parent, self.folder / "mastDownload"):
                path.touch()

        return arrive


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home of its own."""
    if shutil.which("make") is None or os.name == "nt":
        pytest.skip("make is not installed, which runs the plan")
    return Place(tmp_path)


def write_night(place: Place, *stated: str) -> None:
    """Write the script of the night and what it runs, with what is stated in its line of `generate`."""
    if shutil.which("flock") is None:
        pytest.skip("flock is not installed, which comes with util-linux")
    (place.folder / "hints.py").write_text(block("hints.py"), encoding="utf-8")
    script = place.folder / "night.sh"
    script.write_text(block("night.sh").replace(" -p asn ", f" {' '.join([*stated, '-p', 'asn'])} "), encoding="utf-8")
    script.chmod(0o755)


def night_by_cron(place: Place) -> subprocess.CompletedProcess[str]:
    """Run the job of the crontab as cron does: by sh, with few variables."""
    (table,) = (text for kind, text in BLOCKS if kind == "text")
    path, *others, job = table.splitlines()
    assert re.fullmatch(r"PATH=(/[\w/]+:)+/bin", path)
    assert all(re.fullmatch(r"CRDS_\w+=\S+", each) for each in others)
    times, command = job.split()[:5], job.split(maxsplit=5)[5]
    assert all(each == "*" or each.isdecimal() for each in times)
    assert "%" not in command  # which would end it
    return place.run("sh", "-c", command)


def test_cron(place: Place) -> None:
    arrive = place.hide()
    (stated,) = re.findall(r"to the line of `generate`: `(--[^`]*)`", PAGE)
    write_night(place, stated)
    done = night_by_cron(place)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    first = place.pipelines()
    made = json.loads((place.folder / "night.json").read_text(encoding="utf-8"))
    assert len(made["associations"]) == first > 0
    assert [each["code"] for each in place.logged() if each["message"] == "ended"] == [0, 0]

    done = night_by_cron(place)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    assert place.pipelines() == 0

    arrive()
    assert night_by_cron(place).returncode == 0
    assert 0 < place.pipelines() < first
    assert json.loads((place.folder / "night.json").read_text(encoding="utf-8"))["changes"]["changed"]
    (place.folder / "changes.py").write_text(block("changes.py"), encoding="utf-8")
    assert re.findall(r"^(\w+) ", place.run(sys.executable, "changes.py").stdout, re.MULTILINE) == [
        "new",
        "changed",
        "changed",
    ]
    (words,) = re.findall(r"^    \$ (asnsolve .*)$", PAGE, re.MULTILINE)
    assert place.run(*words.split()).returncode == 0

    (place.folder / "mastDownload" / "bad_rate.fits").write_bytes(b"no FITS")
    done = night_by_cron(place)
    assert (done.stdout, done.returncode) == ("generate has something to look at: the messages, or night.json\n", 1)
    assert place.pipelines() == 0
    assert "skipped: " in done.stderr
    assert "bad_rate.fits" in done.stderr

    before = sorted(path.name for path in (place.folder / "asn").iterdir())
    (place.folder / "mastDownload").rename(place.folder / "away")
    done = night_by_cron(place)
    assert (done.stdout, done.returncode, place.pipelines()) == ("", 2, 0)
    assert done.stderr.startswith("asnsolve generate: error: mastDownload")
    assert sorted(path.name for path in (place.folder / "asn").iterdir()) == before


def test_a_night_that_is_skipped_says_so(place: Place) -> None:
    write_night(place)
    done = place.run("flock", "night.lock", "sh", "night.sh")
    assert (done.stdout, done.stderr, done.returncode) == ("the previous night is still running\n", "", 3)


def test_a_background_that_is_linked_to_nothing_is_reported(place: Place) -> None:
    write_night(place)
    done = place.run("sh", "night.sh")
    what = "no background candidate links o002 to science, though it is background"
    assert (done.stdout, done.stderr, done.returncode) == (f"{what} (8 exposures); add --background o002\n", "", 0)


def test_a_pipeline_that_fails_is_reported_and_tried_again(place: Place) -> None:
    write_night(place)
    good = (place.bin / "strun").read_text(encoding="utf-8")
    place.put("strun", "#!/bin/sh\necho no reference files >&2\nexit 1\n")
    done = place.run("sh", "night.sh")
    assert done.returncode == 3
    assert "no reference files" in done.stdout
    assert done.stdout.endswith("all of it is in make.txt\n")
    place.put("strun", good)
    assert place.run("sh", "night.sh").returncode == 0
    assert place.pipelines() > 0


def test_make(place: Place) -> None:
    arrive = place.hide()
    (place.folder / "Makefile").write_text(block("Makefile"), encoding="utf-8")
    assert place.run("make", "-j", "2").returncode == 0
    first, begun = place.pipelines(), len(place.logged())
    assert first > 0
    assert place.run("make").returncode == 0
    assert (place.pipelines(), len(place.logged())) == (0, begun)
    arrive()
    assert place.run("make").returncode == 0
    assert 0 < place.pipelines() < first
    assert len(place.logged()) > begun
    (place.folder / "mastDownload" / "bad_rate.fits").write_bytes(b"no FITS")
    assert place.run("make").returncode == 0


@pytest.mark.skipif(shutil.which("snakemake") is None, reason="snakemake is not installed: pip install snakemake")
def test_snakemake(place: Place) -> None:
    (place.folder / "Snakefile").write_text(block("Snakefile"), encoding="utf-8")
    for again in ((), ("--forcerun", "associations")):
        done = place.run("snakemake", "--cores", "2", *again)
        assert done.returncode == 0, done.stderr
        assert (place.pipelines() > 0) is (not again)
        assert (place.folder / "pipelines.done").exists()


def test_programs_about_the_log(place: Place) -> None:
    assert place.run("asnsolve", "generate", "mastDownload", "-p", "asn", "--log-json", "log.jsonl").returncode == 0
    for name, shown in {
        "slowest.py": r"\d+\.\d+ s\n(\w+: \d+\.\d{3} s\n){3}",
        "follow.py": r"(?s)INFO:root:0 % Asn_\w+\n.*INFO:root:solve took \d\.\d{3} s\n.*",
    }.items():
        (place.folder / name).write_text(block(name), encoding="utf-8")
        done = place.run(sys.executable, name)
        assert done.returncode == 0, done.stderr
        assert re.fullmatch(shown, done.stdout + done.stderr)


def test_a_line_of_the_log_is_as_shown(place: Place) -> None:
    (line,) = re.findall(r"^    (\{.*\})$", PAGE, re.MULTILINE)
    place.run("asnsolve", "generate", "mastDownload", "-p", "asn", "--log-json", "log.jsonl", "--log-level", "debug")
    made = place.logged()
    assert list(json.loads(line)) == next(list(each) for each in made if "stage" in each)
    fields = {each for line in made for each in line} - {"time", "level", "message", "process"}
    table = PAGE.split("| message | level | fields |")[1].split("\n\n")[0]
    assert fields == set(re.findall(r"`(\w+)`", table)) - {"begun", "ended"}
