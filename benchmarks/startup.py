"""What whole processes cost beside `import spacy`: processor time and most memory, run in turn, the least of each.

All run with their byte code cached, as after an installation. `--check` exits with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import ROOT, show

UNIT = "python -c 'import spacy'"
HELP = "extract --help"
SAMPLE = ROOT / "corpus" / "samples" / "cardiology.md"
RUN = f"extract run {SAMPLE.name}"
MAX_RATIO = {HELP: 0.2, RUN: 1.8}  # over `import spacy`
MAX_MEMORY = {RUN: 250}  # MB


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Processor seconds and most MB of one process; raises CalledProcessError where it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1000)


def measure_all(folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Seconds, their ratio to `import spacy`, and MB of each command; `folder` takes what they write."""
    commands = {
        UNIT: ["-c", "import spacy"],
        "python -c ''": ["-c", ""],
        HELP: ["-m", "extract", "--help"],
        RUN: ["-m", "extract", "run", str(SAMPLE), "-o", str(folder / "out")],
    }
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, arguments in commands.items():
            measured = measure([sys.executable, *arguments], environment)
            if number:  # the first round only writes the byte code
                runs[name].append(measured)
    least = {name: min(seconds for seconds, _ in each) for name, each in runs.items()}
    return {
        name: {"seconds": took, "ratio": took / least[UNIT], "megabytes": max(memory for _, memory in runs[name])}
        for name, took in least.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure_all(Path(folder), chosen.rounds)
    if chosen.json:
        print(json.dumps(found, indent=1))
    else:
        show(
            "Whole processes",
            ("command", "processor seconds", "of import spacy", "wanted", "most MB"),
            [
                (name, f"{row['seconds']:.3f}", f"{row['ratio']:.2f}", _wanted(name), f"{row['megabytes']:.0f}")
                for name, row in found.items()
            ],
        )
    missed = [
        f"{name}: {found[name]['ratio']:.2f} > {most}"
        for name, most in MAX_RATIO.items()
        if found[name]["ratio"] > most
    ]
    missed += [
        f"{name}: {found[name]['megabytes']:.0f} MB > {most} MB"
        for name, most in MAX_MEMORY.items()
        if found[name]["megabytes"] > most
    ]
    for each in missed:
        print(f"missed: {each}", file=sys.stderr)
    return int(chosen.check and bool(missed))


def _wanted(name: str) -> str:
    return f"at most {MAX_RATIO[name]}" if name in MAX_RATIO else ""


if __name__ == "__main__":
    sys.exit(main())
