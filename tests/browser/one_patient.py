"""How does a test find one patient who comes for a treatment, at a time of its own? A demo of that patient alone, and its clock.

`python -m tests.browser.one_patient FOLDER PORT MINUTES`: made when it is not there, and served so many minutes after that.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from daybreak.demo import house, patients

NUMBER = "H-1061"


def serve(folder: Path, *, port: int, minutes: int) -> int:
    """Until it is stopped. The desk, the prescriber and the nurse are there; nothing goes on by itself."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = house.House(folder, port=port)
    made = here.ready()
    if not made:
        _alone()
        here.make(seed=1, now=datetime.now(UTC))
    here.enter()
    from daybreak.demo import hours
    from daybreak.web.instant import Pace
    from daybreak.web.serve import ROLES, Listening
    from daybreak.web.serve import serve as run

    opened = hours.kept(folder).here
    if not made:
        _comes(opened)
    pace = Pace(machine=datetime.now(UTC), here=opened + timedelta(minutes=minutes), speed=1)
    return run(ROLES, Listening(port=port, workers=1), pace=pace)


def _alone() -> None:
    """What is made of everybody is made of this one, and their session has not begun."""
    every, begin = patients.stories, house.begin

    def begun(**told: Any) -> None:
        begin(**told)
        from daybreak.demo import rooms

        rooms.STORY = {}  # type: ignore[misc]

    patients.stories = lambda day, *, seed: [one for one in every(day, seed=seed) if one.number == NUMBER]  # type: ignore[assignment]
    house.begin = begun  # type: ignore[assignment]


def _comes(at: datetime) -> None:
    """What others than the nurse have seen to: the way home, and the questions of this morning."""
    from daybreak.demo.treating import JO, Chair, is_asked_about_risk
    from daybreak.web import ids
    from daybreak.web.courses import actions, queries
    from daybreak.web.courses.models import WayHome
    from daybreak.web.patients.models import Registration

    row = Registration.objects.select_related("patient", "site").get(number=NUMBER)
    chair = Chair(row.patient, row.site)
    (now,) = [one for one in queries.on(row.site, at.date()) if one.booking.patient == row.patient]
    told = {**JO, "seen": now.next, "by": chair.desk, "at": at, "key": ids.new()}
    actions.way_home(now.booking, WayHome.ACCOMPANIED, **told)
    is_asked_about_risk(chair, at, ids.new())


if __name__ == "__main__":
    sys.exit(serve(Path(sys.argv[1]), port=int(sys.argv[2]), minutes=int(sys.argv[3])))
