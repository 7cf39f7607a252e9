"""Outcomes by construction: a noun phrase that the words around it, and a number beside it, show to be an outcome.

The lexicon knows names; this knows sentences: "the risk of X (HR 0.8)", "X occurred in 12%", "8% developed X",
"higher X (OR 1.4)". A phrase counts only where a figure of its sentence reports it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.components import Places
from extract.components.noun_phrases import head_of, phrase_before, phrases_after, phrases_before
from extract.document import CharSpan

Pair = tuple[int, int]

_ADVERB = r"(?:\w+ly\s|also\s|only\s|more\s|most\s|less\s|not\s|often\s|each\s)"
_RATE_WORDS = (
    r"(?:(?i:risks?|odds|hazards?|incidences?|rates?|probabilit(?:y|ies)|prevalences?|likelihood|frequenc(?:y|ies)|"
    r"occurrences?|chances?|susceptibility)|(?:HR|OR|RR|IRR|SHR|aHR|aOR)s?)"
)
# "the risk of X", "a hazard ratio (HR) for X", "incidence rates of X"
_RATE_OF = re.compile(
    rf"(?<!heart )(?<!pulse )(?<!respiratory )(?<!flow )(?<!infusion )(?<!filtration )\b{_RATE_WORDS}(?:\s(?:rates?|ratios?|increase|reduction))?(?:\s[(\[][A-Za-z]{{2,4}}[)\]])?\s(?:of|for|to)\s"
)
# "X risk", "X incidence of 12%", "the X rate was 5%"
_RATE_AFTER = re.compile(
    r"\s(?:risks?|incidences?|rates?|prevalences?|frequenc(?:y|ies)|probabilit(?:y|ies)|likelihood)"
    r"(?=\s?[(\[,]|\s(?:of|was|were|is|are|at|in|between|among|by|with|for|and|compared|after|per|to|ranged|reached)\b)"
)
_BE = r"(?:was|were|is|are|has\sbeen|have\sbeen|had\sbeen|being)"
_SEEN = (
    r"(?:observed|seen|reported|noted|recorded|documented|detected|found|diagnosed|experienced|identified|confirmed|"
    r"achieved|obtained|developed|encountered|described|reached|required|necessary|needed)"
)
# "X was observed in 12%", "X occurred in 3 patients"
_OCCURRED = re.compile(
    rf"\s(?:{_BE}\s{_ADVERB}{{0,2}}{_SEEN}|{_ADVERB}?(?:occurred|developed|happened|arose|emerged|ensued)"
    r"(?=\s(?:only\s|\w+ly\s|more\s|less\s)?(?:in|among|at|after|during|within|with|on|for|\d|often|frequently))|\s(?:occurring|developing)\sin)\b"
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|adolescents?|"
    r"cases|recipients|donors|survivors|mothers|neonates|newborns|residents|hips|knees|eyes|of\s(?:them|these|whom|those))"
)
# "12% of patients developed X"
_HAD = re.compile(
    r"\b(?:(?P<strong>developed|develop|developing|experienced|experience|experiencing|suffered(?:\sfrom)?|suffering|"
    r"sustained|achieved|achieving|attained|reached|maintained|required|requiring|needed|(?:(?:was|were|tested|turned|became)\s)?positive\sfor|complained\sof|exhibited|exhibiting)|"
    r"(?P<weak>had|reported|reporting|showed|showing|demonstrated|displayed|presented\swith))\s"
)
_SUBJECT = re.compile(rf"(?:[^;:]*\b{_PEOPLE}\b[^;:,]*|[\s)]*(?:[\w-]+\s){{0,3}})$", re.IGNORECASE)
# A phrase after these is no subject of its sentence.
_GOVERNED = re.compile(
    r"\b(?:in|with|without|after|before|for|during|by|from|at|on|between|among|receiving|undergoing|to|following|under|until|via|using|on|against|per|"
    r"requiring|than|as|despite|including|(?<!cases\s)(?<!episodes\s)(?<!events\s)(?<!number\s)(?<!signs\s)(?<!symptoms\s)of|had|have|has)\s(?:(?:the|a|an|any|all|their|prior|previous|early|late)\s)*$"
)
_OF_ANOTHER = re.compile(r"\b(?:by|in|(?<!need\s)for|from|at|to|after|of|on|per|during|among|versus|vs\.|than)\s(?:the\s|an?\s)?$")
_NOT_A_RATE = frozenset("heart pulse respiratory flow infusion dose dosing filtration sedimentation sampling metabolic follow-up ventricular".split())
_THEREBY = re.compile(r"\s(?:requiring|needing|leading\sto|resulting\sin|necessitating|prompting|causing)\s$")
# Words before a bracketed effect that make the phrase between an outcome.
_COMPARED = re.compile(
    r"\b(?:lower|higher|reduced|increased|fewer|greater|less|more|decreased|elevated|excess|shorter|longer|better|worse|"
    r"improved|worsened|prevented|lowered|raised|(?:reduc|lower|decreas|increas|improv|prevent|rais)(?:es?|ing)|"
    r"(?:reductions?|decreases?|increases?|improvements?|differences?|rise|declines?|changes?|elevation|gains?|benefits?)\s"
    r"(?:\w+\s){0,3}(?:in|for|on|of)|"
    r"(?:effects?|impact|influence)\s(?:on|of\s[\w-]+\son)|"
    r"(?:associat(?:ed|ion)|correlat(?:ed|ion)|linked)\s(?:\w+\s)?(?:with|to)|"
    r"(?:predict(?:ors?|ive)|risk\sfactors?|protective\sfactors?)\s(?:of|for)|predict(?:ed|s)|"
    r"(?:association|relationship|correlation|link)s?\sbetween\s[^,;()]{2,60}\sand|"
    r"protect(?:ed|s|ive)\s(?:against|from)|(?:led|leads|leading|contribut\w+)\sto|"
    r"resulted\sin|favou?r(?:ed|ing)|in\sterms\sof|regarding)\s(?:(?:the|a|an|any|significantly|both|new|overall)\s)*$"
)
_PREDICTED = re.compile(
    r"\b(?:(?:risk|prognostic|protective)\sfactors?\s(?:for|of)|predictors?\s(?:of|for)|"
    r"(?:were|was|are|is|be|been)\s(?:\w+ly\s){0,2}(?:associated\swith|predictive\sof|linked\sto|related\sto)|predict(?:ed|s|ing))\s"
    r"(?:an?\s|the\s)?(?:(?:significantly\s)?(?:increased|decreased|higher|lower|reduced|greater|elevated)\s)?"
    r"(?:risks?\sof\s|odds\sof\s|rates?\sof\s|incidence\sof\s)?"
)
_TIME_TO = re.compile(r"\b[Tt]ime\s(?:to|until)\s(?=[A-Za-z])")
# "mean X was 4.1": what is averaged, where it is a result and not who the people were
_AVERAGE = re.compile(r"\b(?:[Mm]ean|[Mm]edian)\s(?=[A-Za-z])")
_AVERAGED = re.compile(
    r"(?:thresholds?|scores?|ind(?:ex|ices)|levels?|concentrations?|stay|loss|volumes?|pressures?|gradients?|velocity|amplitudes?|impedance|thickness|density|"
    r"distance|strength|consumption|clearance|(?:operati(?:ve|ng|on)|procedur(?:e|al)|fluoroscopy|surgical|healing|ventilation|waiting|recovery|union)\stime|"
    r"duration)$",
    re.IGNORECASE,
)
_NOT_AVERAGED = re.compile(
    r"\b(?:age|follow-?up|observation|body|weight|BMI|dose|number|prior|previous|baseline|initial|education|disease\sduration|"
    r"duration\sof\s(?:disease|illness|symptoms|treatment|therapy|follow-up|diabetes))\b|duration$",
    re.IGNORECASE,
)
_AT_BASELINE = re.compile(r"\s(?:[\w-]+\s){0,2}?(?:at\s(?:baseline|entry|enrol\w+|admission|screening|diagnosis|presentation|inclusion)|before)\b")
# "X is a common complication, with an incidence of 5%"
_WITH_INCIDENCE = re.compile(
    r",?\swith\s(?:an?\s)?(?:[\w-]+\s){0,2}(?:incidences?|prevalences?|rates?|frequenc(?:y|ies))(?:\srates?)?\s(?:of|from|ranging|between|as|up|varying|estimated)\b"
)
_IS = re.compile(r"\s(?:is|are|was|were|remains?|occurs?)\s(?:an?|one|the|common|frequent|rare|among)\b")
_CHANGED = r"(?:improvements?|reductions?|decreases?|increases?|rises?|falls?|declines?|gains?|changes?)"
# "an improvement of 50% in X", "a 20% reduction in X"
_CHANGE_BEFORE = re.compile(rf"\b{_CHANGED}\s(?:of|by)\s(?:[\w<>≥≤~-]+\s){{0,3}}$")
_CHANGE_IN = re.compile(rf"\s?(?:\([^()]{{0,60}}\)\s)?(?:(?:[\w-]+\s){{0,2}}{_CHANGED}\s)?in\s")
# "reduced X by 53%"
_BY = re.compile(
    r"\b(?:reduc|increas|improv|decreas|lower|rais|cut|shorten|prolong|enhanc|diminish)(?:e|es|ed|s|ing|ened)?\s(?=(?:[\w-]+\s){1,7}by\s)"
)
_LEVEL = re.compile(r"\s(?:was|were|of|averaged|is|at)\s(?:only\s|about\s|approximately\s)?-?\d[\d.,]*\s?[^\s\d()\[\]]{0,12}\s?[(\[,;]?\s?$")
_LIST_LEAD = re.compile(
    r"\b(?:adverse\s(?:events?|effects?|reactions?)|AEs?|TEAEs?|complications?|toxicit(?:y|ies)|side[\s-]effects?|morbidit(?:y|ies)|"
    r"reactions|symptoms)\b[^.;()\[\]]{0,80}?(?:\b(?:were|was|included|including|include|are|being|such\sas|comprised|namely)|:)\s?(?:\w+ly\s)?$"
)
_PAIR = re.compile(r"\s?(?:\([^()]{1,20}\)\s)?(?:vs\.?|versus|and|compared|against)\s")
_MEMBER = re.compile(r"\s?[(\[](?:[A-Za-z-]{2,8}[;,]\s)?(?:[nN]\s?=\s?|(?:adjusted\s|pooled\s)?[A-Za-z]{2,4}s?\s?[=:,]?\s?)?(?=[<>≤≥~]?\s?[\d.])|\sin\s(?=\d)|,\s(?=\d)")
_JOINT = re.compile(r"[)\]]?[,;]?\s(?:(?:and|or|as\swell\sas|followed\sby|plus)\s)?(?:\w+\s)?$")
_COORDINATED = re.compile(r"\s?(?:[(\[][^()\[\]]{1,12}[)\]])?(?:\s?[,/]|\s(?:and|or)\s)[^.;]{0,60}$")
_CUT = re.compile(r"[;]|\s(?:whereas|while|although|though|but|however)\s")
_AIM = re.compile(
    r"\b(?:to|could|would|should|may|might|can|will)\s(?:(?:further|also|significantly|potentially|help)\s)?(?:reduce|assess|evaluate|prevent|lower|"
    r"minimi[sz]e|determine|examine|investigate|compare|estimate|decrease|mitigate|increase|explore|study|test|identify|measure|detect|predict|"
    r"balance|define|analy[sz]e|quantify|avoid|limit)\b[^,;.()]{0,50}$"
)
_AT_RISK = re.compile(r"(?:\bat\s(?:\w+\s){0,4}|\bhigh-|\blow-|-)$")
_FACTOR = re.compile(r"\bfactors?\s$")
_COMORBID = re.compile(
    r"\b(?:comorbid\w*|baseline|histor(?:y|ies)|characteristics|underlying|pre-?existing|previous(?:ly)?|prior|diagnos[ei]s|indications?|"
    r"eligib\w+|inclusion|enrolled|at\s(?:entry|enrolment|enrollment|presentation|admission|screening|randomi[sz]ation))\b",
    re.IGNORECASE,
)
_REASONS = re.compile(r"\b[Rr]easons?\s(?:for|of|given|why)\b")
_STUDIES = re.compile(
    r"\s?(?:[\w-]+\s){0,3}?(?:studies|trials|articles|papers|publications|reviews|reports|records|citations|RCTs|meta-analyses|cohorts|"
    r"countries|cent(?:er|re)s|sites|databases|questionnaires)\b"
)
_OF_STUDIES = re.compile(
    r"\b[Oo]f\s(?:the\s|these\s|all\s)?(?:\d+\s)?(?:included\s|eligible\s|identified\s)?(?:articles|studies|trials|papers|reports)\b[^.;]{0,60},\s$"
)
_EVENT = re.compile(
    r"(?:itis|emia|osis|oses|penia|path(?:y|ies)|algia|uria|rrh[oe]*as?|rrhages?|plegia|paresis|pn(?:o)?ea|megaly|spasms?|edema|opia|"
    r"events?|complications?|reactions?|injur(?:y|ies)|ruptures?|leak(?:s|age|ages)?|dehiscence|herniae?s?|recurrences?|relapses?|deaths?|"
    r"readmissions?|admissions?|re-?operations?|re-?interventions?|revisions?|dislocations?|loosening|conversions?|transfusions?|"
    r"discontinuations?|withdrawals?|drop-?outs?|toxicit(?:y|ies)|pain|nausea|vomiting|fatigue|rash(?:es)?|headaches?|fever|pyrexia|cough|"
    r"dizziness|strokes?|attacks?|arrests?|births?|deliver(?:y|ies)|pregnanc(?:y|ies)|miscarriages?|abortions?|disabilit(?:y|ies)|"
    r"deliri\w+|dementia|suicides?|seizures?|ulcers?|thrombos[ie]s|embolisms?|perforations?|obstructions?|strictures?|"
    r"fistulae?s?|abscess(?:es)?|h(?:a)?ematomas?|swelling|loss|dysfunctions?|impairments?|insufficiency|deteriorations?|progressions?|worsening|"
    r"exacerbations?|hospitali[sz]ations?|visits|intubations?|ventilation|dialysis|rejections?|success|cures?|clearance|"
    r"resolution|healing|closure|improvements?|responses?|remissions?|recover(?:y|ies)|positivity|negativity|eradication|suppression|"
    r"infections?|fractures?|falls|bleed(?:s|ing)?|failures?|hypotension|bradycardia|tachycardia|fibrillation|arrhythmias?|block|effusions?|"
    r"palsy|weakness|dyskinesia|anaphylaxis|flushing|itching|pruritus|erythema|insomnia|somnolence|constipation|mortality|survival)$",
    re.IGNORECASE,
)
REACH_AFTER = 150  # characters between an outcome and the figure after it
REACH_EFFECT = 240
REACH_BEFORE = 90
NEAR_BEFORE = 40  # characters between a percentage and the rate that it gives


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a sentence in text order: percentages and counts, and effect measures or averages."""

    results: Sequence[Pair]
    effects: Sequence[Pair]
    spreads: Sequence[Pair] = ()  # intervals and deviations

    def __bool__(self) -> bool:
        return bool(self.results or self.effects or self.spreads)

    def starts(self, start: int, end: int) -> Iterator[int]:
        """Where the figures between two offsets begin."""
        for spans in (self.results, self.effects, self.spreads):
            for index in range(bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))):
                yield spans[index][0]

    def inside(self, place: CharSpan) -> Figures:
        """The figures of a place."""
        return Figures(*(_inside(spans, place) for spans in (self.results, self.effects, self.spreads)))


def _inside(spans: Sequence[Pair], place: CharSpan) -> Sequence[Pair]:
    return spans[bisect_left(spans, (place[0], 0)) : bisect_left(spans, (place[1], 0))]


def counts_studies(text: str, figure: Pair, end: int) -> bool:
    """Whether a figure says how many studies there are, or how many of them did something."""
    return bool(
        _STUDIES.match(text, figure[1], end) or _OF_STUDIES.search(text, max(0, figure[0] - 100), figure[0])
    )


def find_open(text: str, place: CharSpan, figures: Figures, known: Sequence[Pair], barred: Places) -> list[Pair]:
    """The phrases of a sentence that its constructions make outcomes.

    `known` are outcomes of the sentence already marked; a phrase that ends in one of the `barred` spans (drugs, trials)
    is none.
    """
    sentence = _Sentence(text, place[0], place[1], figures, sorted(known))
    found = {
        *sentence.rates_of(),
        *sentence.rates_after(),
        *sentence.occurred(),
        *sentence.had(),
        *sentence.bracketed(),
        *sentence.predicted(),
        *sentence.times_to(),
        *sentence.averaged(),
        *sentence.changed(),
        *sentence.levels(),
        *sentence.with_incidence(),
    }
    found |= set(sentence.listed([*known, *found]))
    return sorted(phrase for phrase in found if barred.at(phrase[1] - 1) is None)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    start: int
    end: int
    figures: Figures
    known: Sequence[Pair]

    def rates_of(self) -> Iterator[Pair]:
        """ "the risk of X … (HR 0.8)", "a 14% incidence of X" """
        for match in _RATE_OF.finditer(self.text, self.start, self.end):
            before = self.text[max(self.start, match.start() - 60) : match.start()]
            if _AT_RISK.search(before):
                continue
            noun = phrase_before(self.text, self.start, match.start() - 1) if match[0].lower().startswith("rate") else None
            if noun is not None and self._named(noun):
                continue  # "the success rate of a device"
            aim = _AIM.search(before)
            for phrase in phrases_after(self.text, match.end(), self.end):
                if aim and not self._attached(phrase[1]):
                    continue
                if self._after(phrase[1]) or self._percent_before(match.start()):
                    yield phrase

    def rates_after(self) -> Iterator[Pair]:
        """ "X incidence of 12%", "lower X risk (OR 0.4)" """
        for match in _RATE_AFTER.finditer(self.text, self.start, self.end):
            phrase = phrase_before(self.text, self.start, match.start())
            if phrase and self.text[phrase[0] : phrase[1]].split()[-1].lower() in _NOT_A_RATE:
                continue
            if phrase and self._named(phrase) and self._after(match.end()):
                yield phrase

    def occurred(self) -> Iterator[Pair]:
        """ "X was observed in 12% of patients" """
        for match in _OCCURRED.finditer(self.text, self.start, self.end):
            subject = match.start()
            if self.text[subject - 1 : subject] == ")":
                opened = self.text.rfind("(", self.start, subject)
                subject = opened - 1 if opened > self.start and opened > subject - 60 else subject
            if self._first(self.figures.results, match.end(), 60):
                for phrase in phrases_before(self.text, self.start, subject):
                    if _GOVERNED.search(self.text, max(self.start, phrase[0] - 40), phrase[0]):
                        break
                    yield phrase

    def had(self) -> Iterator[Pair]:
        """ "12% of patients developed X" """
        for match in _HAD.finditer(self.text, self.start, self.end):
            figure = self._last_before(match.start())
            if figure is None or not _SUBJECT.match(self.text[figure[1] : match.start()]):
                continue
            if match["weak"] and _COMORBID.search(self.text, self.start, self.end):
                continue
            for phrase in phrases_after(self.text, match.end(), self.end):
                if match["weak"] and not self._is_event(phrase):
                    break
                yield phrase

    def bracketed(self) -> Iterator[Pair]:
        """ "higher X (OR 1.4)" """
        for effect in sorted([*self.figures.effects, *filter(self._is_paired, self.figures.results)]):
            opened = max(self.text.rfind("(", self.start, effect[0]), self.text.rfind("[", self.start, effect[0]))
            if opened < 0 or effect[0] - opened > 80:
                continue
            if any(character in ")]" for character in self.text[opened : effect[0]]):
                continue
            name_end = opened - 1 if self.text[opened - 1 : opened] == " " else opened
            for phrase in phrases_before(self.text, self.start, name_end):
                if _COMPARED.search(self.text, max(self.start, phrase[0] - 60), phrase[0]):
                    yield phrase

    def _is_paired(self, figure: Pair) -> bool:
        """Whether a figure is the first of a bracketed pair: "(9% vs 6%"."""
        return bool(_PAIR.match(self.text, figure[1], self.end)) and self.text[figure[0] - 1] in "(["

    def predicted(self) -> Iterator[Pair]:
        """ "A (OR 1.4) and B (OR 2.0) were risk factors for X" """
        for match in _PREDICTED.finditer(self.text, self.start, self.end):
            if self._before(match.start(), effects_only=True) or self._effect_after(match.end()):
                yield from phrases_after(self.text, match.end(), self.end)

    def times_to(self) -> Iterator[Pair]:
        """ "time to X was 14 days" """
        for match in _TIME_TO.finditer(self.text, self.start, self.end):
            phrase = next(phrases_after(self.text, match.end(), self.end), None)
            if phrase and self._after(phrase[1]):
                yield match.start(), phrase[1]

    def averaged(self) -> Iterator[Pair]:
        """ "the mean X was 4.1" """
        for match in _AVERAGE.finditer(self.text, self.start, self.end):
            phrase = next(phrases_after(self.text, match.end(), self.end), None)
            if phrase is None or not self._effect_after(phrase[1]):
                continue
            name = self.text[slice(*phrase)]
            if _AVERAGED.search(name) and not _NOT_AVERAGED.search(name) and not _AT_BASELINE.match(self.text, phrase[1]):
                yield phrase

    def changed(self) -> Iterator[Pair]:
        """ "an improvement of 50% in X", "reduced X by 20%" """
        for figure in self.figures.results:
            inside = _CHANGE_IN.match(self.text, figure[1], self.end)
            if inside and (
                _CHANGE_BEFORE.search(self.text, max(self.start, figure[0] - 40), figure[0])
                or re.search(_CHANGED, self.text[figure[1] : inside.end()])
            ):
                yield from phrases_after(self.text, inside.end(), self.end)
        for match in _BY.finditer(self.text, self.start, self.end):
            for phrase in phrases_after(self.text, match.end(), self.end):
                by = self.text.find(" by ", phrase[1], phrase[1] + 40)
                if by >= 0 and self._first(self.figures.results, by, 30):
                    yield phrase

    def with_incidence(self) -> Iterator[Pair]:
        """ "X is a common complication, with an incidence of 5%" """
        rate = _WITH_INCIDENCE.search(self.text, self.start, self.end)
        verb = _IS.search(self.text, self.start, rate.start()) if rate else None
        if rate and verb and self._first(self.figures.results, rate.end(), 12):
            phrase = phrase_before(self.text, self.start, verb.start())
            if phrase and self._named(phrase) and phrase[0] - self.start <= 30:
                yield phrase

    def levels(self) -> Iterator[Pair]:
        """ "a higher X score of 76 (95% CI 70-81)" """
        for spread in self.figures.spreads:
            lead = _LEVEL.search(self.text, max(self.start, spread[0] - 40), spread[0])
            phrase = phrase_before(self.text, self.start, lead.start()) if lead else None
            if phrase and _AVERAGED.search(self.text[slice(*phrase)]) and not _NOT_AVERAGED.search(
                self.text, max(self.start, phrase[0] - 30), phrase[1]
            ):
                yield phrase

    def listed(self, known: Sequence[Pair]) -> Iterator[Pair]:
        """ "infections (15%), rash (3%) and X (2%)" """
        if _COMORBID.search(self.text, self.start, self.end) or _REASONS.search(self.text, self.start, self.end):
            return
        ends = {end for _, end in known}
        chain: list[Pair] = []
        outcome = False
        last = -1
        for figure in sorted([*self.figures.results, *self.figures.effects]):
            opened = self._opens(figure)
            phrase = phrase_before(self.text, max(self.start, last), opened) if opened else None
            if phrase is not None and (thereby := _THEREBY.search(self.text, max(self.start, phrase[0] - 20), phrase[0])):
                phrase = phrase_before(self.text, max(self.start, last), thereby.start())
            if phrase is None or not self._named(phrase):
                continue
            joint = last >= 0 and _JOINT.fullmatch(self.text[last : phrase[0]]) is not None
            if not joint:
                if outcome:
                    yield from chain
                chain, outcome = [], bool(_LIST_LEAD.search(self.text, max(self.start, phrase[0] - 120), phrase[0]))
            if _OF_ANOTHER.search(self.text, max(self.start, phrase[0] - 16), phrase[0]):
                continue
            chain.append(phrase)
            outcome = outcome or phrase[1] in ends
            closed = self.text.find(")", figure[1], min(self.end, figure[1] + 60))
            last = closed if closed >= 0 and self.text[opened : opened + 2].strip()[:1] in "([" else figure[1]
        if outcome:
            yield from chain

    def _opens(self, figure: Pair) -> int:
        """Where the name ends to which a bracketed figure belongs; 0 where there is none."""
        for match in _MEMBER.finditer(self.text, max(self.start, figure[0] - 24), figure[0] + 1):
            if match.end() >= figure[0] - 1:
                return match.start()
        return 0

    def _named(self, phrase: Pair) -> bool:
        return next(phrases_after(self.text, *phrase), None) is not None

    def _is_event(self, phrase: Pair) -> bool:
        return bool(_EVENT.search(head_of(self.text, *phrase)))

    def _first(self, spans: Sequence[Pair], offset: int, reach: int) -> bool:
        index = bisect_left(spans, (offset, 0))
        return (
            index < len(spans)
            and spans[index][0] - offset <= reach
            and not _CUT.search(self.text, offset, spans[index][0])
        )

    def _after(self, offset: int) -> bool:
        """Whether a figure after the offset can report what stands before it and no other outcome stands between."""
        index = bisect_left(self.known, (offset, 0))
        following = self.known[index][0] if index < len(self.known) else self.end
        if self._first(self.figures.results, offset, REACH_AFTER):
            figure = self.figures.results[bisect_left(self.figures.results, (offset, 0))]
            if figure[0] < following or _COORDINATED.match(self.text[offset:following]):
                return True
        return self._effect_after(offset)

    def _effect_after(self, offset: int) -> bool:
        return self._first(self.figures.effects, offset, REACH_EFFECT)

    def _attached(self, offset: int) -> bool:
        return self._first(self.figures.results, offset, 4) or self._first(self.figures.effects, offset, 24)

    def _last_before(self, offset: int) -> Pair | None:
        index = bisect_left(self.figures.results, (offset, 0)) - 1
        last = self.figures.results[index] if index >= 0 else None
        return last if last is not None and offset - last[1] <= REACH_BEFORE else None

    def _percent_before(self, offset: int) -> bool:
        """Whether a percentage says how high the rate is ("a 14% incidence of", "a 20% lower risk of")."""
        last = self._last_before(offset)
        return last is not None and self.text[last[1] - 1] == "%" and offset - last[1] <= NEAR_BEFORE

    def _before(self, offset: int, *, effects_only: bool = False) -> bool:
        for spans in (self.figures.effects, () if effects_only else self.figures.results):
            index = bisect_left(spans, (offset, 0)) - 1
            if index >= 0 and offset - spans[index][1] <= REACH_BEFORE and not _CUT.search(
                self.text, spans[index][1], offset
            ):
                return True
        return False

