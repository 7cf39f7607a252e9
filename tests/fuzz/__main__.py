"""The long run of all targets: `python -m fuzz`, in tests/ or with PYTHONPATH=tests.

Every round of at most 1,000 cases has a seed of its own, counted from `--seed` on. A failure is told with what runs its
round again, and no other, and makes the failing case small.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import warnings
from collections.abc import Sequence

from hypothesis.errors import HypothesisWarning

from fuzz import asking, busy, deciding, files, finding, reading
from fuzz.targets import Outcome, Target, run_target

TARGETS: tuple[Target, ...] = tuple(
    target for module in (reading, finding, files, deciding, asking, busy) for target in module.TARGETS
)
PASSES = 20  # parts in which the targets take turns, so that a run that is stopped has tried all
SEED = 20_261


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the targets; 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of the targets")
    parser.add_argument("--seed", type=int, default=SEED, help="of the first round")
    parser.add_argument("--cases", type=int, help="of each target instead of its usual number")
    parser.add_argument("--minutes", type=float, help="after which no further round begins")
    parser.add_argument("--shrink", action="store_true", help="one round, with its failing case made small")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore", HypothesisWarning)
    targets = [target for target in TARGETS if chosen.only in target.name]
    end = time.monotonic() + 60 * chosen.minutes if chosen.minutes else float("inf")
    outcomes = {target.name: Outcome() for target in targets}
    seeds = dict.fromkeys(outcomes, chosen.seed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended so, it reports too
    print(f"seed {chosen.seed}", flush=True)
    try:
        passes = 1 if chosen.shrink else PASSES
        for number in range(passes):
            for target in targets:
                if time.monotonic() > end:
                    raise KeyboardInterrupt
                cases = _share(chosen.cases or target.many, number, passes)
                _run(target, outcomes[target.name], seeds, cases=cases, shrink=chosen.shrink)
    except KeyboardInterrupt:
        print("stopped before the end", flush=True)
    _report(outcomes)
    return int(any(outcome.failures for outcome in outcomes.values()))


def _share(cases: int, number: int, passes: int) -> int:
    """How many of some cases one of the passes runs."""
    return cases * (number + 1) // passes - cases * number // passes


def _run(target: Target, outcome: Outcome, seeds: dict[str, int], *, cases: int, shrink: bool) -> None:
    known = set(outcome.failures)
    seeds[target.name] = run_target(target, outcome, cases=cases, start=seeds[target.name], shrink=shrink)
    for kind in outcome.failures.keys() - known:
        print(f"--- {kind}\n{outcome.failures[kind]}", flush=True)
    print(f"{target.name}: {outcome.cases}", file=sys.stderr, flush=True)


def _report(outcomes: dict[str, Outcome]) -> None:
    wide = max(map(len, outcomes), default=0)
    for name, outcome in outcomes.items():
        print(f"{name:{wide}} {outcome.cases:>9,} cases {len(outcome.failures):>4} kinds of failure")
    print(f"{'all':{wide}} {sum(each.cases for each in outcomes.values()):>9,} cases")


if __name__ == "__main__":
    sys.exit(main())
