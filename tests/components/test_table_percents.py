"""Implicit percentages: bare numbers of cells whose column, row, section or count says that they are percentages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Study\tEFS (%)\tN\nA\t<percent value=55 implicit=true role=value>55</percent>\t120\n"
        "B\t<percent value=41.5>41.5</percent>\t80",
        "| Arm | Bleeding (%) |\n|---|---|\n| Iron | <percent value=3.1 implicit=true>3.1</percent> |\n"
        "| Placebo | <percent value=4.4>4.4</percent> |",
        "Outcome\tVericiguat\tPlacebo\nDeath, n (%)\t20 (<percent value=10.0 implicit=true>10.0</percent>)\t28"
        " (<percent>14.0</percent>)\n"
        "Stroke, n (%)\t4 (<percent>2.0</percent>)\t6 (<percent>3.0</percent>)",
        "Outcome\tIron (n = 47)\tPlacebo (n = 50)\nNausea\t28"
        " (<percent value=59.6 implicit=true>59.6</percent>)\t10 (<percent>20.0</percent>)\n"
        "Fever\t5 (<percent>10.6</percent>)\t6 (<percent>12.0</percent>)",
        "Study\tEFS\tOS\nA\t<percent value=71 implicit=true>71</percent> (3-y, SE"
        " 4.9)\t<percent value=80>80</percent> (3-y, SE 4.1)\n"
        "B\t<percent>62</percent> (3-y, SE 5.2)\t<percent>70</percent> (3-y, SE 4.8)",
        "Study\tDrug\tRemission\nA\tinfliximab\t<percent value=31 implicit=false>31%</percent>\n"
        "B\tplacebo\t<percent>12%</percent>",
        "Variable\tNo. of studies\tMean or percentage (interval)\nAge (years)\t16\t64.6 (62.2 to 67.0)\n"
        "Men (%)\t14\t<percent value=76.9 implicit=true>76.9</percent>"
        " (<percent low=70.2 high=83.1 role=interval>70.2 to 83.1</percent>)",
        "Variable\tn\tDrug\tP value\nMen (%)\t120\t<percent value=61 implicit=true>61</percent>\t0.03\n"
        "Women (%)\t90\t<percent>39</percent>\t0.4",
        "Arm\tBleeding (%)\nIron\t<percent>3.1</percent>; <percent>4.4</percent>; <percent>2.9</percent>\n"
        "Placebo\t<percent>0.8</percent> vs. <percent>1.1</percent>",
    ],
)
def test_bare_numbers_under_a_sign(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Study\tN\tMedian age\nA\t120\t55\nB\t80\t41.5",
        "Study\tHR (95 CI)\tN\nA\t0.79 (0.69-0.90)\t120\nB\t1.10 (0.61-2.00)\t80",
        "Study\tMedian OS (months)\tYear\nA\t12.5\t2010\nB\t14.1\t2012",
        "Measure\tIron\tPlacebo\nAge, mean (SD)\t67.3 (10.9)\t66.1 (11.2)\nBMI, mean (SD)\t27.1 (4.2)\t27.9 (4.8)",
    ],
)
def test_other_bare_numbers_of_cells_are_none(check: Check, text: str) -> None:
    check(text, "percent")
