"""File systems that are full or cannot be written, in memory and for one shell script each."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

MOUNTED = "mount -t tmpfs -o {options} none {place}"


def run_mounted(place: Path, options: str, script: str) -> subprocess.CompletedProcess[str]:
    """A shell script that sees a file system in memory at `place`, which leaves with it; skips where none can be."""
    place.mkdir(exist_ok=True)
    mount = MOUNTED.format(options=options, place=place)
    try:
        subprocess.run(["unshare", "--mount", "--map-root-user", "sh", "-c", mount], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")
    command = ["unshare", "--mount", "--map-root-user", "sh", "-c", f"{mount} && {script}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)
