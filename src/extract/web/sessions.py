"""What the desk knows of a browser: a signed cookie with the reviewer's name and the token of its forms."""

from __future__ import annotations

import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from extract.decisions.entries import MAX_NAME, NAME_SEPARATOR
from extract.errors import ExtractError

SECRET = ".desk-secret"  # in the folder of the desk
COOKIE = "extract_desk"
MAX_AGE = 30 * 24 * 3600  # seconds that a browser keeps it
MIN_TOKEN = 12  # characters of a token that a user chooses
_BYTES = 32


class NameRefusedError(ExtractError):
    """A name that nobody can have."""


def signing_key(folder: Path, token: str | None) -> str:
    """What cookies are signed with: a secret made once for the folder, and the token, so that a new one ends sessions.

    Where the secret cannot be kept, sessions end with the server.
    """
    secret = _kept_secret(folder / SECRET) or secrets.token_hex(_BYTES)
    return hmac.new(secret.encode(), (token or "").encode(), "sha256").hexdigest()


def form_token(request: Request) -> str:
    """The secret that forms and scripts of this session send along."""
    token = request.session.get("csrf")
    if not isinstance(token, str):
        token = request.session["csrf"] = secrets.token_urlsafe(_BYTES)
    return token


def let_in(request: Request) -> None:
    """Begin the session anew for somebody who gave the token."""
    reviewer = reviewer_of(request)
    request.session.clear()
    request.session["entered"] = True
    if reviewer:
        request.session["reviewer"] = reviewer


def reviewer_of(request: Request) -> str | None:
    """Who reviews in this browser."""
    name = request.session.get("reviewer")
    return name if isinstance(name, str) else None


def reviewer_name(given: str) -> str:
    """A reviewer's name as it is kept: 1 to 60 printable characters; raises NameRefusedError."""
    name = unicodedata.normalize("NFC", " ".join(given.split()))
    if not name:
        raise NameRefusedError("Give a name.")
    if len(name) > MAX_NAME:
        raise NameRefusedError(f"A name has at most {MAX_NAME} characters; this one has {len(name)}.")
    if not name.isprintable() or NAME_SEPARATOR in name:
        raise NameRefusedError("A name is made of printable characters, without a semicolon.")
    return name


def inner_path(given: str | None) -> str:
    """A path of this server to go on to; the start page for anything else."""
    path = given or "/"
    is_inner = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_inner and not urlsplit(path).netloc else "/"


def _kept_secret(path: Path) -> str | None:
    """The secret in a file that only its owner reads, made where there is none."""
    with suppress(OSError):
        if path.is_file() and len(kept := path.read_text(encoding="ascii", errors="replace").strip()) == 2 * _BYTES:
            return kept
        path.unlink(missing_ok=True)  # of a server that was killed while it wrote
        secret = secrets.token_hex(_BYTES)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secret)
        return secret
    return None
