"""Noun phrases without a parser: the words before or after an offset that can name an outcome, and whether they do.

A phrase ends at a word that no name holds (a preposition, a verb, a conjunction). Its head is the word before "of" or
"for", else its last word. The work is bounded by `MAX_WORDS` and `MAX_REACH`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.patterns import lazy_regex

Pair = tuple[int, int]

MAX_WORDS = 6
MAX_REACH = 90  # characters of a phrase
MAX_MEMBERS = 12  # phrases of a list
MIN_NAME = 4  # letters of a name that is no abbreviation

_WORD = lazy_regex(r"[^\W\d_](?:[\w'+.-]*[\w+])?")
_SEPARATOR = lazy_regex(r"\s?(?:,\s?(?:and/or|and|or|as well as)?|;|/|and/or|and|or|as well as|nor)\s")
_SEPARATOR_BEFORE = lazy_regex(r"(?:,\s?|;\s?|/|\s)(?:(?:and/or|and|or|as well as|nor)\s)?$")
_ASIDE = lazy_regex(r"\s?[(\[][A-Za-z][\w/+-]{1,11}[)\]]")
_ASIDE_BEFORE = lazy_regex(r"\s[(\[][A-Za-z][\w/+-]{1,11}[)\]]$")
_PREPOSITION = lazy_regex(r"\s(?P<word>of|for|to|from|in)\s(?:(?:the|a|an|any|all)\s)?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that no outcome's name holds: they end a phrase.
_STOPS = _words(
    """
    a about above achieved across after again against all also although among an and another any appeared are as
    at achieve achieving attained because became become been before being below besides better between both but
    by can compared comparable comparing confirmed conversely could decrease decreased decreases decreasing
    demonstrated despite detected developed did differ differed diagnosed do documented does due during each
    either eventually every except experienced exhibited favor favoring favors favour favouring favours fewer
    followed following for found from given greater had has have having he her higher his how however identified
    if in included including increase increased increases increasing into is it its last least less lower may
    mean median might more moreover most must neither no nor not noted observed occurred occurring occurs of off
    on one only or other our out over owing per rather received receiving recorded reduce reduced reduces
    reducing regarding related reported reporting required requiring respectively resulted resulting same seen
    shall she should showed shown shows similar similarly since so some suffered such than that the their them
    then there therefore these they this those though through throughout thus to together too toward towards
    under underwent until up upon used using versus via vs was were what when where whereas whether which while
    who whom whose will with within without worse would yielded yielding you zero two three four five six seven
    eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty fifty hundred improved improve
    improves improving worsened rose fell declined dropped remained remain remains occur led leading caused
    associated plus minus approximately nearly around almost roughly overall pooled respective first second
    third fourth subsequent previous prior particularly especially mainly mostly predominantly notably
    significantly independently likely unlikely shorter longer larger smaller elevated heightened lowered
    lowering prevented prevents preventing prevent predicted predicts predicting predict affected affecting
    affects needing needed experiencing developing suffering undergoing presenting presented presents include
    includes comprising comprised consisting consisted accounted accounting ranged ranging e.g i.e etc
    """
)
_KEPT = lazy_regex(
    r"(?:-related|-induced|-associated|-acquired|-mediated|-based|^(?:delayed|impaired|prolonged|blurred|delayed|"
    r"bloody|early|unplanned|"
    r"undesired|unwanted|composite|bed|need|elderly|family|anomaly|anomaly|daily|red|infected|retained|incarcerated|"
    r"displaced|advanced|"
    r"blood|speed|seed|disturbed|disordered|complicated|assisted|\w*bleed|failed|perceived|forced|combined|anomalous|"
    r"monthly|assembly|"
    r"restricted|limited|non\w*ed))$",
    re.IGNORECASE,
)
_LEADING = _words(
    """
    the a an any all both each these those this that its their our other such severe mild moderate serious major
    minor incident new new-onset first subsequent future developing having experiencing suffering sustaining
    achieving reaching attaining obtaining overall total pooled cumulative significant substantial clinically
    significantly relevant common frequent increased decreased higher lower reduced elevated either getting
    being undergoing requiring at least one grade some no more most fewer less greater worse better further
    additional late early treatment-emergent annualized annualised annual crude adjusted estimated reported
    observed corresponding respective diagnosed confirmed documented suspected recorded
    """
)
_KEEP_LEADING = _words("late early new-onset major minor total")
# A trailing word that only says that something happens.
_TRAILING = _words(
    """
    development onset occurrence occurrences incidence risk risks prevalence rate rates frequency frequencies
    probability likelihood status outcome outcomes formation diagnosis episode episodes
    """
)
_RELATIONAL = _words(
    """
    failure loss recovery recurrence progression change reduction decrease increase improvement worsening
    duration length time resolution closure maintenance achievement attainment discontinuation withdrawal
    conversion control quality range area rupture perforation dissection migration retention onset presence
    freedom return transfusion rejection use cessation stenosis obstruction loosening fracture cancer infection
    inflammation impairment carcinoma thrombosis dose-reduction interruption deterioration
    """
)
# Heads of phrases that name people, studies, methods, treatments and the like.
_NOT_HEADS = _words(
    """
    patient patients subject subjects participant participants individual individuals person persons people man
    men woman women child children adult adults infant infants adolescent adolescents boy boys girl girls case
    cases control controls group groups subgroup subgroups arm arms cohort cohorts population populations
    survivor survivors recipient recipients donor donors responder responders user users smoker smokers mother
    mothers neonate neonates newborn newborns resident residents veteran veterans student students staff
    physician physicians clinician clinicians study studies trial trials review reviews article articles report
    reports publication publications analysis analyses meta-analysis meta-analyses evidence data dataset
    literature author authors result results finding findings difference differences association associations
    correlation correlations relationship heterogeneity bias inconsistency imprecision method methods model
    models test tests testing assay assays criterion criteria definition definitions guideline guidelines
    recommendation recommendations protocol protocols strategy strategies approach approaches technique
    techniques age sex gender ethnicity race bmi smoking year years month months week weeks day days hour hours
    time times period periods follow-up baseline enrollment enrolment randomization randomisation treatment
    treatments therapy therapies chemotherapy radiotherapy immunotherapy regimen regimens intervention
    interventions drug drugs dose doses dosing dosage medication medications administration placebo prophylaxis
    management care surgery operation operations procedure procedures monitoring screening assessment evaluation
    measurement measurements use exposure exposures factor factors predictor predictors variable variables
    covariate covariates marker markers biomarker biomarkers mutation mutations gene genes genotype allele
    polymorphism value values number numbers proportion proportions percentage percentages ratio ratios rate
    rates risk risks odds hazard hazards incidence prevalence frequency probability likelihood interval
    intervals range effect effects impact influence benefit benefits role importance safety efficacy
    effectiveness tolerability feasibility outcome outcomes endpoint endpoints end-point end-points primary
    secondary them it this those these others other majority most half third quarter rest remainder total
    average sum country countries center centers centre centres hospital hospitals site sites region regions
    world china europe japan india america usa uk africa asia korea germany france italy spain canada figure fig
    table appendix supplement material section level type types kind kinds form forms stage grade score-matching
    imputation sensitivity specificity accuracy auc power sample size weight weights reason reasons cause causes
    aim objective question hypothesis trend trends pattern patterns information knowledge attention support
    concern interest questionnaire interview survey recruitment inclusion exclusion attrition certainty sequence
    cell cells point points unit units term terms part parts line lines side way addition contrast comparison
    respect example instance order view fact background setting settings context significance confidence
    presence absence lack extent degree magnitude same former latter one ones two three four five six seven
    eight nine ten event-free disease-free progression-free male female males females compliance
    population-based index-case cycle cycles course courses session sessions visit-window characteristic
    characteristics history comorbidity comorbidities diabetes hypertension obesity deviation deviations
    violation violations sharing seeking reference references response-evaluable consensus agreement concordance
    expression staining amplification amplifications rearrangement rearrangements aberration aberrations
    phosphorylation inhibition plateau interaction interactions escalation accrual signal antigen antigens
    """
)
_NOT_IN = _words(
    """
    patients subjects participants individuals people men women children adults infants studies trials articles
    meta-analysis meta-analyses heterogeneity bias interval intervals criteria guidelines literature versus
    baseline
    exposure exposures
    """
)
_GENERIC_OUTCOME = lazy_regex(
    r"(?:(?:poor|adverse|good)\s)(?:(?:clinical|functional|neurological|maternal|"
    r"neonatal|perinatal|pregnancy|"
    r"cardiac|renal|composite)\s)?outcomes?",
    re.IGNORECASE,
)
# Heads that are adjectives, and the nouns that only look like them.
_ADJECTIVE = lazy_regex(
    r"(?:ous|ful|less|able|ible|wise|ward|al|ic|ar|ary|ive|ory|high|low|highest|lowest|worst|best|deep|free|good|"
    r"poor|new|old|young|open|significant|different|relevant|frequent|recurrent|present|absent|consistent|important|"
    r"moderate|severe|mild|major|minor|adequate|complete|similar)$",
    re.IGNORECASE,
)
_NOUN_ALL_THE_SAME = lazy_regex(
    r"(?:withdrawal|removal|survival|refusal|referral|reversal|renewal|retinal|panic|colic|scar|memory|"
    r"biopsy-negative|appraisal)$",
    re.IGNORECASE,
)
# Words before "in" or "of" whose object is the outcome: "a reduction in X", "the development of X".
_CHANGES = _words(
    """
    improvement improvements reduction reductions decrease decreases increase increases change changes difference
    differences decline declines rise rises fall falls gain gains worsening elevation elevations risk risks rate rates
    odds incidence incidences likelihood probability prevalence frequency number level levels proportion development
    occurrence onset new-onset need needs presence
    """
)
_BARE = _words(
    """
    improvement improvements reduction reductions decrease decreases increase increases change changes decline
    declines rise gain gains elevation elevations progress loss losses failure failures need use event events
    symptom symptoms
    """
)
_PARTICIPLE = lazy_regex(
    r"(?!(?:bleed|swell|vomit|itch|flush|wheez|burn|scarr|heal|hear|sleep|walk|breath|pac|feed|bruis|cramp|stent|"
    r"weigh|swallow|loosen|clott|"
    r"bind|graft|cardi|sting|ting|snor|choking|cross|stag|weep|gagg)\w*ing)\w{3,}ing\b",
    re.IGNORECASE,
)


def _is_stop(word: str) -> bool:
    """Whether a word ends a phrase."""
    lower = word.lower()
    return lower in _STOPS or (lower.endswith(("ed", "ly")) and not _KEPT.search(lower))


def phrase_after(text: str, start: int, end: int) -> Pair | None:
    """The phrase that begins at `start`, without articles and words of degree before it."""
    limit = min(end, start + MAX_REACH)
    first = last = position = start
    count = 0
    while position < limit and count < MAX_WORDS:
        match = _WORD.match(text, position, limit)
        if match is None:
            break
        word, following = match[0].lower(), match.end()
        preposition = _PREPOSITION.match(text, following, limit)
        if preposition is not None and word in _CHANGES and preposition["word"] in {"in", "of", "for"}:
            first = last = position = preposition.end()  # "a reduction in X"
            count = 0
            continue
        if count == 0 and _is_degree(text, word, following, limit):
            position = first = following + 1
            continue
        if _is_stop(word):
            break
        last, count = following, count + 1
        if text[last : last + 1] not in {" ", "/"}:
            break
        aside = _ASIDE.match(text, last, limit)
        if preposition is not None:
            if (
                word not in _RELATIONAL
                or preposition["word"] == "in"
                or not _opens_name(text, preposition.end(), limit)
            ):
                break
            position = preposition.end()  # "loss of vision"
        elif aside is not None and text[aside.end()] == " " and _opens_name(text, aside.end() + 1, limit):
            position = aside.end() + 1  # "heart failure (HF) admission"
        else:
            position = last + 1
    return _trimmed(text, first, last) if last > first else None


def _is_degree(text: str, word: str, end: int, limit: int) -> bool:
    """Whether an article or word of degree stands before a name that does not need it."""
    if word not in _LEADING or text[end : end + 1] != " ":
        return False
    return word not in _KEEP_LEADING or not _opens_name(text, end + 1, limit)


def _opens_name(text: str, start: int, limit: int) -> bool:
    word = _WORD.match(text, start, limit)
    return word is not None and not _is_stop(word[0]) and word[0].lower() not in _NOT_HEADS


def phrase_before(text: str, floor: int, end: int) -> Pair | None:
    """The phrase that ends at `end`."""
    window = max(floor, end - MAX_REACH)
    words = list(_WORD.finditer(text, window, end))
    if not words or words[-1].end() != end:
        return None
    first, count, after = end, 0, end
    for match in reversed(words):
        gap = text[match.end() : after]
        if gap in {") ", "] "} and text[match.start() - 1] in "([":  # "rating scale (NRS) scores"
            after = match.start() - 2
            continue
        if match.end() != end and gap not in {"", " ", "/"}:
            break
        if _is_stop(match[0]):
            first = _over_preposition(text, words, match, first, window)
            break
        if match.start() == window and window > floor and text[window - 1].isalnum():
            break
        if match.start() and text[match.start() - 1] in "-0123456789":
            break
        first, after, count = match.start(), match.start(), count + 1
        if count == MAX_WORDS:
            break
    while (word := _WORD.match(text, first, end)) and word[0].lower() in _LEADING - _KEEP_LEADING and word.end() < end:
        first = word.end() + 1
    return _trimmed(text, first, end) if first < end else None


def _over_preposition(text: str, words: list[re.Match[str]], stop: re.Match[str], first: int, window: int) -> int:
    """Where a phrase begins whose head stands before "of": "loss of vision"."""
    if stop[0].lower() not in {"of", "for"}:
        return first
    index = words.index(stop)
    head = words[index - 1] if index else None
    if head is None or head[0].lower() not in _RELATIONAL or text[head.end() : stop.start()] != " ":
        return first
    begin = head.start()
    modifier = words[index - 2] if index > 1 else None
    if modifier is not None and text[modifier.end() : begin] == " " and not _is_stop(modifier[0]):
        begin = modifier.start()
    return begin if begin > window or window == 0 else first


def _trimmed(text: str, start: int, end: int) -> Pair | None:
    """The phrase without a trailing word that only says that something happens."""
    words = list(_WORD.finditer(text, start, end))
    if len(words) > 1 and _GENERIC_OUTCOME.fullmatch(text, start, end):
        return start, end
    while words and words[-1][0].lower() in _TRAILING:
        words.pop()
    return (start, words[-1].end()) if words else None


def phrases_after(text: str, start: int, end: int) -> Iterator[Pair]:
    """The phrase at `start` and those that a list joins to it."""
    position = start
    for _ in range(MAX_MEMBERS):
        phrase = phrase_after(text, position, end)
        if phrase is None or not names_outcome(text, *phrase):
            return
        yield phrase
        aside = _ASIDE.match(text, phrase[1], end)
        separator = _SEPARATOR.match(text, aside.end() if aside else phrase[1], end)
        if separator is None:
            return
        position = separator.end()


def phrases_before(text: str, floor: int, end: int) -> Iterator[Pair]:
    """The phrase that ends at `end` and those that a list joins to it, the last first."""
    position = end
    for _ in range(MAX_MEMBERS):
        aside = _ASIDE_BEFORE.search(text, max(floor, position - 15), position)
        phrase = phrase_before(text, floor, aside.start() if aside else position)
        if phrase is None or not names_outcome(text, *phrase):
            return
        yield phrase
        separator = _SEPARATOR_BEFORE.search(text, max(floor, phrase[0] - 14), phrase[0])
        if separator is None or separator.start() <= floor or not separator[0].strip():
            return
        position = separator.start()


def head_of(text: str, start: int, end: int) -> str:
    """The head of a phrase in lower case."""
    preposition = _PREPOSITION.search(text, start, end)
    return _words_of(text, start, preposition.start() if preposition else end)[-1]


def names_outcome(text: str, start: int, end: int) -> bool:
    """Whether a phrase can name an outcome and no people, study, method or treatment."""
    head, name = head_of(text, start, end), text[start:end]
    if _GENERIC_OUTCOME.fullmatch(name):
        return True
    if (
        head in _NOT_HEADS
        or head.startswith("post-")
        or (_ADJECTIVE.search(head) and not _NOUN_ALL_THE_SAME.search(head))
    ):
        return False
    lower = name.lower()
    if lower in _BARE or lower in _LEADING or (" " in name and _PARTICIPLE.match(name)):
        return False
    if len(name) < MIN_NAME and not (name.isupper() and len(name) > 1):
        return False
    return _NOT_IN.isdisjoint(_words_of(text, start, end))


def _words_of(text: str, start: int, end: int) -> list[str]:
    return text[start:end].lower().replace("/", " ").split() or [""]
