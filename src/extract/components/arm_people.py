"""People set apart: the words before and behind "patients", "those", "infants" that name a subgroup or a treatment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_phrases import BOUNDARIES, after, before, listed, word_set, words_of
from extract.document import CharSpan
from extract.patterns import lazy_regex

_BRACKET = lazy_regex(r"\s?[(\[][^()\[\]]{1,50}[)\]](?=\s)")
_GIVEN = lazy_regex(
    r"\s(?:(?P<who>who|that|which)\s(?:(?:had|have|has|were|was|are|is|been)\s)*)?"
    r"(?:(?:treated|managed)\s(?:with|by)|given|receiving|taking|(?P<finite>received|took)|"
    r"(?:assigned|allocated|randomi[sz]ed)\sto(?:\s(?:receive|take|undergo))?|exposed\sto|prescribed|switched\sto|"
    r"(?P<loose>on|under|using|after))(?=\s)"
)
_UNDERWENT = lazy_regex(
    r"\s(?P<who>who\s(?:had\s|have\s)?)?(?P<verb>(?:did\snot\s|could\snot\s)?(?:underwent|undergo|undergoing|undergone|"
    r"proceeded\sto|proceeding\sto|received|receiving)\s)(?=\S)"
)
_WHO = lazy_regex(
    r"\swho\s(?:(?:had|have|has|were|was|are|is|been|then|also|subsequently|later|ever|instead|already|initially)\s)*+"
    r"(?!(?:enrolled|included|eligible|randomi[sz]ed|screened|evaluable|evaluated|assessed|recruited|followed|analy[sz]ed|"
    r"treated\s(?:at|in|between|from)|infused|studied|lost|alive|dead)\b)"
)
_WITH = lazy_regex(r"\s(?:who\s(?:had|have)\s)?(?P<sign>with\s(?:and|or)\swithout|without|with)(?=\s)")
_UNIT = r"(?:years?|yrs?|months?|weeks?|days?|kg|y)(?![a-z])"
_AMOUNT = r"\d+(?:\.\d+)?(?:\s(?:years?|months?|weeks?|days?))?"
_AGED = lazy_regex(
    rf"\s(?:who\s(?:were|was|are|is)\s)?(?P<age>(?:(?:aged|age|weighing|ages)\s)?"
    rf"(?:[<>\u2264\u2265]=?\s?{_AMOUNT}|(?:older|younger|more|less|greater|heavier|lighter)\sthan\s(?:{_AMOUNT}|[a-z]+)|"
    rf"(?:over|under|above|below|at\sleast)\s{_AMOUNT}|{_AMOUNT}(?:\s?-\s?|\sto\s){_AMOUNT}|{_AMOUNT}(?=\s{_UNIT}|\sor\s))"
    rf"(?:[\s-]{_UNIT})?(?:\sof\sage|\sold)?(?:\s(?:or|and)\s(?:older|younger|more|above|over|under|less|below))?"
    rf"(?:\sof\sage)?(?:\sat\s(?:infusion|diagnosis|baseline|enrol?lment|transplantation|HSCT))?)"
)
_AGE_SAYS = lazy_regex(rf"{_UNIT}|aged|age|weighing|older|younger|[<>\u2264\u2265]")
_STATE = lazy_regex(
    r"\sin\s(?P<state>(?:the\s)?(?:CR\d|(?:first|second|third|complete|partial|early|late|stable|advanced)\s(?:[\w-]+\s)?"
    r"(?:remission|relapse|response|phase|disease|stage)|(?:NYHA\s)?class\s\S+))"
)
_DONE = lazy_regex(
    r"\s(?:transplanted|grafted|infected|coloni[sz]ed|admitted|operated|implanted|diagnosed)\s(?:from|with|using|to|by)"
    r"(?=\s)"
)
_TREATED_FOR = lazy_regex(r"\streated\s(?:for|at)(?=\s)")
_MANNER = lazy_regex(r"\s(?P<manner>(?:treated|managed)\s[a-z]+ly)\b")
# How the words of a study's design begin: behind them, without a verb between, stands its whole population.
_DESIGN = tuple(
    word_set(
        "enrol includes included include recruit screen trial study studies cohort series report review data experience"
        " treatment treating management prognosis therapy approv indicated recommended use randomis randomiz describ"
        " total eligible investigat evaluat examin assess compris consist planned aimed registry database identified"
        " standard available administered efficacy safety offered considered option"
    )
)
_FINITE_BEFORE = word_set("was were is are had has have that showed while but than indicated occurred improved reduced")
_STUDY_OF = lazy_regex(
    r"\b(?:(?:trials?|stud(?:y|ies)|cohorts?|series|analys[ei]s|registry|data|experience|report|treatment|management|"
    r"therapy|standard|use)\s(?:of|in|on|from|for|with)|enrol\w+|includ(?:ed|es)|recruit\w+|randomi[sz]ed|treating|"
    r"compris\w+|consist\w+\sof|population\sof)\s(?:(?:the|all)\s)?(?:\S+\s){0,2}$",
    re.IGNORECASE,
)
_OPENS = lazy_regex(
    r"\s(?:who|that|which|with|without|treated|managed|given|receiving|taking|assigned|allocated|randomi[sz]ed|"
    r"exposed|prescribed|switched|on|under|using|after|received|took|under\w+|proceeding|aged?|weighing|in|transplanted|"
    r"grafted|infected|coloni[sz]ed|admitted|operated|implanted|diagnosed|older|younger|more|less|greater|heavier|"
    r"lighter|over|above|below|at|[<>\u2264\u2265]|\d+[\s-])"
)
_ENROLLED_AFTER = lazy_regex(
    r"\bw(?:as|ere)\s(?:randomi[sz]ed|enrolled|included|recruited|eligible|assigned|screened|excluded|studied|allocated|"
    r"analy[sz]ed)\b|\btook\spart\b"
)
_PICKED = lazy_regex(
    r"(?:\b(?:in|among|amongst|for|of|than|between|versus|vs\.?|to)\s)(?:all\s|only\s|both\s)?(?:the\s|these\s|those\s|"
    r"our\s)?(?:\d+\s|other\s|remaining\s|[a-z]+\s)?$",
    re.IGNORECASE,
)
_LIMIT = lazy_regex(
    r"\s(?:(?:fewer|more|less|greater|higher|lower)\sthan|at\s(?:least|most)|(?:[a-z]+|\d+)\sor\s(?:more|fewer))\s(?=\S)"
)
_SHARE_OF = lazy_regex(r"\b(?:rates?|proportions?|numbers?|percentages?|frequency|prevalence)\sof\s(?:the\s)?$")
_JOINED = lazy_regex(r"\s(?:and|or|vs\.?|versus)\s(?:the\s|\d+\s)?$")
_LIST_STATE = lazy_regex(r"\s(?:and|or|vs\.?|versus)\s(?:those\sin\s|in\s)?(?P<state>CR\d)")
_FINITE = word_set(
    "had have has was were is are did do does achieved experienced developed died survived responded relapsed"
    " showed remained received reached required completed tended could may might can should will would which who"
    " and but while whereas with at compared versus vs than"
)
_COMPOUND = lazy_regex(r"^[A-Z\d][\w/+]*\s(?:[a-z]+\s)?[a-z]+-[a-z]+$")  # "FGF pathway-amplified"
_SIGNED = lazy_regex(r"-(?:positive|negative)$", re.IGNORECASE)
_BY_METHOD = lazy_regex(  # how some studies differ from others: "studies using the older criteria"
    r"\s(?:(?:conducted|performed|done)\s)?(?:using|utili[sz]ing|adhering\sto|applying|employing|adopting|under|following|"
    r"(?:in\saccordance|in\sline)\swith|according\sto)(?=\s)"
)
_BODIES = word_set("programmes programs those trials studies")
_NO_CRITERION = word_set("data available unavailable missing information follow-up samples interest respect regard")
_VAGUE = word_set("study trial drug drugs treatment therapy dose doses cycles it them medication")
MAX_DESIGN = 10  # words
REACH = 80  # characters from people to the verb that enrols them
MAX_CLAUSE = 7  # words of "who did not achieve MRD-negativity after induction"
LEADING = 16  # characters of "However, the " before people that begin a sentence
LOOK_BACK = 110  # characters before people in which the design of a study shows
_CLAUSE_WORD = lazy_regex(r"\s?([^\s,;:()\[\]]+)")


def people_arms(scene: Scene, naming: Naming, noun: CharSpan, place: CharSpan) -> Iterator[Candidate]:
    """What sets apart the people whose noun stands at `noun`."""
    yield from _before(scene, naming, noun, place)
    yield from _after(scene, naming, noun, place)


def _is_whole(text: str, noun: CharSpan, place: CharSpan) -> bool:
    """Whether the people are all those of a study, so that what follows them tells no subgroup."""
    if text[slice(*noun)].lower() == "those":
        return False
    words = text[max(place.start, noun.start - LOOK_BACK) : noun.start].lower().split()
    for word in reversed(words[-MAX_DESIGN:]):
        if word in _FINITE_BEFORE or word[-1] in ".;:%":
            break
        if word.startswith(_DESIGN):
            return True
    return _are_enrolled(text, noun, place)


def _are_enrolled(text: str, noun: CharSpan, place: CharSpan) -> bool:
    match = _ENROLLED_AFTER.search(text, noun.end, min(noun.end + REACH, place.end))
    return match is not None and not any(stop in text[noun.end : match.start()] for stop in ".;")


def _is_studied(text: str, start: int, noun: CharSpan, place: CharSpan) -> bool:
    """Whether the people from `start` on are those that a study enrolled, so that their adjective tells no subgroup."""
    return bool(_STUDY_OF.search(text, max(place.start, start - LOOK_BACK // 2), start)) or _are_enrolled(
        text, noun, place
    )


def _before(scene: Scene, naming: Naming, noun: CharSpan, place: CharSpan) -> Iterator[Candidate]:
    text = scene.text
    if text[slice(*noun)].lower() in _BODIES:
        return
    stop = noun.start
    while (span := before(text, place.start, stop, most=4)) is not None:
        found = _modifier(scene, naming, span, noun.end if stop == noun.start else None)
        if found is None:
            return
        if found.kind == "subgroup" and _is_studied(text, found.start, noun, place):
            return
        yield found
        joined = _JOINED.search(text, max(place.start, span.start - 14), span.start)
        if joined is None:
            return
        stop = joined.start()


def _modifier(scene: Scene, naming: Naming, span: CharSpan, noun_end: int | None) -> Candidate | None:
    """The part of a modifier that sets people apart; with its noun where it is no name on its own."""
    text = scene.text
    for match in re.finditer(r"\S+", text[slice(*span)]):
        part = CharSpan(span.start + match.start(), span.end)
        word = CharSpan(part.start, part.start + len(match[0]))
        if match[0].lower() in naming.not_names or match[0].lower() == "no":
            continue
        if not _SIGNED.search(match[0]) and naming.is_name(scene, part):
            agent = _agent_of(scene, part)
            return Candidate(*(agent or part), "arm", 2)
        if naming.is_marked(scene, word) or (naming.is_marked(scene, part) and _COMPOUND.search(text[slice(*part)])):
            return Candidate(part.start, noun_end or part.end, "subgroup", 2)
        if match[0].lower() == "non":
            return Candidate(*part, "arm", 2)
    return None


def _agent_of(scene: Scene, span: CharSpan) -> CharSpan | None:
    """The agent in "semaglutide-treated"."""
    place = scene.agents.at(span.start)
    if place is not None and re.fullmatch(r"-(?:treated|assigned|allocated|exposed)", scene.text[place.end : span.end]):
        return place
    return None


def _after(scene: Scene, naming: Naming, noun: CharSpan, place: CharSpan) -> Iterator[Candidate]:
    text, ceiling = scene.text, place.end
    bracket = _BRACKET.match(text, noun.end, ceiling)
    position = bracket.end() if bracket else noun.end
    bodies = text[slice(*noun)].lower() in _BODIES - {"those"}
    if bodies and (match := _BY_METHOD.match(text, position, ceiling)):
        span = after(text, match.end(), ceiling)
        if span is not None and not scene.outcomes.touch(*span) and naming.trimmed(text, span) == span:
            yield Candidate(*span, "subgroup")
        return
    if _OPENS.match(text, position, ceiling) is None:
        return
    if bodies:
        match = _WITH.match(text, position, ceiling)
        if match is not None:
            spans = listed(text, match.end(), ceiling, numbers=True)
            yield from (Candidate(*span, "subgroup") for span in spans if _is_threshold(text, span))
        return
    match = _GIVEN.match(text, position, ceiling)
    if match is not None and (match["who"] or not match["finite"]):
        given = list(_given(scene, naming, noun, match, place))
        if given:
            yield from given
            return
    if match := _UNDERWENT.match(text, position, ceiling):
        span = after(text, match.end() - 1, ceiling)
        reduced = match["who"] or match["verb"].strip().endswith("ing")
        if span is not None and reduced and not naming.is_time(scene, span) and not _is_whole(text, noun, place):
            yield Candidate(match.start("verb"), span.end, "subgroup", 2)
    elif match := _MANNER.match(text, position, ceiling):
        yield Candidate(*match.span("manner"), "arm", 2)
    elif not _is_whole(text, noun, place):
        yield from _criteria(scene, naming, noun, position, place)


def _is_threshold(text: str, span: CharSpan) -> bool:
    return any(sign in text[slice(*span)] for sign in "<>\u2264\u2265")


def _given(scene: Scene, naming: Naming, noun: CharSpan, match: re.Match[str], place: CharSpan) -> Iterator[Candidate]:
    """ "given semaglutide", "treated with chemotherapy alone", "who received placebo or usual care"."""
    text = scene.text
    for span in listed(text, match.end(), place.end):
        if naming.is_name(scene, span) or text[span.start - 1] == '"':
            yield Candidate(*span, "arm", 2)
        elif (
            not match["loose"]
            and words_of(text, span)[0] not in naming.not_names | _VAGUE
            and not scene.outcomes.touch(*span)
            and not naming.is_time(scene, span)
            and not _is_whole(text, noun, place)
        ):
            yield Candidate(*span, "arm")
        else:
            return


def _criteria(scene: Scene, naming: Naming, noun: CharSpan, position: int, place: CharSpan) -> Iterator[Candidate]:
    text, ceiling = scene.text, place.end
    if _SHARE_OF.search(text, max(place.start, noun.start - 30), noun.start):
        return
    if (match := _AGED.match(text, position, ceiling)) and _AGE_SAYS.search(match["age"]):
        yield Candidate(*match.span("age"), "subgroup", 2)
        position = match.end()
    if match := _STATE.match(text, position, ceiling):
        yield Candidate(*match.span("state"), "subgroup")
        if more := _LIST_STATE.match(text, match.end(), ceiling):
            yield Candidate(*more.span("state"), "subgroup")
    elif match := _DONE.match(text, position, ceiling) or _TREATED_FOR.match(text, position, ceiling):
        span = after(text, match.end(), ceiling, numbers=True)
        if span is not None and not scene.doses.touch(*span):
            yield Candidate(*span, "subgroup")
    elif match := _WITH.match(text, position, ceiling):
        yield from _with(scene, naming, noun, match, place)
    elif _is_picked(text, noun, place) and (match := _WHO.match(text, position, ceiling)):
        clause = _clause(text, match.end(), ceiling)
        if clause is not None and scene.agents.at(clause.start) is None:
            yield Candidate(*clause, "subgroup")


def _is_picked(text: str, noun: CharSpan, place: CharSpan) -> bool:
    """Whether a preposition or the beginning of the sentence stands before the people."""
    if noun.start - place.start < LEADING and not any(map(str.isdigit, text[place.start : noun.start])):
        return True
    return _PICKED.search(text, max(place.start, noun.start - 40), noun.start) is not None


def _with(scene: Scene, naming: Naming, noun: CharSpan, match: re.Match[str], place: CharSpan) -> Iterator[Candidate]:
    """ "with \u22655 or <5% blasts", "without diabetes", "with a history of stroke"."""
    text = scene.text
    if limit := _LIMIT.match(text, match.end(), place.end):
        limited = after(text, limit.end() - 1, place.end, numbers=True)
        if limited is not None:
            yield Candidate(limit.start() + 1, limited.end, "subgroup")
        return
    picked = _is_picked(text, noun, place)
    for number, span in enumerate(listed(text, match.end(), place.end, numbers=True)):
        words = words_of(text, span)
        if not _NO_CRITERION.isdisjoint(words) or not naming.people.isdisjoint((words[0], words[-1])):
            return
        if words[0] in naming.not_names:
            return
        if len(words) == 1 and words[0].strip("%").replace(".", "").isdigit():
            continue  # the figure of a result, or one that shares the noun of the next
        if match["sign"] == "without" and number == 0 and words[-1] not in {"condition", "disease"}:
            yield Candidate(match.start("sign"), span.end, "subgroup")
        elif (
            match["sign"] != "with"
            or naming.sets_apart(scene, span)
            or (picked and not naming.is_population(scene, span) and not scene.outcomes.touch(*span))
        ):
            yield Candidate(*span, "subgroup")


def _clause(text: str, start: int, ceiling: int) -> CharSpan | None:
    """The verb phrase behind "who", up to the verb of the main clause."""
    first = last = -1
    position = start
    for number in range(MAX_CLAUSE):
        match = _CLAUSE_WORD.match(text, position, ceiling)
        if match is None:
            break
        bare = match[1].rstrip(".")
        if number and bare.lower() in _FINITE:
            break
        first = match.start(1) if first < 0 else first
        last = match.start(1) + len(bare)
        position = match.end()
        if bare != match[1]:
            break
    words = text[first:last].split(" ") if last > first >= 0 else []
    while words and words[-1].lower() in BOUNDARIES and words[-1].lower() not in _FINITE:
        words.pop()
    return CharSpan(first, first + len(" ".join(words))) if words else None
