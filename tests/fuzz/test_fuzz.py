"""A little of each target, the same cases every time; the long run is `python -m fuzz`."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import strategies as st

from fuzz.__main__ import TARGETS, main
from fuzz.mutating import CHANGES, change
from fuzz.targets import Outcome, Target, TooSlowError, check_bounded, run_round, run_target

SHORT = [target for target in TARGETS if target.few]


@pytest.mark.parametrize("target", SHORT, ids=lambda target: target.name)
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_nothing_breaks_on_what_was_changed(target: Target) -> None:
    outcome = Outcome()
    run_round(target, outcome, cases=target.few, number=1)
    assert outcome.cases >= target.few


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_the_same_every_time(kind: str) -> None:
    text = "Survival was 71.3% (95% CI 60-72) in 18/43 patients."
    made = {change(text, [(kind, one, other, "&e;")]) for one in (3, 40) for other in (1, 5)}
    assert made == {change(text, [(kind, one, other, "&e;")]) for one in (3, 40) for other in (1, 5)}
    assert made != {text}


# ------------------------------------------------------------------------------------------- the run sees what is wrong


def _target(check: object, **options: int) -> Target:
    return Target("made up", lambda: st.integers(0, 9), check, few=1, many=1, **options)  # type: ignore[arg-type]


def test_a_failure_is_told_once_with_its_seed_and_found_again() -> None:
    def check(case: int) -> None:
        assert case != 7, "seven"

    outcome = Outcome()
    run_target(_target(check, a_round=20), outcome, cases=60, start=5)
    (told,) = outcome.failures.values()
    assert "seven" in told
    number, cases = (int(told.split(f"--{name} ")[1].split()[0]) for name in ("seed", "cases"))
    with pytest.raises(AssertionError, match="seven"):
        run_round(_target(check), Outcome(), cases=cases, number=number)


def test_a_case_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: int) -> None:
        end = time.process_time() + 20
        while time.process_time() < end:
            pass

    monkeypatch.setattr("fuzz.targets.SECONDS", 0.001)
    monkeypatch.setattr("fuzz.targets.SECONDS_A_CHARACTER", 0.0)
    with pytest.raises(TooSlowError):
        check_bounded(_target(check), 3)


def test_with_shrink_one_round_runs_as_it_ran_before(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[tuple[int, int]] = []

    def note(_target: Target, outcome: Outcome, *, cases: int, number: int, shrink: bool) -> None:
        outcome.cases += cases
        rounds.append((number, cases))

    monkeypatch.setattr("fuzz.targets.run_round", note)
    main(["--only", "names", "--seed", "7", "--cases", "900", "--shrink"])
    assert rounds == [(7, 900)]
    main(["--only", "names", "--seed", "7", "--cases", "900"])
    assert rounds[1:] == [(7 + number, 45) for number in range(20)]


def test_a_run_counts_its_cases_by_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "names", "--cases", "40", "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("seed 3\n")
    assert "names        40 cases    0 kinds of failure" in printed


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    """Warnings that a run has switched off are on again."""
    with warnings.catch_warnings():
        yield
