"""Where is a file of SQLite that has every table and no row? Made once for each state of the migrations, then copied.

`python -m tests.web.migrated FILE` makes one; it is kept beside pytest's cache. Whoever uses a copy still asks whether a
migration is missing, and tests/web/test_commands.py sets a clinic up from nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import django

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".pytest_cache" / "migrated"


def copied(to: Path) -> Path:
    """A copy of it at that path. Who comes first makes it, those that come meanwhile wait, and older ones go."""
    KEPT.mkdir(parents=True, exist_ok=True)
    found = KEPT / f"{_state()}.sqlite3"
    with closing((KEPT / "lock").open("w")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            for older in KEPT.glob("*.sqlite3"):
                older.unlink()
            with tempfile.TemporaryDirectory(prefix="daybreak-migrated-") as home:
                new = Path(home, "new.sqlite3")
                kept = {
                    name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))
                }
                command = [sys.executable, "-m", "tests.web.migrated", str(new)]
                subprocess.run(command, env={**kept, "DAYBREAK_HOME": home}, cwd=ROOT, check=True)
                shutil.move(new, found)
        shutil.copyfile(found, to)
    return to


def _state() -> str:
    """A digest of all that decides which tables there are."""
    web = ROOT / "daybreak" / "web"
    files = [
        *web.glob("*/migrations/*.py"),
        *web.glob("*/models.py"),
        web / "fresh.py",
        web / "append_only.py",
        web / "database.py",
        web / "settings.py",
    ]
    told = [django.__version__, *(f"{file.relative_to(ROOT)}\n{file.read_text('utf-8')}" for file in sorted(files))]
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def _make(file: str) -> None:
    from daybreak.web import place
    from daybreak.web.start import begin

    place.make(profile="clinic", public_url="https://clinic.example.org", database=f"sqlite://{file}")
    begin(migrate=True)
    from django.db import connections

    connections.close_all()  # with the last one the journal goes into the file


if __name__ == "__main__":
    _make(sys.argv[1])
