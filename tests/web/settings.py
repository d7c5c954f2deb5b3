"""With which settings do the tests run? Those of a clinic, in a folder of their own.

`DAYBREAK_TEST_DATABASE=postgres` starts a PostgreSQL server for the run; without it the database is SQLite.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="daybreak-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["DAYBREAK_HOME"] = str(HOME)
for name in ("DAYBREAK_DATABASE", "DAYBREAK_PUBLIC_URL"):
    os.environ.pop(name, None)

from daybreak.web import place  # noqa: E402

place.make(profile="clinic", public_url="https://clinic.example.org", database=None)

from daybreak.web.settings import *  # noqa: E402, F403
from daybreak.web.settings import DATABASES  # noqa: E402

if os.environ.get("DAYBREAK_TEST_DATABASE") == "postgres":
    from daybreak.web import database
    from tests.web.postgres import address

    DATABASES["default"] = database.settings(address())
else:
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}  # in memory there is no journal to ask about

# Made to be slow; tests make hundreds. tests/web/test_settings.py asks about the real one.
PASSWORD_HASHERS = ["tests.web.hasher.QuickHasher"]
