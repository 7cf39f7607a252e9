"""The form of trial names: which words can be part of one, where one begins and ends, which names are one trial."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from extract.lexicons import Cues
from extract.patterns import lazy_regex, regex

_WORD = lazy_regex(r"[A-Za-z0-9À-ž][\w'+]*(?:[-/&][A-Za-z0-9À-ž][\w'+]*)*")
_NUMBER = lazy_regex(r"\d{1,5}(?:-\d{1,2})?[A-Za-z]?$")
_NAME_AND_NUMBER = lazy_regex(r"[A-Z][a-zA-Z]+[ -]\d{2,4}(?![\d-])")
_CODE = lazy_regex(r"(?=[\w/-]*[A-Z])(?=[\w/-]*\d)[A-Za-z][\w/-]*$")  # AALL1731, ITCC-059, B2001X, Interfant-06
_ACRONYM = lazy_regex(
    r"(?=[\w'/-]*(?:[A-Z]{2}|[a-z][A-Z]))[A-Za-z][A-Za-z'/-]*\d{0,4}$"
)  # RIALTO, INO-VATE, IntReALL, CheckMate
_JOINED_NUMBERS = lazy_regex(
    r"\s(?:and|&)\s(?P<number>\d{4}|\d{2,3})(?![\d%.,-]|\s?(?:patients|children|years|months|mg))"
)
# Genes, antigens, cell lines, isotopes, visits and the like have the form of codes.
_NOT_CODE = lazy_regex(
    r"(?:CD\d+\w*|[HLV]+DL-?C|IL-?\d+\w*|HLA-?\w+|[A-Z]+\d+[A-Z]\d*-r|COVID-19|SARS-.*|PD-?L?1|HER-?\d|CTLA-?4|BRCA\d?|TP53|"
    r"KMT2A\S*|FLT3\S*|NPM1|IDH\d|JAK\d|BCL-?\d\S*|"
    r"VEGF\w?|EGFR\w*|FGFR\d?|ALK\S*|ROS1|MET\w*|CYP\w+|P\d{2}|T\d[a-d]?|N\d|M\d|T\d+N\d+\S*|Q\dW|G\d|B\d|D\d|"
    r"SpO2|VO2\w*|PaO2|CO2|FEV1\S*|FVC|HbA1c|NYHA\S*|"
    r"ECOG-?\d|WHO-?\d|CR\d|CRi?\d?|PR\d|R\d|H\dN\d|\w+-(?:negative|positive|based|free|like|related|specific|"
    r"mutated|rearranged|r|sparing|targeting|targeted|guided|adapted|containing|treated|na[iï]ve|refractory|eligible|"
    r"controlled|directed|driven)|"
    r"I\d|V\d|W\d+|Day\d+|C\dD\d+|[A-Z]\d{2}(?:\.\d)?|SF-\d+|EQ-5D\S*|EORTC|QLQ\S*|PHQ-?9|GAD-?7|HAM-?D\S*|"
    r"S\d{1,2}|[A-Z]{1,2}-?\d)$"
)
MAX_SHORT_GROUP = 4  # letters: a number glued to a shorter group name is seldom a protocol
_REGISTERED = lazy_regex(r"[A-Za-z]{2,10}-?\d{7,}$")  # ids of trial registers
_CAPITALS = lazy_regex(r"[A-Z](?<![A-Za-z].)[A-Za-z]")  # the first two letters of capitalised words
_GROUPED_CODE = lazy_regex(
    r"(?P<code>A(?<![\w-]A)(?:ALL|NBL|REN|EWS|CNS|RST|OST|GCT|HEP|HOD|NHL|LTE|CCL|PEC|AML|BTR|"
    r"DVL)\w*\d{2,4}[A-Z]?\d?)(?![\w-])"
)


class NameGrammar:
    """Reads trial names off the text by the form of their words."""

    def __init__(self, cues: Cues) -> None:
        self._not_trials = frozenset(cues.not_trials)
        self._groups = frozenset((*cues.groups, *cues.societies))
        groups = "|".join(sorted(map(re.escape, cues.groups), key=len, reverse=True))
        self._group_code = regex(
            rf"(?<![\w-])(?P<group>{groups})(?:[ -](?P<code>(?:[A-Z]{{1,4}}-?)?\d{{2,6}}(?:-\d{{2,3}})?[A-Z]?|"
            rf"[A-Z]{{1,3}}\d[A-Z]\d{{2,4}})|[ /-](?P<compound>(?:[A-Z]{{2,}}-)+\d{{4}})|"
            rf"(?P<glued>R?\d{{1,4}}))(?![\w%.,]*\d|[\w%])"
        )
        self._group_starts = {group[:2] for group in cues.groups} | {f"A{letter}" for letter in "ANRECOHLPBD"}

    def is_free(self, word: str) -> bool:
        """Whether a word alone can be a name: no group, no common capitalised word."""
        return word.lower() not in self._not_trials and word not in self._groups and len(word) >= 3

    def is_group_number(self, name: str) -> bool:
        """Whether a name is nothing but groups and numbers (`BFM 2003`)."""
        return all(token.isdigit() or token in self._groups or len(token) == 1 for token in _tokens(name))

    def is_name_word(self, word: str) -> bool:
        """Whether a word has the form of a code or an acronym, or stands in one."""
        shaped = _CODE.match(word) or _ACRONYM.match(word)
        return bool(shaped) and not _NOT_CODE.match(word) and not _REGISTERED.match(word)

    def last_name(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The longest name that ends at `end` within `text[start:end]`."""
        words = [match.span() for match in _WORD.finditer(text, start, end)]
        run: list[tuple[int, int]] = []
        for first, last in reversed(words):
            if run and text[last : run[0][0]] not in {" ", " & ", " and "}:
                break
            word = text[first:last]
            if not (self.is_name_word(word) or _NUMBER.match(word)):
                break
            run.insert(0, (first, last))
        if not run or run[-1][1] != end:
            return None
        return self._trim(text, run)

    def first_name(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The longest name that begins at `start` within `text[start:end]`."""
        run: list[tuple[int, int]] = []
        for match in _WORD.finditer(text, start, end):
            if run and text[run[-1][1] : match.start()] != " ":
                break
            if not (self.is_name_word(match[0]) or (run and _NUMBER.match(match[0]))):
                break
            run.append(match.span())
        if not run or run[0][0] != start:
            return None
        name = self._trim(text, run)
        return name if name and (any(map(str.isdigit, text[slice(*name)])) or text[slice(*name)].isupper()) else None

    def cell_name(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """The name that a cell of a trial column begins with."""
        match = _NAME_AND_NUMBER.match(text, start, end)
        if match and self.is_free(re.split(r"[ -]", match[0])[0]) and not re.search(r"(?:19|20)\d\d$", match[0]):
            return match.span()
        name = self.first_name(text, start, end)
        if name is None:
            return None
        joined = _JOINED_NUMBERS.match(text, name[1], end)
        return (name[0], joined.end("number")) if joined else name

    def with_second_year(self, text: str, end: int) -> int:
        """Where a name ends that names two protocols at once: `LAKE 2003 and 2007 studies`."""
        if not re.search(r"[ -](?:19|20)\d\d$", text[max(end - 5, 0) : end]):
            return end
        joined = _JOINED_NUMBERS.match(text, end)
        plural = joined and re.match(
            r"(?:\s\w+){0,2}\s(?:studies|trials|protocols)\b", text[joined.end() : joined.end() + 60]
        )
        return joined.end("number") if joined and plural else end

    def group_codes(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Names made of a cooperative group and a number, and the codes of groups that number all their protocols."""
        capitals = set(_CAPITALS.findall(text, start, end))
        if not capitals & self._group_starts:
            return []
        found = [match.span("code") for match in _GROUPED_CODE.finditer(text, start, end)]
        for match in self._group_code.finditer(text, start, end):
            if match["glued"] and len(match["group"]) <= MAX_SHORT_GROUP:
                continue
            code = match["code"] or match["compound"] or match["glued"]
            whole = match["compound"] or match["glued"] or "-" in code or code.isdigit()
            found.append((match.start() if whole else match.start("code"), match.end()))
        return found

    def widen_left(self, text: str, start: int) -> int:
        """Where a spelled-out form begins when a coded name stands right before it."""
        if text[start - 1 : start] != " ":
            return start
        name = self.last_name(text, max(start - 60, 0), start - 1)
        return name[0] if name and any(map(str.isdigit, text[slice(*name)])) else start

    def _trim(self, text: str, run: list[tuple[int, int]]) -> tuple[int, int] | None:
        """A run of name words without words that are never part of a name; None when no name is left."""
        words = [text[first:last] for first, last in run]
        numbered = any(_NUMBER.match(word) for word in words)
        while run and self._drops(words, numbered=numbered):
            run, words = run[1:], words[1:]
        if run and words[0] in self._groups and len(words) == 2 and re.fullmatch(r"[A-Z]{1,5}\d\w*", words[1]):
            run, words = run[1:], words[1:]
        if not run or _NUMBER.match(words[0]) or (len(words) == 1 and len(words[0]) < 3):
            return None
        if all(word.lower() in self._not_trials or word in self._groups for word in words) and not numbered:
            return None
        if len(words) == 2 and words[0].lower() in self._not_trials and re.fullmatch(r"\d", words[1]):
            return None  # "Table 1", "cohort 2"
        if len(words) == 1 and "/" in words[0] and not any(map(str.isdigit, words[0])):
            return None
        return run[0][0], run[-1][1]

    def _drops(self, words: list[str], *, numbered: bool) -> bool:
        """Whether the first word of a run belongs to the sentence and not to the name."""
        first = words[0]
        if (
            first in _ROMAN
            or first in {"US", "UK", "EU", "RCT", "The", "In", "A"}
            or re.fullmatch(r"[IV]+/[IV]+|\d{1,2}[ab]?", first)
        ):
            return True
        blocked = first.lower() in self._not_trials or first in self._groups
        return blocked and not numbered and any(word.lower() not in self._not_trials for word in words[1:])


_ROMAN = frozenset({"I", "II", "III", "IV", "IIa", "IIb", "IIIa", "IIIb", "Ia", "Ib", "I/II", "II/III"})


_DIGITS = "0123456789"
_PIECE = lazy_regex(r"[^\W_]+")
_JOIN = lazy_regex(r"(?: ?[-/&] ?| )$")
_SUBPIECES = lazy_regex(r"\d+|[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|[^\W_]")


class NameFinder:
    """Finds established names and stems wherever they stand, also with other separators (`LAKE Side 1`, `LAKESide-1`).

    Names are compared by their letters and digits alone, piece by piece, so the work does not grow with the number of
    names. A stem (`LAKE` of `LAKE-06`) brings its other numbers (`LAKE 99`).
    """

    def __init__(self, names: Iterable[str], stems: Iterable[str]) -> None:
        self._keys: set[str] = set()
        self._beginnings: set[str] = set()
        self._stems = frozenset(stems)
        for name in (*names, *self._stems):
            key = ""
            for piece in _SUBPIECES.findall(name):
                key += piece
                self._beginnings.add(key)
            self._keys.add(key)

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Places of names in `text[start:end]`, the longest at each, not overlapping."""
        pieces = [match.span() for match in _PIECE.finditer(text, start, end)]
        texts, beginnings = [text[first:last] for first, last in pieces], self._beginnings
        begins = [
            at
            for at, piece in enumerate(texts)
            if piece in beginnings or (piece[-1] in _DIGITS and self._is_numbered(piece))
        ]
        reached = 0
        for position in begins:
            if position < reached:
                continue
            last = self._longest(text, pieces, position)
            if last is not None:
                yield pieces[position][0], pieces[last][1]
                reached = last + 1

    def _longest(self, text: str, pieces: list[tuple[int, int]], position: int) -> int | None:
        first = pieces[position][0]
        if first > 0 and (text[first - 1] in "-_"):
            return None
        key, found = "", None
        for at in range(position, len(pieces)):
            if at > position and not _JOIN.match(text[pieces[at - 1][1] : pieces[at][0]]):
                break
            piece = text[slice(*pieces[at])]
            numbered = key in self._stems and piece.isdigit() and 2 <= len(piece) <= 4
            key += piece
            if numbered or key in self._keys or self._is_numbered(key):
                found = at
            elif key not in self._beginnings:
                break
        if found is None or _RUNS_ON.match(text, pieces[found][1]):
            return None
        return found

    def _is_numbered(self, key: str) -> bool:
        if not self._stems:
            return False
        stem = key.rstrip(_DIGITS)
        return stem in self._stems and 2 <= len(key) - len(stem) <= 4


_RUNS_ON = lazy_regex(r"_|-\d")


def stem_of(name: str) -> str | None:
    """`LAKE` of `LAKE-06`: a word that carries a number set off by a hyphen or space."""
    match = re.fullmatch(r"(?P<stem>[A-Z][A-Za-z]{3,})[ -]\d{2,4}", name)
    return match["stem"] if match else None


def canonical_names(names: Counter[str], grammar: NameGrammar) -> dict[str, str]:
    """Each printed name -> the one short name of its trial.

    Two names are one trial when they differ in separators only, or when one holds the other's words and more words than
    a number: `LAKE SCT 2012 RIVER` is RIVER, while `LAKE-06` is not LAKE.
    """
    tokens = {name: _tokens(name) for name in names}
    common = Counter(token for each in tokens.values() for token in each)
    chosen: dict[str, str] = {}
    by_key: dict[str, str] = {}
    by_token: dict[str, list[str]] = {}  # names under the token that fewest names share
    ordered = sorted(names, key=lambda name: _rank(name, tokens[name], names[name], grammar))
    for name in ordered:
        key = re.sub(r"[\W_]", "", name).lower()
        near = (other for token in sorted(tokens[name]) for other in by_token.get(token, ()))
        known = next((o for o in near if _same_trial(tokens[name], tokens[o], grammar)), None)
        same = by_key.get(key) or (chosen[known] if known else None)
        if same is None:
            same = by_key[key] = name
        by_token.setdefault(min(tokens[name], key=lambda token: (common[token], token)), []).append(name)
        chosen[name] = same
    return chosen


def _rank(name: str, tokens: frozenset[str], count: int, grammar: NameGrammar) -> tuple[bool, int, int, bool, int, str]:
    """Which names come first as canonical: a name of its own, few words, often printed, with a hyphen, short."""
    unnamed = not any(map(grammar.is_free, tokens)) and not any(map(str.isdigit, name))
    spaced = " " in name
    often = count if spaced else 2 * count
    return (unnamed or grammar.is_group_number(name), len(tokens), -often, spaced, len(name), name)


def _same_trial(tokens: frozenset[str], known: frozenset[str], grammar: NameGrammar) -> bool:
    shared, rest = tokens & known, tokens ^ known
    if not (tokens > known or tokens < known) or all(token.isdigit() for token in rest):
        return False
    if any(grammar.is_free(token) and not token.isdigit() for token in shared):
        return True
    return len(shared) > 1 and {t for t in tokens if t.isdigit()} == {t for t in known if t.isdigit()}


def _tokens(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[\s/&-]+", name)) - {"and"}
