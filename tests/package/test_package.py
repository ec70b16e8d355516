"""What is installed is whole: wheel and source distribution, built and used away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from solver.version import __version__

ROOT = Path(__file__).parents[2]
POOL = ROOT / "benchmarks" / "demo_pool.csv"

#: What a user of the library writes.
CLIENT = """\
from collections.abc import Sequence

from solver import Association, Pool, generate

pool: Pool = Pool.read("pool.csv")
made: Sequence[Association] = generate(pool, candidates=["o001"]).associations
names: list[str] = [product.name for association in made for product in association.products]
print(len(pool), len(names))
"""


@dataclass(frozen=True)
class Installed:
    """The distributions, and a Python that has the wheel and our dependencies, but not the checkout."""

    wheel: Path
    sdist: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


def run(*arguments: str | Path, folder: Path) -> str:
    """Run a command in a folder, with nothing of ours in its environment; give what it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sources(*tops: str) -> set[str]:
    """The files of the checkout below these folders, without what running them leaves behind."""
    every = (path for top in tops for path in (ROOT / top).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in every if path.suffix != ".pyc"}
    return {name for name in names if not any(part.startswith(".") for part in name.split("/"))}


pytestmark = pytest.mark.xdist_group("package")  # one installation takes twenty seconds


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("package")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", ROOT, folder=folder)
    (wheel,), (sdist,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
    venv.create(folder / "fresh")
    made = Installed(wheel, sdist, folder / "fresh")
    pip = (sys.executable, "-m", "pip", "--python", made.python, "install")  # another pip takes as long as all else
    run(*pip, "--quiet", "--no-deps", "--no-index", wheel, folder=folder)
    # a folder that is named here is searched, but what is installed in it as editable is not followed
    (site,) = made.folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return made


def test_the_wheel_has_all_that_the_packages_have_and_nothing_else(installed: Installed) -> None:
    files = set(zipfile.ZipFile(installed.wheel).namelist())
    ours = {name for name in files if name.startswith(("asnsolve/", "rules/", "solver/"))}
    assert ours == sources("asnsolve", "rules", "solver")
    assert {name.split("/")[0] for name in files - ours} == {f"asnsolve-{__version__}.dist-info"}


def test_what_is_installed_generates_the_same_files_anywhere(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "pool.csv").write_bytes(POOL.read_bytes())
    run(installed.folder / "bin" / "asnsolve", "generate", "pool.csv", "-p", "installed", folder=tmp_path)
    checkout = (
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from solver.app.cli import main; sys.exit(main())",
    )
    run(sys.executable, *checkout, "generate", "pool.csv", "-p", "checkout", folder=tmp_path)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).glob("*_asn.json")}
        for name in ("installed", "checkout")
    )
    assert len(one) > 70
    assert one == other


def test_what_is_installed_draws_its_report(installed: Installed, tmp_path: Path) -> None:
    run(installed.folder / "bin" / "asnsolve", "report", POOL, "-o", "report.html", folder=tmp_path)
    assert len((tmp_path / "report.html").read_text(encoding="utf-8")) > 100_000


@pytest.mark.thorough
def test_strict_type_checkers_follow_what_is_installed(installed: Installed, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "client.py").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "pool.csv").write_bytes(POOL.read_bytes())
    checked = run(
        sys.executable, "-m", "mypy", "--strict", "--python-executable", installed.python, "client.py", folder=tmp_path
    )
    assert checked == "Success: no issues found in 1 source file\n"
    assert run(installed.python, "client.py", folder=tmp_path).split()[0] == "74"


@pytest.mark.thorough
def test_the_tests_run_from_the_source_distribution(installed: Installed, tmp_path: Path) -> None:
    with tarfile.open(installed.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    names = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert sources("asnsolve", "benchmarks", "changes", "rules", "solver", "tests") <= names
    assert {"LICENSE", "Makefile", "README.md", "pyproject.toml"} <= names
    some = ("tests/unit/test_architecture.py", "tests/unit/rules", "tests/unit/solving/test_generation.py")
    told = run(installed.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *some, folder=unpacked)
    assert " passed" in told
