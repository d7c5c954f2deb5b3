"""Which demo do the tests look at? One for the whole run, made once by `daybreak demo` on one morning; each has a copy of it.

Making it takes most of a minute, and three kinds of tests look at it: the rows, the command, the pages in a browser.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday; whatever day the tests are run, the demo is the same
SAID = "said.txt"


def copy(factory: pytest.TempPathFactory, to: Path) -> str:
    """Put one's own copy of it there; what the command said when it made it."""
    made = _made(factory)
    shutil.copytree(made / "demo", to)
    place = to / "clinic.json"
    place.write_text(place.read_text().replace(str(made / "demo"), str(to)))
    return (made / SAID).read_text()


def surroundings(**more: str) -> dict[str, str]:
    """Of a program that is no clinic of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


def _made(factory: pytest.TempPathFactory) -> Path:
    """Whoever comes first makes it, and the other workers wait: where another one had been interrupted, and beside a database
    that is not its own."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "one-demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / SAID).exists():
            half = folder / "demo"
            half.mkdir(mode=0o700)
            (half / "demo.json").write_text('{"ready": false}')
            (half / "daybreak.sqlite3").write_text("torn")
            (half / "mine.txt").write_text("stays")
            words = [sys.executable, "-m", "tests.one_demo", "--folder", str(half), "--make-only"]
            nobodys = {"DAYBREAK_DATABASE": "postgres://nobody@127.0.0.1:1/clinic", "TZ": "UTC"}
            done = subprocess.run(words, env=surroundings(**nobodys), capture_output=True, text=True, timeout=600)
            assert (done.returncode, done.stderr) == (0, "")
            (folder / SAID).write_text(done.stdout)
    return folder


class _ThatMorning(datetime):
    """The clock of the command."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return NOW


if __name__ == "__main__":
    from daybreak.cli import demo
    from daybreak.cli.main import main

    demo.datetime = _ThatMorning  # type: ignore[misc, attr-defined]
    raise SystemExit(main(["demo", *sys.argv[1:]]))
