"""A paper, the server that stands in for Europe PMC, and the calls of `extract corpus`."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extract.cli import main

DOI = "10.5555/Walks.2023(7)1"
TITLE = "Walking after surgery: a <i>randomised</i> trial of pace &amp; rest."
ARTICLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.3 20210610//EN"
  "JATS-archivearticle1-3.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink">
<front><article-meta><article-id pub-id-type="doi">{DOI.lower()}</article-id>
<title-group><article-title>Walking after surgery</article-title></title-group>
<permissions>LICENCE</permissions></article-meta></front>
<body><sec><title>Results</title><p>In 40 adults, pain was less in 50%.</p></sec></body></article>
"""
CC_BY = """<license xlink:href="http://creativecommons.org/licenses/by/4.0/"><license-p>Free to share, and the data are
<ext-link xlink:href="http://creativecommons.org/publicdomain/zero/1.0/">CC0</ext-link>.</license-p></license>"""
RESULT = {
    "id": "39999999",
    "source": "MED",
    "pmid": "39999999",
    "pmcid": "PMC9999999",
    "doi": DOI.lower(),
    "title": TITLE,
    "isOpenAccess": "Y",
    "license": "cc by",
}


def article(licence: str = CC_BY) -> str:
    return ARTICLE.replace("LICENCE", licence)


@dataclass
class Archive:
    """What the server answers: for the search and for the text a list of (status, body), the last one for good."""

    search: list[tuple[int, str]]
    text: list[tuple[int, str]]
    headers: dict[str, str] = field(default_factory=dict)
    announced: int = 0  # bytes announced beyond those that are sent
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""

    def answer(self, path: str) -> tuple[int, str]:
        self.asked.append(path)
        answers = self.search if urlsplit(path).path.endswith("/search") else self.text
        return answers.pop(0) if len(answers) > 1 else answers[0]


def found(**fields: Any) -> str:
    return json.dumps({"hitCount": 1, "resultList": {"result": [{**RESULT, **fields}]}})


def fetch(archive: Archive, folder: Path, *dois: str) -> int:
    return main(["corpus", "fetch", *(dois or (DOI,)), "--into", str(folder), "--base-url", archive.url])


def entries(folder: Path) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["document"]
    return documents


BY_HAND = f"if you have the paper: extract corpus add FILE --doi {DOI}"


def add(folder: Path, *arguments: object) -> int:
    return main(["corpus", "add", *map(str, arguments), "--into", str(folder)])
