"""Europe PMC: the article with a DOI, and its open-access full text as JATS XML.

Two requests an article (https://europepmc.org/RestfulWebService): the search tells its number in PubMed Central, its
licence and whether the text is open access; `fullTextXML` gives the text.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode
from urllib.request import Request, urlopen

from lxml import etree

from extract import __version__
from extract.corpus.licences import find_spdx, read_licence, safe_parser
from extract.errors import BusyError, FetchError, NetworkError
from extract.patterns import lazy_regex

BASE_URL = "https://www.ebi.ac.uk/europepmc/webservices/rest"
USER_AGENT = f"review-extract/{__version__} (extract corpus fetch)"
TIMEOUT = 30.0  # seconds without a byte
WAITS = (1.0, 4.0)  # seconds before the second and the third try
MAX_WAIT = 30.0  # seconds; a server that wants more is asked again by the user
MAX_BYTES = 100_000_000  # as the readers accept
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP statuses after which a second try may succeed
_DOI = lazy_regex(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}/[^\s\"\\]+)", re.IGNORECASE)
_PMCID = lazy_regex(r"PMC\d+")


@dataclass(frozen=True, slots=True)
class Article:
    """An article of Europe PMC; `licence` is as SPDX where it is told so, else as printed."""

    pmcid: str
    doi: str
    title: str | None
    licence: str | None
    url: str
    xml: bytes


def normalise_doi(text: str) -> str:
    """The bare DOI of `10.…`, `doi:10.…` or `https://doi.org/10.…`; FetchError where it is none."""
    match = _DOI.fullmatch(unquote(text.strip()) if "://" in text else text.strip())
    if match is None:
        raise FetchError(f"{text}: not a DOI; one looks like 10.1000/182")
    return match["doi"].rstrip(".,;/")


def find_article(doi: str, *, base_url: str = BASE_URL, waits: Sequence[float] = WAITS) -> Article:
    """The article with a DOI and its full text; FetchError that says what to do where there is none."""
    if not base_url.startswith(("http://", "https://")):
        raise FetchError(f"{base_url}: not the address of a web service")
    base_url = base_url.rstrip("/")
    query = urlencode({"query": f'DOI:"{doi}"', "resultType": "core", "format": "json", "pageSize": "25"})
    answer = _get(f"{base_url}/search?{query}", doi, waits)
    if answer is None:
        raise FetchError(f"{doi}: no search at {base_url} (HTTP 404)")
    result = _result(answer, doi)
    pmcid = result.get("pmcid")
    closed = FetchError(f"{doi}: no open-access full text in Europe PMC; {_by_hand(doi)}")
    if result.get("isOpenAccess") != "Y" or not isinstance(pmcid, str) or not _PMCID.fullmatch(pmcid):
        raise closed
    url = f"{base_url}/{pmcid}/fullTextXML"
    xml = _get(url, doi, waits)
    if xml is None:
        raise closed
    _check(xml, doi)
    return Article(
        pmcid=pmcid,
        doi=doi,
        title=_title(result.get("title")),
        licence=read_licence(xml) or _spdx_or_printed(result.get("license")),
        url=url,
        xml=xml,
    )


def _result(answer: bytes, doi: str) -> dict[str, Any]:
    """The search result that has this very DOI; that with a full text before others."""
    try:
        found = json.loads(answer)["resultList"]["result"]
        same = [each for each in found if str(each.get("doi", "")).lower() == doi.lower()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{doi}: Europe PMC's answer to the search is not understood; try again later") from error
    if not same:
        raise FetchError(f"{doi}: not in Europe PMC; check the DOI, or {_by_hand(doi)}")
    result: dict[str, Any] = min(same, key=lambda each: (each.get("isOpenAccess") != "Y", "pmcid" not in each))
    return result


def _check(xml: bytes, doi: str) -> None:
    """Raise FetchError where the file is damaged, has no body or is another article."""
    try:
        article = etree.fromstring(xml, safe_parser())
    except etree.XMLSyntaxError as error:
        raise FetchError(f"{doi}: the full text came damaged ({error.msg}); try again later") from error
    if etree.QName(article).localname != "article" or article.find("./body") is None:
        raise FetchError(f"{doi}: Europe PMC's file holds no full text; {_by_hand(doi)}")
    own = [each.text or "" for each in article.findall("./front/article-meta/article-id[@pub-id-type='doi']")]
    if own and doi.lower() not in [each.strip().lower() for each in own]:
        raise FetchError(f"{doi}: Europe PMC's file is another article's ({own[0].strip()}); {_by_hand(doi)}")


def _title(printed: object) -> str | None:
    """A title without markup and without the full stop that the archive sets."""
    if not isinstance(printed, str):
        return None
    return " ".join(html.unescape(re.sub(r"</?\w+[^<>]*>", "", printed)).split()).removesuffix(".") or None


def _spdx_or_printed(printed: object) -> str | None:
    if not isinstance(printed, str) or not printed.strip():
        return None
    return find_spdx(printed) or printed.strip()


def _by_hand(doi: str) -> str:
    return f"if you have the paper: extract corpus add FILE --doi {doi}"


def _get(url: str, doi: str, waits: Sequence[float]) -> bytes | None:
    """What the address holds, None where there is nothing (404); after passing faults it is asked again."""
    for wait in waits:
        try:
            return _ask(url, doi)
        except NetworkError:
            time.sleep(wait)
        except BusyError as error:
            if error.seconds > MAX_WAIT:
                raise
            time.sleep(max(wait, error.seconds))
    return _ask(url, doi)


def _ask(url: str, doi: str) -> bytes | None:
    request = Request(url, headers={"User-Agent": USER_AGENT})
    try:
        with urlopen(request, timeout=TIMEOUT) as response:
            data: bytes = response.read(MAX_BYTES + 1)
            announced = response.headers.get("Content-Length", "")
    except HTTPError as error:
        error.close()
        if error.code == 404:
            return None
        told = f"{doi}: Europe PMC answered HTTP {error.code} {error.reason}; try again later"
        if error.code in _PASSING:
            raise BusyError(told, seconds=_seconds(error.headers.get("Retry-After"))) from error
        raise FetchError(told) from error
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise _unreachable(doi, getattr(reason, "strerror", None) or reason) from error
    if len(data) > MAX_BYTES:
        raise FetchError(f"{doi}: Europe PMC's file has more than {MAX_BYTES:,} bytes; no paper is so long")
    if announced.isdecimal() and len(data) < int(announced):
        raise _unreachable(doi, f"{len(data):,} of {announced} bytes came")
    return data


def _unreachable(doi: str, reason: object) -> NetworkError:
    return NetworkError(
        f"{doi}: Europe PMC cannot be reached ({reason}); try again, or download the paper by other means, then:"
        f" extract corpus add FILE --doi {doi}"
    )


def _seconds(retry_after: str | None) -> float:
    """The seconds of a Retry-After header; one that names a date counts as none."""
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else 0.0
