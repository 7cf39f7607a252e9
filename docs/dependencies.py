"""Write the tables of docs/dependencies.md: every package that an installation without extras brings.

    python docs/dependencies.py [--check]

Reads pyproject.toml and the packages that are installed beside this interpreter; the dates come from the package index;
where it cannot be asked, a version that the page has keeps its date and another has none.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import urllib.request
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dependencies.md"
REASON = re.compile(r'^  "(?P<requirement>[^"]+)",\s+# (?P<why>.+)$', re.MULTILINE)
TABLES = re.compile(r"(?<=<!-- made by: python docs/dependencies.py -->\n).*?(?=<!-- end -->)", re.DOTALL)
DATE = re.compile(r"^\| (?P<name>\S+) \| (?P<version>\S+) \|.* (?P<date>\d{4}-\d\d-\d\d) \|", re.MULTILINE)
CLASSIFIERS = {  # the licences that packages name by a classifier alone, as SPDX writes them
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Package:
    """A package that an installation brings, and which others ask for it."""

    name: str
    version: str
    licence: str
    size: int
    needed_by: tuple[str, ...]


def all_requirements() -> list[Requirement]:
    """What pyproject.toml asks for without extras, in its order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def direct_requirements() -> list[Requirement]:
    """Those of them that hold for this Python on this machine."""
    return [each for each in all_requirements() if not each.marker or each.marker.evaluate()]


def reasons() -> dict[Requirement, str]:
    """Why each dependency is there: the comment behind it in pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("\ndependencies = [")[2].partition("\n]")[0]
    return {Requirement(match["requirement"]): match["why"] for match in REASON.finditer(text)}


def closure(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """All packages that these bring, themselves too, each with those that ask for it."""
    asked: dict[str, set[str]] = {name: set() for name in names}
    queue = list(names)
    while queue:
        name = queue.pop()
        for needed in requirements(name):
            if needed not in asked:
                asked[needed] = set()
                queue.append(needed)
            asked[needed].add(name)
    return {name: tuple(sorted(asked[name])) for name in sorted(asked)}


@cache
def requirements(name: str) -> tuple[str, ...]:
    """What a package needs on this machine, without extras."""
    lines = map(Requirement, distribution(name).requires or [])
    return tuple(
        canonicalize_name(each.name) for each in lines if not each.marker or each.marker.evaluate({"extra": ""})
    )


def describe(name: str, needed_by: tuple[str, ...]) -> Package:
    """Version, licence and size of an installed package."""
    found = distribution(name)
    return Package(name, found.version, licence(found), size(found), needed_by)


def licence(found: Distribution) -> str:
    """The SPDX expression of a package's metadata, else what its classifiers or its licence field say."""
    stated = found.metadata["License-Expression"] or found.metadata["License"] or ""
    try:
        return canonicalize_license_expression(stated.strip())
    except InvalidLicenseExpression:
        classifiers = found.metadata.get_all("Classifier") or []
        labels = [each.rsplit(" :: ", 1)[-1] for each in classifiers if each.startswith("License")]
        named = sorted({CLASSIFIERS.get(label, label) for label in labels if label != "OSI Approved"})
        return " OR ".join(named) or (stated.splitlines() or ["not stated"])[0]


def size(found: Distribution) -> int:
    """Bytes of a package's files as shipped: without the compiled ones that an installation adds."""
    files = [Path(str(each.locate())) for each in found.files or [] if each.suffix != ".pyc"]
    return sum(path.stat().st_size for path in files if path.is_file())


def released(name: str, version: str) -> str | None:
    """The day on which a version came to the index that pip asks by default, or None."""
    from pip._internal.models.index import PyPI  # noqa: PLC0415 - its address, which has no public name

    request = urllib.request.Request(
        f"{PyPI.simple_url}/{name}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            files = json.load(answer)["files"]
    except (OSError, ValueError, KeyError):
        return None
    stem = re.compile(rf"{re.sub('[-_.]+', '[-_.]+', name)}-{re.escape(version)}(-|\.tar|\.zip)", re.IGNORECASE)
    days = [each.get("upload-time", "")[:10] for each in files if stem.match(each["filename"])]
    return min(filter(None, days), default=None)


def make_tables(dates: dict[tuple[str, str], str]) -> str:
    """The sum and the two tables of the page; a date is that of the version."""
    direct = {canonicalize_name(each.name): each for each in direct_requirements()}
    why = reasons()
    everything = closure(list(direct))
    packages = {name: describe(name, needed_by) for name, needed_by in everything.items()}

    def total(names: set[str]) -> str:
        return f"{sum(packages[name].size for name in names) / MEGABYTE:.1f}"

    python = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
    lines = [
        f"{len(packages)} packages, {total(set(packages))} MB ({python}), {len(direct)} of them asked for by name:",
        "",
        "| package | version | why it is there | allowed | licence | this version of | MB | MB that go without it |",
        "|---|---|---|---|---|---|---:|---:|",
    ]
    for name, requirement in direct.items():
        each = packages[name]
        without = set(everything) - set(closure([other for other in direct if other != name]))
        lines.append(
            f"| {name} | {each.version} | {why[requirement]} | `{_ordered(requirement)}` | {each.licence} |"
            f" {dates.get((name, each.version), '')} | {total({name})} | {total(without)} |"
        )
    lines += [
        "",
        "What these bring:",
        "",
        "| package | version | brought by | licence | this version of | MB |",
        "|---|---|---|---|---|---:|",
    ]
    lines += [
        f"| {name} | {each.version} | {', '.join(each.needed_by)} | {each.licence} |"
        f" {dates.get((name, each.version), '')} | {total({name})} |"
        for name, each in packages.items()
        if name not in direct
    ]
    return "\n".join(["", *lines, "", ""])


def _ordered(requirement: Requirement) -> str:
    limits = ",".join(sorted(map(str, requirement.specifier), key=lambda part: (part[0] == "<", part)))
    return f"{limits}; {requirement.marker}" if requirement.marker else limits


def known_dates(page: str) -> dict[tuple[str, str], str]:
    """The dates that the page has already."""
    return {(match["name"], match["version"]): match["date"] for match in DATE.finditer(page)}


def main() -> int:
    """Write the tables, or with `--check` tell which dependency has no row."""
    parser = argparse.ArgumentParser(description="Write the tables of docs/dependencies.md.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 where a dependency has no row")
    args = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    if args.check:
        described = {each.name for each, why in reasons().items() if f"| {why} | `{_ordered(each)}` |" in page}
        missing = sorted({each.name for each in all_requirements()} - described)
        for name in missing:
            print(f"docs/dependencies.md: no row as pyproject.toml has it, or no reason there: {name}")
        return bool(missing)
    names = [canonicalize_name(each.name) for each in direct_requirements()]
    dates = known_dates(page)
    for name in closure(names):
        key = (name, distribution(name).version)
        day = dates.get(key) or released(*key)
        if day:
            dates[key] = day
    PAGE.write_text(TABLES.sub(lambda _: make_tables(dates), page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
