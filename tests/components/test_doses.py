"""Doses: number and unit with its denominators, agent, shared units, and amounts that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Bisoprolol <dose value=1.25 unit=mg agent=bisoprolol>1.25 mg</dose> was started.",
        "Bisoprolol <dose value=1.25 unit=mg agent=bisoprolol>1·25 mg</dose> was started.",
        "Methotrexate <dose value=15 unit=mg/m2 agent=methotrexate>15 mg/m²</dose> was given.",
        "Methotrexate <dose value=15 unit=mg/m2 agent=methotrexate>15 mg/m<sup>2</sup></dose> was given.",
        "Methotrexate <dose value=15 unit=mg/m2 agent=methotrexate>15mg/m2</dose> was given.",
        "Infliximab <dose value=5 unit=mg/kg agent=infliximab>5 mg/kg</dose> was given at week 0.",
        "Prednisolone <dose value=1 unit=mg/kg/d agent=prednisolone>1 mg/kg/day</dose> was given.",
        "Prednisolone <dose value=1 unit=mg/kg/d agent=prednisolone>1 mg/kg per day</dose> was given.",
        "Trastuzumab <dose value=6 unit=mg/kg/{dose} agent=trastuzumab>6 mg/kg per dose</dose> was given.",
        "Vincristine <dose value=1.5 unit=mg/m2/{dose} agent=vincristine>1.5 mg/m<sup>2</sup> per dose</dose> was"
        " given.",
        "Heparin <dose value=18 unit=[IU]/kg/h agent=heparin>18 IU/kg/h</dose> followed.",
        "Digoxin <dose value=125 unit=ug agent=digoxin>125 mcg</dose> daily was kept.",
        "Digoxin <dose value=125 unit=ug agent=digoxin>125 μg</dose> daily was kept.",
        "Digoxin <dose value=62.5 unit=ug agent=digoxin>62.5 micrograms</dose> daily was kept.",
        "Ferric carboxymaltose <dose value=1000 unit=mg>1,000 mg</dose> was infused.",
        "Ferric carboxymaltose <dose value=1000 unit=mg>1\u202f000 mg</dose> was infused.",
        "Cytarabine <dose value=3 unit=g/m2 agent=cytarabine>3 g/m²</dose> was given.",
        "Insulin glargine <dose value=0.2 unit=U/kg>0.2 U/kg</dose> was given at night.",
        r"Tacrolimus <dose value=15 unit=ug/m2/d agent=tacrolimus>15 $\mu\text{g}/\text{m}^2/\text{day}$</dose>"
        r" was given.",
        "The breast received <dose value=50 unit=Gy agent=radiation>50 Gy</dose> in 25 fractions.",
        "Patients received TBI at <dose value=12 unit=Gy agent=TBI>12 Gy</dose> in 6 fractions over 3 days.",
        "Cranial radiotherapy with <dose value=1800 unit=cGy agent=radiation>1800 cGy</dose> was planned.",
    ],
)
def test_number_unit_and_denominators(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Dobutamine at <dose low=2.5 high=10 unit=ug/kg/min agent=dobutamine>2.5–10 µg/kg/min</dose> was infused.",
        "Mycophenolate at <dose low=30 high=60 unit=mg/kg>30–60 mg/kg</dose> was given.",
        "Aspirin <dose low=75 high=100 unit=mg agent=aspirin>75 to 100 mg</dose> daily was given.",
        "The dose of levothyroxine ranged from <dose low=50 high=150 unit=ug>50 to 150 µg</dose>.",
        "TBI of <dose low=9.9 high=12 unit=Gy agent=TBI>9.9–12 Gy</dose> was given.",
    ],
)
def test_a_range_stays_a_range(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Tacrolimus <dose value=5 unit=ug/m2/d>5</dose> or <dose value=15 unit=ug/m2/d>15 µg/m²/day</dose> was given.",
        "Apixaban <dose value=2.5 unit=mg agent=apixaban>2.5</dose> and <dose value=5 unit=mg>5 mg</dose> were"
        " compared.",
        "Semaglutide <dose value=3 unit=mg>3</dose>, <dose value=7 unit=mg>7</dose> or <dose value=14 unit=mg>14"
        " mg</dose>.",
        "Tirzepatide (<dose value=5 unit=mg>5</dose>, <dose value=10 unit=mg>10</dose> or <dose value=15 unit=mg>15"
        " mg</dose>) was given.",
        "Risankizumab <dose value=75 unit=mg>75</dose> vs. <dose value=150 unit=mg>150 mg</dose> was tested.",
        "The dose of ribavirin was raised from <dose value=600 unit=mg>600</dose> to <dose value=800 unit=mg>800"
        " mg</dose>.",
    ],
)
def test_values_that_share_a_unit_are_spans_of_their_own(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        'Aspirin ≤<dose value=100 unit=mg bound="<=">100 mg</dose> was allowed.',
        'Prednisone at < <dose value=10 unit=mg bound="<">10 mg</dose> was allowed.',
        "Apixaban <dose value=5 unit=mg bound=none>5 mg</dose> twice daily was given.",
        "Busulfan <dose>3.2 mg/kg</dose> on days -6 to -3 was given.",
        "Edoxaban <dose>60 mg</dose> once daily for 12 months was given.",
        "Melphalan at a total dose of <dose>140 mg/m²</dose> was given.",
        "Adalimumab <dose>40 mg</dose> every other week cleared psoriasis.",
    ],
)
def test_comparators_and_schedules_stay_outside(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Children with a body weight of 10 kg or less got apixaban.",
        "Infants with a surface of 0.5 m² got apixaban.",
        "Filgrastim was stopped at a leukocyte count of 300 × 10^9/L.",
        "The graft held 5 × 10⁶/kg CD34-positive cells.",
        "Rituximab was infused over 4 h and then 90 min.",
        "Aspirin was given to those aged 18 to 65 years.",
        "Ferritin was 30 ng/mL under iron and haemoglobin 10 g/dL.",
        "LDL cholesterol fell to 70 mg/dL under atorvastatin.",
        "Creatinine was 2.1 mg/dL under tacrolimus.",
        "The trough of tacrolimus was 8 ng/mL.",
        "Blood pressure fell by 10 mm Hg under amlodipine.",
        "FEV1 rose by 120 mL in the second year.",
        "Proteinuria exceeded 500 mg/day under losartan.",
        "Patients walked 34 m further in 6 min.",
        "FEV1 rose by 120 mL with tiotropium.",
        "Left ventricular mass fell by 8 g with losartan.",
        "Nintedanib slowed the decline of FVC to 115 mL/year.",
        "The AUC of axitinib was 266 µg·h/mL.",
        "The mean dose of propofol was 140 ± 30 mg.",
    ],
)
def test_other_measures_are_no_doses(check: Check, text: str) -> None:
    check(text, "dose")


@pytest.mark.parametrize(
    "marked",
    [
        "Metformin <dose agent=metformin>500 mg</dose> and sitagliptin <dose agent=sitagliptin>100 mg</dose> were"
        " combined.",
        "A dose of <dose agent=metformin>500 mg</dose> metformin was given.",
        "A dose of <dose agent=metformin>500 mg</dose> of metformin was given.",
        "Adults received <dose agent=none>500 mg</dose> daily.",
        "Metformin was started. The dose was <dose agent=metformin>500 mg</dose>.",
        "Jardiance <dose agent=empagliflozin>10 mg</dose> was given.",
        "Acetaminophen <dose agent=acetaminophen>1 g</dose> was given.",
        "Patients weighing 30 to 40 kg received <dose agent=none>50 mg</dose>.",
        "They received <dose value=5 unit=mL agent=lidocaine>5 mL</dose> of 2% lidocaine.",
    ],
)
def test_the_agent_is_the_generic_name_or_none(check: Check, marked: str) -> None:
    check(marked)
