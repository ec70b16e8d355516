"""The server of the workbench: each request is one call of the session. It answers only whoever has the address."""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from solver.errors import AsnsolveError
from solver.reports import page, static_file
from solver.workbench.session import Session, Step

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

#: Names of this machine for itself. Any other host would be a site that resolves its own name to this address.
_HERE = ("127.0.0.1", "localhost")

#: Nothing is kept, embedded, or passed on to other sites.
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


#: The calls of the page, each with the query of its address and the text that it sends. A call that returns nothing is
#: answered with the view.
_CALLS: Mapping[tuple[str, str], Callable[[Session, Mapping[str, str], bytes], object]] = {
    ("GET", "state"): lambda session, *_: {"revision": session.revision, "stale": session.is_stale()},
    ("GET", "view"): lambda *_: None,
    ("GET", "explain"): lambda session, asked, _: session.explain(asked.get("exposure", ""), asked.get("association")),
    ("POST", "step"): lambda session, _, sent: session.take(msgspec.json.decode(sent, type=Step)),
    ("POST", "undo"): lambda session, *_: session.undo(),
    ("POST", "reload"): lambda session, *_: session.reload(),
}


def application(session: Session, token: str) -> ASGIApp:
    """The server as an ASGI application, below `/TOKEN/`."""
    from starlette.applications import Starlette
    from starlette.datastructures import Headers
    from starlette.responses import HTMLResponse, PlainTextResponse, Response
    from starlette.routing import Route

    async def show(_: Request) -> Response:
        live, style = (static_file(f"workbench.{kind}", "solver.workbench") for kind in ("js", "css"))
        return HTMLResponse(page(session.contents, live=live, style=style), headers=_HEADERS)

    async def answer(request: Request) -> Response:
        call, asked = _CALLS.get((request.method, request.path_params["name"])), request.query_params
        last = asked.get("since") == "last"
        try:
            answered = call(session, asked, await request.body()) if call else None
            content, status = answered or (session.view(last=last) if call else None), 200 if call else 404
        except (AsnsolveError, OSError, msgspec.DecodeError) as error:
            content, status = {"error": str(error)}, 400
        return Response(msgspec.json.encode(content), status, _HEADERS, "application/json")

    made = Starlette(routes=[Route(f"/{token}/", show), Route(f"/{token}/{{name}}", answer, methods=["GET", "POST"])])

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        known = secrets.compare_digest(scope["path"].encode().split(b"/")[1], token.encode())
        if known and host.partition(":")[0] in _HERE and origin in {None, f"http://{host}"}:
            await made(scope, receive, send)
        else:
            why = "This page answers only at the address that asnsolve open prints.\n"
            await PlainTextResponse(why, 403, _HEADERS)(scope, receive, send)

    return guarded


def serve(session: Session, ready: Callable[[str], object]) -> None:
    """Answer requests until a signal ends the process.

    Args:
        session: the session.
        ready: called with the address, once it answers.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(f"http://127.0.0.1:{here.getsockname()[1]}/{token}/")  # from now on signals are handled, too

    token = secrets.token_urlsafe(16)
    with socket.create_server(("127.0.0.1", 0)) as here:
        how: dict[str, Any] = {"lifespan": "off", "ws": "none", "log_level": "warning", "access_log": False}
        server = Server(uvicorn.Config(application(session, token), timeout_graceful_shutdown=1, **how))
        if (closed := getattr(signal, "SIGHUP", None)) and signal.getsignal(closed) is not signal.SIG_IGN:
            signal.signal(closed, server.handle_exit)  # an exception would be lost in the answer to a request
        server.run(sockets=[here])
