"""Endpoints: named ones at every mention, number-bound ones only with their number, status uses left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "The 2-year <endpoint code=OS>OS</endpoint> was better than the <endpoint code=EFS>EFS</endpoint>.",
        "Median <endpoint code=PFS>progression-free survival</endpoint> (<endpoint code=PFS>PFS</endpoint>) was"
        " longer.",
        "100-day <endpoint code=TRM>treatment-related mortality</endpoint> (<endpoint code=TRM>TRM</endpoint>)"
        " was low.",
        "<endpoint code=SURVIVAL>Survival</endpoint> was longer with trastuzumab.",
        "The 5-year <endpoint code=SURVIVAL>survival</endpoint> rate was higher.",
        "The <endpoint code=ORR>objective response rate</endpoint> was higher with olaparib.",
        "The <endpoint code=RELAPSE>relapse rate</endpoint> fell with ocrelizumab.",
        "The <endpoint code=RELAPSE>cumulative incidence of relapse</endpoint>"
        " (<endpoint code=RELAPSE>CIR</endpoint>) fell.",
        "The primary endpoint was <endpoint code=MACE>MACE</endpoint> at 3 years.",
        "The drug lowered <endpoint code=DEATH>all-cause mortality</endpoint> in heart failure.",
        "The drug lowered <endpoint code=CV_DEATH>cardiovascular death</endpoint> and"
        " <endpoint code=STROKE>stroke</endpoint>.",
        "The drug lowered <endpoint code=HF_HOSP>heart failure hospitalisation</endpoint> in both sexes.",
        "The drug lowered <endpoint code=HF_HOSP>hospitalizations for heart failure</endpoint> in both sexes.",
        "It raised the risk of <endpoint code=BLEEDING>major bleeding</endpoint> in stroke units.",
        "Severe <endpoint code=AE>adverse events</endpoint> were rare with secukinumab.",
        "<endpoint code=AGVHD>Acute GVHD</endpoint> was rare after haploidentical grafts.",
        "<endpoint code=CGVHD>Chronic graft-versus-host disease</endpoint> was rare after kidney and marrow grafts.",
        "<endpoint code=FN>Febrile neutropenia</endpoint> and <endpoint code=MUCOSITIS>mucositis</endpoint> were"
        " common.",
        "<endpoint code=CRS>Cytokine release syndrome</endpoint> (<endpoint code=CRS>CRS</endpoint>) and"
        " <endpoint code=ICANS>ICANS</endpoint> were mild.",
        "The <endpoint code=VOD_SOS>VOD/SOS</endpoint> was mild.",
        "<endpoint code=MRD_NEG>MRD negativity</endpoint> was the goal.",
        "<endpoint code=OTHER>pCR</endpoint> was the primary endpoint in early breast cancer.",
        "<endpoint code=OTHER>ACR20</endpoint> and <endpoint code=OTHER>PASI75</endpoint> were reached early.",
    ],
)
def test_named_endpoints_without_time_arm_or_number(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The mean <endpoint>6-min walk distance</endpoint> increased by 34 m (95% CI 12 to 56).",
        "<endpoint code=BP>Systolic blood pressure</endpoint> fell by a mean of 8.1 mm Hg (95% CI 5.0 to 11.2).",
        "The <endpoint>change in HbA1c</endpoint> was larger (mean difference -0.6%, 95% CI -0.9 to -0.3).",
        "<endpoint>Quality of life</endpoint> improved more (mean difference 3.6, 95% CI 1.9 to 5.3).",
        "<endpoint>Peak VO2</endpoint> rose by 1.1 mL/kg/min (95% CI 0.4 to 1.8).",
    ],
)
def test_measures_with_their_change(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "HSCT in CR1 is standard, in CR2 it is disputed.",
        "HSCT in CR was offered to adults.",
        "Patients in remission were followed for 2 years.",
        "MRD-negative patients had less therapy.",
        "Adults with relapsed or refractory lymphoma were enrolled.",
        "Children in first relapse were enrolled.",
        "Patients with a history of GvHD were excluded.",
        "Patients with a history of stroke were excluded.",
        "Patients with a previous myocardial infarction were excluded.",
        "Survivors of stroke need care.",
        "GVHD prophylaxis was tacrolimus.",
        "The CRS grading scale is old.",
        "Safety and efficacy were good, and the outcome was reported.",
    ],
)
def test_a_status_or_population_is_no_endpoint(check: Check, text: str) -> None:
    check(text, "endpoint")


@pytest.mark.parametrize(
    "marked",
    [
        "Two patients <endpoint code=RELAPSE>relapsed</endpoint>.",
        "Of 43 patients, 18 <endpoint code=DEATH>died</endpoint>.",
        "At 3 years, 80% were <endpoint code=ALIVE>alive</endpoint>.",
        "Twelve of 20 patients <endpoint code=HSCT>proceeded to HSCT</endpoint>.",
        "<endpoint code=INFECTION>Infections</endpoint> occurred in 15% of the grafts.",
        "<endpoint code=THROMBOCYTOPENIA>Thrombocytopenia</endpoint> was seen in 12 patients.",
        "<endpoint code=SECOND_MALIGNANCY>Second malignancies</endpoint> were seen in 4% of survivors.",
        "<endpoint>Toxicity</endpoint> of grade 3 was seen in 9% of the patients.",
        "<endpoint>Mortality</endpoint> was 12% after stroke.",
        "All patients <endpoint>responded</endpoint> within a month.",
        "None <endpoint code=DEATH>died</endpoint>.",
        "No patient <endpoint code=RELAPSE>relapsed</endpoint> in either arm.",
        "Both <endpoint code=DEATH>died</endpoint> early.",
        "<endpoint>Nausea</endpoint> was reported by 21% of the patients with diabetes.",
    ],
)
def test_number_bound_outcomes_with_their_number(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Some patients relapsed or died early.",
        "Infections and thrombocytopenia remain a concern.",
        "The mortality and the toxicity of the scheme are feared.",
        "Second malignancies are feared.",
        "Patients who proceeded to HSCT were older.",
        "Nausea is common with metformin.",
    ],
)
def test_number_bound_outcomes_without_a_number_are_none(check: Check, text: str) -> None:
    check(text, "endpoint")


@pytest.mark.parametrize(
    "marked",
    [
        "<endpoint code=MRD_LEVEL>MRD</endpoint> was <0.005% in one infant.",
        "One infant became <endpoint code=MRD_NEG>MRD negative</endpoint>.",
        "Ten patients achieved <endpoint code=MRD_NEG>MRD-negativity</endpoint>.",
        "The <endpoint code=CR>CR</endpoint> rate was 81% in adults.",
        "<endpoint code=REMISSION>Remission</endpoint> was induced in 61% of those with colitis.",
    ],
)
def test_states_that_are_reached(check: Check, marked: str) -> None:
    check(marked)


def test_table_headers_and_row_labels_that_carry_values(check: Check) -> None:
    check(
        "Outcome\tVericiguat (n = 200)\tPlacebo (n = 200)\n"
        "<endpoint code=DEATH>Death</endpoint>, n (%)\t20 (10.0)\t28 (14.0)\n"
        "<endpoint code=MI>Myocardial infarction</endpoint>, n (%)\t8 (4.0)\t9 (4.5)\n"
        "<endpoint>Nausea</endpoint>, n (%)\t30 (15.0)\t26 (13.0)"
    )
    check(
        "Study\tN\t<endpoint code=EFS>EFS</endpoint> (%)\t<endpoint code=OS>OS</endpoint> (%)\n"
        "KESTREL\t40\t51\t60\nMARBLE\t35\t48\t62"
    )


def test_a_symbol_that_the_document_defines_otherwise_is_none(check: Check) -> None:
    check("Operating system (OS) updates matter. The OS was old and the OS was slow.", "endpoint")
