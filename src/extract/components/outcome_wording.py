"""The wording of results: the words around a noun phrase that make it an outcome, or that show it to be none."""

from __future__ import annotations

import re

from extract.patterns import lazy_regex

_ADVERB = r"(?:\w+ly\s|also\s|only\s|more\s|most\s|less\s|not\s|often\s|each\s)"
# "the risk of X", "a hazard ratio (HR) for X", "incidence rates of X"
_RATE_NOUNS = """
    risk risks odds hazard hazards incidence incidences rate rates probability probabilities prevalence
    prevalences likelihood frequency frequencies occurrence occurrences chance chances susceptibility ratio
    ratios
"""
RATES = frozenset(_RATE_NOUNS.split())
RATIOS = frozenset({"HR", "HRs", "OR", "ORs", "RR", "RRs", "IRR", "IRRs", "SHR", "aHR", "aOR", "aHRs", "aORs"})
OBJECT_OF = lazy_regex(r"\b(?P<word>[A-Za-z]+)(?:\s[(\[][A-Za-z]{2,4}[)\]])?\s(?:of|for|to)\s")
# "X risk", "X incidence of 12%", "the X rate was 5%"
RATE_AFTER = lazy_regex(
    r"\s(?:risks?|incidences?|rates?|prevalences?|frequenc(?:y|ies)|probabilit(?:y|ies)|likelihood)"
    r"(?=\s?[(\[,]|\s(?:of|was|were|is|are|at|in|between|among|by|with|for|and|compared|after|per|to|ranged|reached)\b)"
)
_BE = r"(?:was|were|is|are|has\sbeen|have\sbeen|had\sbeen|being)"
_SEEN = (
    r"(?:observed|seen|reported|noted|recorded|documented|detected|found|diagnosed|experienced|identified|confirmed|"
    r"achieved|obtained|developed|encountered|described|reached|required|necessary|needed)"
)
# "X was observed in 12%", "X occurred in 3 patients"
OCCURRED = lazy_regex(
    rf"\s(?:{_BE}\s{_ADVERB}{{0,2}}{_SEEN}|{_ADVERB}?(?:occurred|developed|happened|arose|emerged|ensued)"
    r"(?=\s(?:only\s|\w+ly\s|more\s|less\s)?(?:in|among|at|after|during|within|with|on|for|\d|often|frequently))|"
    r"\s(?:occurring|developing)\sin)\b"
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|"
    r"adolescents?|"
    r"cases|recipients|donors|survivors|mothers|neonates|newborns|residents|hips|knees|eyes|of\s(?:them|these|whom|"
    r"those))"
)
# "12% of patients developed X"
HAD = lazy_regex(
    r"\b(?:(?P<strong>developed|develop|developing|experienced|experience|experiencing|suffered(?:\sfrom)?|suffering|"
    r"sustained|achieved|achieving|attained|reached|maintained|required|requiring|needed|(?:(?:was|were|tested|"
    r"turned|became)\s)?positive\sfor|complained\sof|exhibited|exhibiting)|"
    r"(?P<weak>had|reported|reporting|showed|showing|demonstrated|displayed|presented\swith))\s"
)
SUBJECT = lazy_regex(rf"(?:[^;:]*\b{_PEOPLE}\b[^;:,]*|[\s)]*(?:[\w-]+\s){{0,3}})$", re.IGNORECASE)
# A phrase after these is no subject of its sentence.
GOVERNED = lazy_regex(
    r"\b(?:in|with|without|after|before|for|during|by|from|at|on|between|among|receiving|undergoing|to|following|"
    r"under|until|via|using|on|against|per|"
    r"requiring|than|as|despite|including|"
    r"(?<!cases\s)(?<!episodes\s)(?<!events\s)(?<!number\s)(?<!signs\s)(?<!symptoms\s)of|had|have|has)\s(?:(?:the|a|"
    r"an|any|all|their|prior|previous|early|late)\s)*$"
)
OF_ANOTHER = lazy_regex(
    r"\b(?:by|in|(?<!need\s)for|from|at|to|after|of|on|per|during|among|versus|vs\.|than)\s(?:the\s|an?\s)?$"
)
# Words before "rate" with which it is no frequency of events.
NOT_A_RATE = frozenset(
    {"heart", "pulse", "respiratory", "ventricular", "flow", "infusion", "dose", "dosing", "filtration"}
    | {"sedimentation", "sampling", "metabolic", "follow-up"}
)
THEREBY = lazy_regex(
    r"\s(?:requiring|needing|leading\sto|resulting\sin|necessitating|prompting|causing)\s(?:(?:an?|the|new|further|"
    r"another)\s)*$"
)
# A preposition under which a phrase only says more of the one before it: "revision due to loosening".
UNDER = lazy_regex(
    r"\s(?:(?:due|attributable|owing|related)\sto|because\sof|secondary\sto|for|from|after|following|in|at|on|of|"
    r"with|by|during)\s"
    r"(?:(?:the|a|an|any|all|their|early|late)\s)*$"
)
# Words before a bracketed effect that make the phrase between an outcome.
COMPARED = lazy_regex(
    r"\b(?:lower|higher|reduced|increased|fewer|greater|less|more|decreased|elevated|excess|shorter|longer|better|"
    r"worse|"
    r"improved|worsened|prevented|lowered|raised|(?:reduc|lower|decreas|increas|improv|prevent|rais)(?:es?|ing)|"
    r"(?:reductions?|decreases?|increases?|improvements?|differences?|rise|declines?|changes?|elevation|gains?|"
    r"benefits?)\s"
    r"(?:\w+\s){0,3}(?:in|for|on|of)|"
    r"(?:effects?|impact|influence)\s(?:on|of\s[\w-]+\son)|"
    r"(?:associat(?:ed|ion)|correlat(?:ed|ion)|linked)\s(?:\w+\s)?(?:with|to)|"
    r"(?:predict(?:ors?|ive)|risk\sfactors?|protective\sfactors?)\s(?:of|for)|predict(?:ed|s)|"
    r"(?:association|relationship|correlation|link)s?\sbetween\s[^,;()]{2,60}\sand|"
    r"protect(?:ed|s|ive)\s(?:against|from)|(?:led|leads|leading|contribut\w+)\sto|"
    r"resulted\sin|favou?r(?:ed|ing)|in\sterms\sof|regarding)\s(?:(?:the|a|an|any|significantly|both|new|overall)\s)*$"
)
PREDICTED = lazy_regex(
    r"\b(?:(?:risk|prognostic|protective)\sfactors?\s(?:for|of)|predictors?\s(?:of|for)|"
    r"(?:were|was|are|is|be|been)\s(?:\w+ly\s){0,2}(?:associated\swith|predictive\sof|linked\sto|related\sto)|"
    r"predict(?:ed|s|ing))\s"
    r"(?:an?\s|the\s)?(?:(?:significantly\s)?(?:increased|decreased|higher|lower|reduced|greater|elevated)\s)?"
    r"(?:risks?\sof\s|odds\sof\s|rates?\sof\s|incidence\sof\s)?"
)
TIME_TO = lazy_regex(r"\b[Tt]ime\s(?:to|until)\s(?=[A-Za-z])")
# "mean X was 4.1": what is averaged, where it is a result and not who the people were
AVERAGE = lazy_regex(r"\b(?:[Mm]ean|[Mm]edian)\s(?=[A-Za-z])")
AVERAGED = lazy_regex(
    r"(?:thresholds?|scores?|ind(?:ex|ices)|levels?|concentrations?|stay|loss|volumes?|pressures?|gradients?|"
    r"velocity|amplitudes?|impedance|thickness|density|"
    r"distance|strength|consumption|clearance|(?:operati(?:ve|ng|on)|procedur(?:e|al)|fluoroscopy|surgical|healing|"
    r"ventilation|waiting|recovery|union)\stime|"
    r"duration)$",
    re.IGNORECASE,
)
NOT_AVERAGED = lazy_regex(
    r"\b(?:age|follow-?up|observation|body|weight|BMI|dose|number|prior|previous|baseline|initial|education|"
    r"disease\sduration|"
    r"duration\sof\s(?:disease|illness|symptoms|treatment|therapy|follow-up|diabetes))\b|duration$",
    re.IGNORECASE,
)
AT_BASELINE = lazy_regex(
    r"\s(?:[\w-]+\s){0,2}?(?:at\s(?:baseline|entry|enrol\w+|admission|screening|diagnosis|presentation|inclusion)|"
    r"before)\b"
)
# "X is a common complication, with an incidence of 5%"
WITH_INCIDENCE = lazy_regex(
    r",?\swith\s(?:an?\s)?(?:[\w-]+\s){0,2}(?:incidences?|prevalences?|rates?|frequenc(?:y|ies))(?:\srates?)?\s(?:of|"
    r"from|ranging|between|as|up|varying|estimated)\b"
)
IS = lazy_regex(r"\s(?:is|are|was|were|remains?|occurs?)\s(?:an?|one|the|common|frequent|rare|among)\b")
CHANGED = r"(?:improvements?|reductions?|decreases?|increases?|rises?|falls?|declines?|gains?|changes?)"
# "an improvement of 50% in X", "a 20% reduction in X"
CHANGE_BEFORE = lazy_regex(rf"\b{CHANGED}\s(?:of|by)\s(?:[\w<>≥≤~-]+\s){{0,3}}$")
CHANGE_IN = lazy_regex(rf"\s?(?:\([^()]{{0,60}}\)\s)?(?:(?:[\w-]+\s){{0,2}}{CHANGED}\s)?in\s")
# "reduced X by 53%"
BY = lazy_regex(
    r"\b(?:reduc|increas|improv|decreas|lower|rais|cut|shorten|prolong|enhanc|diminish)(?:e|es|ed|s|ing|"
    r"ened)?\s(?=(?:[\w-]+\s){1,7}by\s)"
)
LEVEL = lazy_regex(
    r"\s(?:was|were|of|averaged|is|at)\s(?:only\s|about\s|"
    r"approximately\s)?-?\d[\d.,]*\s?[^\s\d()\[\]]{0,12}\s?[(\[,;]?\s?$"
)
LIST_LEAD = lazy_regex(
    r"\b(?:adverse\s(?:events?|effects?|reactions?)|AEs?|TEAEs?|complications?|toxicit(?:y|ies)|side[\s-]effects?|"
    r"morbidit(?:y|ies)|"
    r"reactions|symptoms)\b[^.;()\[\]]{0,80}?(?:\b(?:were|was|included|including|include|are|being|such\sas|"
    r"comprised|namely)|:)\s?(?:\w+ly\s)?$"
)
PAIR = lazy_regex(r"\s?(?:\([^()]{1,20}\)\s)?(?:vs\.?|versus|and|compared|against)\s")
MEMBER = lazy_regex(
    r"\s?[(\[](?:[A-Za-z-]{2,8}[;,]\s)?(?:[nN]\s?=\s?|(?:adjusted\s|"
    r"pooled\s)?[A-Za-z]{2,4}s?\s?[=:,]?\s?)?(?=[<>≤≥~]?\s?[\d.])|\sin\s(?=\d)|,\s(?=\d)"
)
JOINT = lazy_regex(r"[)\]]?[,;]?\s(?:(?:and|or|as\swell\sas|followed\sby|plus)\s)?(?:\w+\s)?$")
COORDINATED = lazy_regex(r"\s?(?:[(\[][^()\[\]]{1,12}[)\]])?(?:\s?[,/]|\s(?:and|or)\s)[^.;]{0,60}$")
CUT = lazy_regex(r"[;]|\s(?:whereas|while|although|though|but|however)\s")
AIM = lazy_regex(
    r"\b(?:to|could|would|should|may|might|can|will)\s(?:(?:further|also|significantly|potentially|"
    r"help)\s)?(?:reduce|assess|evaluate|prevent|lower|"
    r"minimi[sz]e|determine|examine|investigate|compare|estimate|decrease|mitigate|increase|explore|study|test|"
    r"identify|measure|detect|predict|"
    r"balance|define|analy[sz]e|quantify|avoid|limit)\b[^,;.()]{0,50}$"
)
AT_RISK = lazy_regex(r"(?:\bat\s(?:\w+\s){0,4}|\bhigh-|\blow-|-)$")
COMORBID = lazy_regex(
    r"\b(?:comorbid\w*|baseline|histor(?:y|ies)|characteristics|underlying|pre-?existing|previous(?:ly)?|prior|"
    r"diagnos[ei]s|indications?|"
    r"eligib\w+|inclusion|enrolled|at\s(?:entry|enrolment|enrollment|presentation|admission|screening|"
    r"randomi[sz]ation))\b",
    re.IGNORECASE,
)
REASONS = lazy_regex(r"\b[Rr]easons?\s(?:for|of|given|why)\b")
EVENT = lazy_regex(
    r"(?:itis|emia|osis|oses|penia|path(?:y|ies)|algia|uria|rrh[oe]*as?|rrhages?|plegia|paresis|pn(?:o)?ea|megaly|"
    r"spasms?|edema|opia|omas?|i[sz]ations?|perfusion|independence|patency|continence|abstinence|adherence|"
    r"satisfaction|union|cessation|regression|ovulation|reversal|cancers?|malignanc(?:y|ies)|"
    r"events?|complications?|reactions?|injur(?:y|ies)|ruptures?|leak(?:s|age|ages)?|dehiscence|herniae?s?|"
    r"recurrences?|relapses?|deaths?|"
    r"readmissions?|admissions?|re-?operations?|re-?interventions?|revisions?|dislocations?|loosening|conversions?|"
    r"transfusions?|"
    r"discontinuations?|withdrawals?|drop-?outs?|toxicit(?:y|ies)|pain|nausea|vomiting|fatigue|rash(?:es)?|"
    r"headaches?|fever|pyrexia|cough|"
    r"dizziness|strokes?|attacks?|arrests?|births?|deliver(?:y|ies)|pregnanc(?:y|ies)|miscarriages?|abortions?|"
    r"disabilit(?:y|ies)|"
    r"deliri\w+|dementia|suicides?|seizures?|ulcers?|thrombos[ie]s|embolisms?|perforations?|obstructions?|strictures?|"
    r"fistulae?s?|abscess(?:es)?|h(?:a)?ematomas?|swelling|loss|dysfunctions?|impairments?|insufficiency|"
    r"deteriorations?|progressions?|worsening|"
    r"exacerbations?|hospitali[sz]ations?|visits|intubations?|ventilation|dialysis|rejections?|success|cures?|"
    r"clearance|"
    r"resolution|healing|closure|improvements?|responses?|remissions?|recover(?:y|ies)|positivity|negativity|"
    r"eradication|suppression|"
    r"infections?|fractures?|falls|bleed(?:s|ing)?|failures?|hypotension|bradycardia|tachycardia|fibrillation|"
    r"arrhythmias?|block|effusions?|"
    r"palsy|weakness|dyskinesia|anaphylaxis|flushing|itching|pruritus|erythema|insomnia|somnolence|constipation|"
    r"mortality|survival)$",
    re.IGNORECASE,
)
