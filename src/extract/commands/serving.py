"""What `extract serve` does: the review desk of a folder, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.commands import DONE, say
from extract.errors import ExtractError, OutputError

if TYPE_CHECKING:
    from starlette.applications import Starlette

ENDING = 3  # seconds that open requests get when the desk ends
_ALL = frozenset({"0.0.0.0", "::"})  # every address of the machine


def serve_desk(args: argparse.Namespace) -> int:
    """`extract serve`: hold the folder, print the address and answer until Ctrl-C."""
    import threading

    import uvicorn

    token = _token(args)
    with _listening(args.host, args.port) as listener:
        app = _make_app(args, token)
        try:
            address = _address(args.host, listener.getsockname()[1], token)
            say(f"review desk of {args.folder}: {address} (Ctrl-C ends it)")
            if args.open:
                threading.Thread(target=_open, args=(address,), daemon=True).start()
            config = uvicorn.Config(
                app,
                lifespan="on",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=ENDING,
            )
            with contextlib.suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(sockets=[listener])
        finally:
            app.state.desk.workspace.close()
    return DONE


def _make_app(args: argparse.Namespace, token: str | None) -> Starlette:
    from extract.batch.outcomes import Limits, Options
    from extract.web.app import create_app
    from extract.web.security import LOOPBACK

    options = Options(ocr=args.ocr, password=args.password)
    names = {*LOOPBACK, args.host, *args.name}
    if args.host in _ALL:
        names |= {socket.gethostname(), socket.getfqdn()}
    app = create_app(
        args.folder,
        token=token,
        allowed_hosts=names,
        any_address=args.host in _ALL,
        max_upload=args.max_upload,
        options=options,
        limits=Limits.of(options, timeout=args.timeout, max_memory=args.memory),
    )
    app.state.desk.workspace.viewer.warm()
    return app


def _token(args: argparse.Namespace) -> str | None:
    """The token that is asked for: none on this machine alone unless it was named, else one in any case."""
    import secrets

    from extract.web.security import is_loopback
    from extract.web.sessions import MIN_TOKEN

    token: str | None = args.token
    if token is None:
        return None if is_loopback(args.host) else secrets.token_urlsafe(24)
    if len(token) < MIN_TOKEN or not token.isprintable() or token != token.strip():
        raise ExtractError(
            f"--token: a token has at least {MIN_TOKEN} printable characters, none of them a space at an end"
        )
    return token


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that waits for requests; OutputError where the port is taken or the host is not here."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise OutputError(f"--host {host}: {error.strerror or error}") from error
    with socket.socket(family, kind, protocol) as listener:
        try:
            if socket.has_dualstack_ipv6() and host == "::":
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(128)
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(
                f"port {port} of {host} cannot be used: {reason[0].lower()}{reason[1:]}; choose another with --port"
            ) from error
        yield listener


def _address(host: str, port: int, token: str | None) -> str:
    from urllib.parse import quote

    name = socket.gethostname() if host in _ALL else host
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}/" + (f"?token={quote(token, safe='')}" if token else "")


def _open(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        say(f"no browser found; open {address} yourself")
