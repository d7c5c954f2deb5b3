"""Does what a benchmark measures still answer? (what it says of speed is never asked here)"""

from __future__ import annotations

import json
import subprocess
import sys


def test_the_clinic_that_is_measured_answers_every_search_and_page() -> None:
    asked = [sys.executable, "-m", "benchmarks.large", "sqlite", "5"]
    told = subprocess.run(asked, input="once\n", capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    ready, times = told.stdout.splitlines()
    found = json.loads(times)
    assert ready == "ready"
    assert len(found["page"]) == len(found["search"]) > 0
