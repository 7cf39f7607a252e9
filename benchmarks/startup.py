"""How long the commands take to start, beside `import spacy`: whole processes, run in turn, the fastest of each."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile

from harness import ROOT, best_of, show

UNIT = "python -c 'import spacy'"
SAMPLE = ROOT / "corpus" / "samples" / "cardiology.md"


def run(*command: str) -> None:
    """One process to its end; raises CalledProcessError where it fails."""
    subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        best = best_of(
            {
                UNIT: lambda: run(sys.executable, "-c", "import spacy"),
                "python -c ''": lambda: run(sys.executable, "-c", ""),
                "extract --help": lambda: run(sys.executable, "-m", "extract", "--help"),
                f"extract run {SAMPLE.name}": lambda: run(
                    sys.executable, "-m", "extract", "run", str(SAMPLE), "-o", out
                ),
            },
            chosen.rounds,
        )
    if chosen.json:
        print(
            json.dumps({name: {"seconds": took, "ratio": took / best[UNIT]} for name, took in best.items()}, indent=1)
        )
    else:
        rows = [(name, f"{took:.3f}", f"{took / best[UNIT]:.2f}") for name, took in best.items()]
        show("Whole processes", ("command", "seconds", "of import spacy"), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
