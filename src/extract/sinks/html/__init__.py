"""Pages: self-contained HTML for people, and what the review desk shares with it.

Everything that comes from a document is escaped by the templates; a page carries its styles and scripts and a policy
that lets nothing else run and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extract import __version__

ASSETS = Path(__file__).parent / "assets"
_POLICY = (
    "default-src 'none'; img-src data:; style-src {styles}; script-src {scripts}; base-uri 'none'; form-action 'none'"
)
_SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def make_environment(*folders: Path) -> Environment:
    """Templates in some folders, then the shared ones; names that are not given are errors."""
    environment = Environment(
        loader=FileSystemLoader([*folders, ASSETS]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["program"] = f"extract {__version__}"
    environment.filters["script_json"] = script_json
    environment.globals["later"] = later
    return environment


@cache
def _environment() -> Environment:
    return make_environment()


def render_page(template: str, *, styles: Sequence[str], scripts: Sequence[str], **context: Any) -> str:
    """A self-contained page: a template with the assets that it needs written into its head."""
    return _environment().get_template(template).render(head=_inline(styles, scripts), **context)


def render_part(template: str, **context: Any) -> Markup:
    """A piece of a page."""
    return Markup(_environment().get_template(template).render(**context))


def script_json(value: object) -> Markup:
    """JSON that can stand inside a `<script type="application/json">` element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup("".join(_SAFE.get(character, character) for character in text))


def later(html: Markup) -> Markup:
    """HTML that becomes part of the page when it is needed; until then the browser reads over it.

    Raises ValueError for what would end the element too early; escaped text never does.
    """
    if "</script" in html.lower() or "<!--" in html:
        raise ValueError("no scripts and no comments in HTML that is kept for later")
    return Markup('<script type="text/plain" class="later">{}</script>').format(html)


def linked(styles: Sequence[str], scripts: Sequence[str], *, base: str) -> Markup:
    """The head of a page whose assets are served below `base`."""
    tags = [Markup('<link rel="stylesheet" href="{}/{}">').format(base, name) for name in styles]
    tags += [Markup('<script src="{}/{}" defer></script>').format(base, name) for name in scripts]
    return Markup("\n").join(tags)


def _inline(styles: Sequence[str], scripts: Sequence[str]) -> Markup:
    """Styles, scripts, and the policy that allows them by their hashes."""
    style, script = ("\n".join(_asset(name) for name in names) for names in (styles, scripts))
    policy = _POLICY.format(styles=_hash(style), scripts=_hash(script))
    parts = [Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(policy)]
    parts.append(Markup(f"<style>{style}</style>"))
    if script:
        parts.append(Markup(f'<script type="module">{script}</script>'))
    return Markup("\n").join(parts)


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    if not text:
        return "'none'"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def attributes(values: Mapping[str, str | None]) -> Markup:
    """Attributes of an element, those without a value left out."""
    return Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in values.items() if value is not None
    )
