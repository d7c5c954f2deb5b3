"""Where is a clinic to measure? (a new one in a temporary folder, with one administrator; once in a process)"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime

HOST = "clinic.example.org"


def make(*, database: str = "sqlite") -> str:
    """Set it up and begin Django; its folder. `database` is `sqlite` or `postgres`, which is started for this process."""
    home = tempfile.mkdtemp(prefix="daybreak-bench-", dir="/var/tmp")  # a disk: /tmp may be memory
    os.environ["DAYBREAK_HOME"] = home
    from daybreak.web import place
    from daybreak.web.start import begin

    address = None
    if database == "postgres":
        from tests.web import postgres

        address = postgres.address()
    place.make(profile="clinic", public_url=f"https://{HOST}", database=address)
    begin(migrate=True)
    from daybreak.web.first_run import First, first_run

    first = First(login="ada", name="Ada", language="en")
    first_run(organisation="Dawn", site="Main Street", rooms=[], first=first, at=datetime.now(UTC))
    return home
