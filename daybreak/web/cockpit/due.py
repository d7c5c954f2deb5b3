"""What has to be looked at next in a session, and until when does it last, as lines?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from daybreak.clinical.treatment.checks import DEVICE, Due, Item
from daybreak.knowledge import sessions
from daybreak.web.cockpit.shown import Line
from daybreak.web.cockpit.vitals import said_late
from daybreak.web.words import word

MINUTE = timedelta(minutes=1)
ORDER = (Due.OVERDUE, Due.DUE, Due.AHEAD)
LATE, NOW, PLAIN = "late", "now", "plain"


def lines(items: Iterable[Item], *, until: datetime | None, at: datetime, language: str) -> tuple[Line, ...]:
    """What is late first, then what is due, then what comes; the end of the watch last."""
    open_ = [one for one in items if one.state in ORDER and (one.at or one.state is not Due.AHEAD)]
    open_.sort(key=lambda one: (ORDER.index(one.state), one.at or at))
    found = [_line(one, at=at, language=language) for one in open_]
    if until and until > at:
        found.append(Line(PLAIN, _in(until - at, language), word("cockpit.watch_ends", language)))
    return tuple(found)


def under(row: str, items: Iterable[Item], *, at: datetime, language: str) -> tuple[str, str]:
    """What stands under the button of a row, and how it stands out."""
    mine = [one for one in items if row in one.rows and one.state in ORDER and (one.at or one.state is not Due.AHEAD)]
    if not mine:
        return "", ""
    first = min(mine, key=lambda one: (ORDER.index(one.state), one.at or at))
    line = _line(first, at=at, language=language)
    return line.what, line.state if line.state != PLAIN else ""


def named(rows: Iterable[str], language: str) -> str:
    """The rows that are lacking, by their names."""
    titles = sessions.rows()
    return " · ".join(titles[row]["title"][language] for row in rows if row in titles)


def _line(one: Item, *, at: datetime, language: str) -> Line:
    rows = word("cockpit.next_device", language) if one.id == DEVICE else named(one.rows, language)
    if one.state is Due.OVERDUE:
        return Line(LATE, said_late(one.overdue_by, language), rows)
    if one.state is Due.DUE or one.at is None or one.at <= at:
        return Line(NOW, word("cockpit.due_now", language), rows)
    return Line(PLAIN, _in(one.at - at, language), rows)


def _in(left: timedelta, language: str) -> str:
    return word("cockpit.in_minutes", language, minutes=-(-left // MINUTE))
