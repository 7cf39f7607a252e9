"""Arms and subgroups: whom a value belongs to; whole cohorts, outcomes and times are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.pipeline import make_doc
from extract.readers import parse_text

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Stroke occurred in 4% in the <arm kind=arm>apixaban</arm> arm and 6% in the <arm kind=arm>warfarin</arm> arm.",
        "Mortality was 8% in the <arm kind=arm>control group</arm>.",
        "Weight fell by 6% in the <arm kind=arm>low-carbohydrate diet</arm> group.",
        "Stroke was seen in 4% and 6% of the <arm>apixaban</arm> and <arm>warfarin</arm> arms, respectively.",
        'Remission was 30% in the "<arm>step-up</arm>" arm.',
        "Events fell by 12% in <arm>group A</arm> and by 3% in <arm>group B</arm>.",
        "Of the children in the <arm kind=arm>inhaled corticosteroid</arm> group, 12% wheezed.",
        "Relapse was seen in 20% of the <arm kind=subgroup>high-risk group</arm>.",
        "Failure was seen in 36% in the <arm kind=arm>5-day arm</arm> and 37% in the <arm kind=arm>14-day arm</arm>.",
        "Bleeding was seen in 4% in the <arm kind=arm>apixaban 5 mg</arm> group.",
        "Peak flow rose by 12% in the <arm>chest physiotherapy and exercise</arm> group.",
    ],
)
def test_an_arm_by_its_noun(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Nausea was seen in 12% of both groups.",
        "Death occurred in 3% of each treatment arm.",
        "The Lakeside Study Group reported on 12% of them.",
        "Ten per cent were lost in a retrospective cohort study.",
        "Patients were enrolled in two parallel groups (50% each).",
    ],
)
def test_groups_without_a_name_are_no_arms(check: Check, text: str) -> None:
    check(text, "arm")


@pytest.mark.parametrize(
    "marked",
    [
        "Gout flared in 12 of 60 patients given <arm kind=arm>colchicine</arm> and in 25 of 60 given"
        " <arm kind=arm>placebo</arm>.",
        "Asthma was controlled in 40% of those treated with <arm kind=arm>budesonide plus formoterol</arm>.",
        "Bleeding was seen in 4% of patients who received <arm kind=arm>warfarin</arm>.",
        "Of the 70 patients who <arm kind=subgroup>underwent splenectomy</arm>, 12% had sepsis.",
        "Mortality was 18% in patients <arm kind=arm>managed conservatively</arm>.",
        "Cure was seen in 60% of <arm kind=arm>ivermectin</arm>-treated children.",
    ],
)
def test_people_by_what_they_were_given(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Wheeze was seen in 47 and 92% of children with <arm kind=subgroup>\u22655</arm> or"
        " <arm kind=subgroup><5% eosinophils</arm>, respectively.",
        "Stroke occurred in 9% of patients <arm kind=subgroup>aged 75-84 years</arm>.",
        "Cure was seen in 80% of children <arm kind=subgroup>older than 6 months</arm>.",
        "Death occurred in 12% of <arm kind=subgroup>frail patients</arm>.",
        "Relapse was 40% in patients with <arm kind=subgroup>severe disease</arm>.",
        "Relapse was 8% in patients <arm kind=subgroup>without cirrhosis</arm>.",
        "Of the 14 patients who <arm kind=subgroup>relapsed after surgery</arm>, two died.",
        "Clearance was seen in 70% of <arm kind=subgroup>nonsmokers</arm>.",
        "Cure was 60% among <arm kind=subgroup>men</arm> and 70% among <arm kind=subgroup>women</arm>.",
        "Relapse was 20% in patients with <arm kind=subgroup>fewer than 300 eosinophils</arm>.",
        "Relapse was 20% in <arm kind=subgroup>biomarker-positive patients</arm>.",
    ],
)
def test_people_set_apart(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Of 51 patients, 12% had a stroke.",
        "The trial enrolled 240 patients with moderate psoriasis; 12% dropped out.",
        "In a study of 60 elderly patients, 12% fell.",
        "All patients received colchicine, and 12% had diarrhoea.",
        "Eighty untreated patients were randomised, and 5% withdrew.",
        "Stage IV patients made up 20%.",
    ],
)
def test_whole_cohorts_are_no_arms(check: Check, text: str) -> None:
    check(text, "arm")


@pytest.mark.parametrize(
    "marked",
    [
        "Remission was better with <arm role=index>infliximab</arm> vs. <arm role=reference>azathioprine</arm> (40 vs."
        " 22%).",
        "Bleeding was rarer with <arm role=index>apixaban</arm> than with <arm role=reference>warfarin</arm> (2% vs."
        " 4%).",
        "<arm role=index>Apixaban</arm> reduced stroke by 20% compared with <arm role=reference>aspirin</arm>.",
        "Compared with <arm role=reference>placebo</arm>, <arm role=index>apixaban</arm> reduced stroke by 20%.",
        "Stroke occurred in 4% in the <arm role=index>apixaban</arm> arm vs. 6% in the"
        " <arm role=reference>warfarin</arm> arm.",
        "Pneumonia developed in 15% with <arm role=index>amikacin</arm>, as against 95 of 430 (22%) with"
        " <arm role=reference>placebo</arm>.",
        "Stroke occurred in 4% versus 6% in <arm role=index>apixaban</arm> and <arm role=reference>warfarin</arm>"
        " patients.",
        "The superiority of <arm role=index>apixaban</arm> over <arm role=reference>placebo</arm> was clear"
        " (p = 0.01).",
        "Recurrence was 2% with <arm role=index>26 Gy</arm> vs. <arm role=reference>40 Gy</arm>.",
    ],
)
def test_the_sides_of_a_comparison(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Mortality was 4% versus 6% at 5 years.",
        "Pain fell by 20% compared with baseline.",
        "More than 60% of patients had a rash.",
        "It was a matter of days rather than weeks in 12%.",
    ],
)
def test_comparisons_of_numbers_and_times_name_no_arms(check: Check, text: str) -> None:
    check(text, "arm")


@pytest.mark.parametrize(
    "marked",
    [
        "Adults were randomised to <arm>early physiotherapy</arm> or to <arm>usual care</arm>.",
        "They were assigned in a 2:1 ratio to <arm>colchicine</arm> or <arm>placebo</arm>.",
        "They were assigned to <arm>edoxaban 15 mg</arm>, <arm>edoxaban 30 mg</arm> and <arm>no anticoagulant</arm>.",
        "They were assigned to <arm>cisplatin, etoposide and bleomycin</arm> or <arm>carboplatin</arm>.",
    ],
)
def test_what_people_are_assigned_to(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Peak flow rose by 12% with <arm>budesonide</arm> and by 2% with <arm>placebo</arm>.",
        "Bleeding was seen in 2% on <arm>apixaban</arm>.",
        "<arm>Colchicine plus aspirin</arm> lowered the relapse rate to 12%.",
        "<arm>Exercise</arm> was associated with a gain of 12%.",
        "Remission was 47% with either <arm>infliximab or adalimumab</arm>.",
        "Toxicity was 4% with the <arm>triplet</arm> and 2% with the <arm>doublet</arm>.",
        "Neuropathy was seen in 4% <arm>without vincristine</arm>.",
        "Rash was less frequent with <arm>2.5 mg</arm> (3% vs. 6%).",
        "Cure was 53, 54 and 20% with <arm>baloxavir</arm>, <arm>oseltamivir</arm>, and <arm>placebo</arm>.",
        "Response was 40% with <arm>cisplatin, etoposide and bleomycin chemotherapy</arm>.",
    ],
)
def test_treatments_beside_their_result(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Experience with colchicine is limited; 12% of doctors have any.",
        "The placebo-controlled design cost 12% more.",
        "Colchicine is an old drug.",
        "Better disease control was seen in 12%.",
    ],
)
def test_treatments_without_a_result_are_no_arms(check: Check, text: str) -> None:
    check(text, "arm")


def test_a_name_once_established_is_marked_wherever_it_stands(check: Check) -> None:
    check(
        "Wheeze was seen in 4% in the <arm>HFNC</arm> arm and 6% in the <arm>CPAP</arm> arm. On day 3, 12% of"
        " <arm>HFNC</arm> recipients and 20% after <arm>CPAP</arm> were intubated."
    )


def test_a_common_name_is_an_arm_only_beside_a_result(check: Check) -> None:
    mentions = " ".join(f"Centre {number} began PCI in its own way." for number in range(10, 24))
    check(f"{mentions} Death occurred in 4% in the <arm>PCI</arm> group. It was 3% with <arm>PCI</arm>.")


def test_labels_columns_and_headers_of_tables(check: Check) -> None:
    check(
        "Table 1. Stroke\n\n"
        "Outcome\t<arm kind=arm>Placebo</arm> (n = 47)\t<arm kind=arm>Apixaban</arm> (n = 50)\n"
        "Stroke, n (%)\t4 (8.5)\t2 (4.0)\n\n"
        "Table 2. Survival\n\n"
        "Study\tRegimen\tOS\n"
        "First\t<arm kind=arm>Warfarin</arm>; <arm kind=arm>no anticoagulant</arm>\t<arm>CR1</arm>: 85%"
        " <arm kind=subgroup>CR2</arm>: 56%\n"
    )


def test_the_disease_of_the_title_tells_no_subgroup(nlp: Language) -> None:
    heading = "# Psoriasis in the elderly\n\n## Results\n\n"
    text = f"{heading}Relapse was 12% in patients with psoriasis and 8% in elderly patients."
    doc = make_doc(nlp, parse_text(text))
    assert [span.text for span in doc.spans["arms"]] == []


@pytest.mark.parametrize(
    "marked",
    [
        "Leak was seen in 3% after <arm>stapled anastomosis</arm> and 9% after <arm>hand-sewn anastomosis</arm>.",
        "Cure was 91% in <arm kind=subgroup>children</arm> and 74% in <arm kind=subgroup>adults</arm>.",
        "Cure was 90% for <arm kind=subgroup>low-risk</arm> and 41% for <arm kind=subgroup>high-risk patients</arm>.",
        "Rejection was 3% (SE 1.2%) with <arm>related donors</arm> and 9% (SE 2%) with <arm>unrelated donors</arm>.",
        "Cure was 84% for <arm kind=subgroup>stage II</arm> and, for <arm kind=subgroup>stage III</arm>, it was 59%.",
        "In <arm>lean mothers</arm>, sepsis occurred in 2%; in <arm>obese mothers</arm>, it occurred in 5%.",
        "Asthma was found in 12% of <arm kind=subgroup>cases</arm> and 4% of <arm>controls</arm>.",
        "Birth rates were 27% and 29% after <arm>fresh</arm> and <arm>frozen embryo transfer</arm>, respectively.",
        "Rash was seen in 21% (<arm>apixaban</arm>), 24% (<arm>warfarin</arm>) and 20% (<arm>placebo</arm>).",
        "None of 34 <arm kind=subgroup>mothers</arm> and one of 35 <arm kind=subgroup>newborns</arm> died.",
        "Death was more frequent after <arm>emergency surgery</arm> (18% vs. 4%).",
        "Of the <arm kind=subgroup>survivors</arm>, 22% had a stroke.",
        "In studies using <arm kind=subgroup>continuous monitoring</arm>, stroke was found in 12%.",
    ],
)
def test_what_fills_parallel_frames(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Survival was 84% at 2 years and 71% at 5 years.",
        "Survival was 84% in the study and 71% in another report.",
        "Asthma was found in 12% in Norway and in 9% in Greece.",
        "Nausea was seen in 12% of patients and fever in 9% of patients.",
        "The rate was 12% for nausea and 9% for vomiting.",
        "Stroke occurred in 4% in addition, and in 5% in general.",
    ],
)
def test_times_places_studies_and_outcomes_fill_no_frame(check: Check, text: str) -> None:
    check(text, "arm")


@pytest.mark.parametrize(
    "marked",
    [
        "In 90 infants, <arm>caffeine</arm> was compared with <arm>placebo</arm>.",
        "Treatment with <arm>dexamethasone</arm> shortened stay (HR 0.71; 95% CI 0.55-0.92).",
        "<arm>Apixaban</arm>, <arm>warfarin</arm> and <arm>placebo</arm> led to bleeding in 8, 6 and 2%, respectively.",
        "Relief was seen in 71%, 68% and 40% of patients on <arm>20 mg</arm>, <arm>10 mg</arm> and <arm>placebo</arm>.",
        "At the <arm>recommended dose</arm>, 39% were cured.",
        "The difference between <arm>apixaban</arm> and <arm>warfarin</arm> was 4% (95% CI 2-6%).",
    ],
)
def test_treatments_set_side_by_side(check: Check, marked: str) -> None:
    check(marked)
