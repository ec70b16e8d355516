"""The server: each request is a call of the session, and nobody without the address is answered."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from solver import Pool
from solver.app.cli import main
from solver.workbench import Session, Step, application
from tests.unit.workbench.test_session import LINK, OUT, ROWS, session

pytest.importorskip("uvicorn", reason="the server is not installed: pip install 'asnsolve[workbench]'")
testclient = pytest.importorskip("starlette.testclient", reason="httpx is not installed: pip install 'asnsolve[test]'")

HOST = "http://127.0.0.1:8000"


@pytest.fixture
def opened() -> Session:
    return session()


@pytest.fixture
def client(opened: Session) -> Any:
    return testclient.TestClient(application(opened, "t0ken"), base_url=f"{HOST}/t0ken")


def shown(of: Session, *, last: bool = False) -> Any:
    return json.loads(msgspec.json.encode(of.view(last=last)))


def test_each_request_is_a_call_of_the_session(client: Any, opened: Session) -> None:
    other = session()
    assert client.get("view").json() == shown(other)
    other.take(Step(add=LINK))
    assert client.post("step", json={"add": LINK}).json() == shown(other)
    other.take(Step(add=OUT))
    added = client.post("step?since=last", json={"add": OUT})
    assert added.json() == shown(other, last=True)
    assert client.get("explain", params={"exposure": ROWS[0]["filename"]}).json() == json.loads(
        msgspec.json.encode(other.explain(ROWS[0]["filename"]))
    )
    other.undo()
    assert client.post("undo").json() == shown(other)
    other.reload()
    assert client.post("reload").json() == shown(other)
    assert client.get("state").json() == {"revision": opened.revision, "stale": False}


def test_the_page_is_never_kept_or_embedded_and_asks_only_its_server(client: Any) -> None:
    answer = client.get("")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "connect-src &#39;self&#39;" in answer.text or "connect-src 'self'" in answer.text
    assert "The workbench" in answer.text


def test_the_script_never_makes_elements_from_texts() -> None:
    text = resources.files("solver.workbench").joinpath("static", "workbench.js").read_text(encoding="utf-8")
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc", text)


@pytest.mark.parametrize(
    ("path", "content", "code", "message"),
    [
        ("step", b'{"add": "--background o9"}', 400, "no exposure belongs to observation o9"),
        ("step", b'{"add": 1}', 400, "Expected `str`, got `int` - at `$.add`"),
        ("step", b'{"choices": {"level": "4"}}', 400, "Invalid enum value '4'"),
        ("step", b'{"choices": {"rules": ["x.py"]}}', 400, "unknown field `rules`"),
        ("step", b"{", 400, "Input data was truncated"),
        ("step", b"\xff\xfe", 400, "malformed"),
        ("view", b"", 404, ""),
        ("nope", b"", 404, ""),
    ],
)
def test_what_cannot_be_done_is_a_sentence(path: str, content: bytes, code: int, message: str, client: Any) -> None:
    answer = client.post(path, content=content)
    assert answer.status_code == code
    assert message in (answer.json() or {"error": ""})["error"]
    assert client.get("state").json() == {"revision": 1, "stale": False}


def test_reading_changes_nothing(client: Any) -> None:
    for name in ("step", "undo", "reload"):
        assert client.get(name).status_code == 404
    assert client.get("explain").status_code == 400
    assert client.get("state").json() == {"revision": 1, "stale": False}


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/", {}),
        ("/t0ken2/state", {}),
        ("/t0ke/state", {}),
        ("/%74/state", {}),
        ("/t0k\N{LATIN SMALL LETTER E WITH ACUTE}n/state", {}),
        ("//t0ken/state", {}),
        ("/t0ken/state", {"Host": "evil.example:8000"}),
        ("/t0ken/state", {"Host": "127.0.0.1.evil.example"}),
        ("/t0ken/state", {"Origin": "http://evil.example"}),
        ("/t0ken/state", {"Origin": "null"}),
        ("/t0ken/state", {"Origin": "http://127.0.0.1:8001"}),
        ("/t0ken/state", {"Origin": "http://localhost:8000"}),
        ("/t0ken/state", {"Origin": ""}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_others_are_refused(method: str, address: str, headers: dict[str, str], opened: Session) -> None:
    client = testclient.TestClient(application(opened, "t0ken"), base_url=HOST)
    answer = client.request(method, f"{HOST}{address}", headers=headers)
    assert (answer.status_code, answer.text[:9]) == (403, "This page")
    assert "access-control-allow-origin" not in answer.headers
    assert client.get("/t0ken/state").json() == {"revision": 1, "stale": False}


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1:8000", "127.0.0.1"])
def test_a_tunnel_may_have_another_port(host: str, client: Any) -> None:
    assert client.get("state", headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200


# --- The process ----------------------------------------------------------------------------------


class Process:
    """`asnsolve open` on the small pool."""

    def __init__(self, folder: Path) -> None:
        (folder / "pool.csv").write_text(Pool.from_rows(ROWS).to_text(), encoding="utf-8")
        words = [sys.executable, "-m", "asnsolve", "open", "pool.csv", "--no-browser"]
        pipe = subprocess.PIPE
        before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who started the tests may ignore it
        self.process = subprocess.Popen(words, cwd=folder, text=True, stdout=pipe, stderr=pipe)
        signal.signal(signal.SIGHUP, before)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]

    def get(self, name: str) -> Any:
        found = urlsplit(self.address)
        with closing(HTTPConnection(found.netloc, timeout=20)) as connection:
            connection.request("GET", f"{found.path}{name}")
            return json.loads(connection.getresponse().read())


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [(signal.SIGINT, 0, ""), (signal.SIGTERM, 143, "asnsolve open: ended by SIGTERM\n"), (signal.SIGHUP, 0, "")],
)
def test_it_ends_with_the_terminal(number: signal.Signals, code: int, message: str, tmp_path: Path) -> None:
    bench = Process(tmp_path)
    assert bench.address.startswith("http://127.0.0.1:")
    assert bench.get("state") == {"revision": 1, "stale": False}
    bench.process.send_signal(number)
    assert bench.process.communicate(timeout=20)[1] == message
    assert bench.process.returncode == code
    with pytest.raises(ConnectionRefusedError):
        bench.get("state")


@pytest.mark.parametrize("library", ["starlette", "uvicorn"])
def test_what_is_not_installed_is_named(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, library, None)
    assert main(["open", "pool.csv"]) == 2
    needed = f"asnsolve open needs {library}, which is not installed; run: pip install 'asnsolve[workbench]'"
    assert capsys.readouterr().err == f"asnsolve open: error: {needed}\n"
