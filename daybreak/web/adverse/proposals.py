"""What in a treatment may be an adverse event, and what of it stands in the form beforehand? Evidence, not an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from daybreak.clinical.treatment.events import AFTER_EXPOSURE, Event, Outcome, What
from daybreak.clinical.treatment.session import Exposure, State
from daybreak.knowledge import adverse, sessions
from daybreak.web import zones
from daybreak.web.adverse.told import Told
from daybreak.web.cockpit import alarms
from daybreak.web.rems import queries as rems
from daybreak.web.treatment import timeline
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word

HAPPENED = frozenset({What.EVENT, What.RESCUE, What.STOPPED, What.EMERGENCY_OPENED})
WORSE = AFTER_EXPOSURE - {Outcome.DISCHARGED}  # an end that may be one


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the session: its number (0: the monitoring form), when, what it says, which terms it proposes."""

    seq: int
    at: datetime
    text: str
    terms: tuple[str, ...] = ()


def lines(now: Now, language: str) -> list[Line]:
    """Every line that may be one, in order; of a row that is looked at again and again the first that was not calm."""
    found = [*_of_events(now, language), *_of_form(now, language)]
    return sorted(found, key=lambda one: (one.at, one.seq))


def _of_events(now: Now, language: str) -> Iterator[Line]:
    rows: set[str] = set()
    for one in now.events:
        if one.never:
            continue
        if one.what == What.ALARM_RAISED:
            id = str(one.told.get("alarm", ""))
            if terms := adverse.proposed([id]):
                yield Line(one.seq, one.happened, alarms.said(id, one.told, language), tuple(terms))
        elif one.what == What.CHECK:
            row = str(one.told.get("row", ""))
            if row not in rows and not _calm(row, one):
                rows.add(row)
                yield _line(one, language, (row,))
        elif one.what in HAPPENED or (one.what == What.ENDED and one.told.get("outcome") in WORSE):
            yield _line(one, language)


def _line(one: Event, language: str, seen: tuple[str, ...] = ()) -> Line:
    return Line(one.seq, one.happened, timeline.said(one, language, sensitive=False), tuple(adverse.proposed(seen)))


def _calm(row: str, one: Event) -> bool:
    """Is it the level of a row that says that nothing is the matter? It stands first. A figure is judged by its alarms."""
    levels = sessions.rows()[row]["levels"] if row in sessions.rows() else ()
    return not levels or one.told.get("value") == levels[0]["value"]


def _of_form(now: Now, language: str) -> Iterator[Line]:
    """What was signed as serious on the monitoring form."""
    form = rems.newest(now.session)
    told = json.loads(form.answers) if form else {}
    if form and told.get("serious") == "yes":
        yield Line(0, form.created, word("adverse.form_says", language, text=told.get("serious.text", "")))


def proposed(now: Now, line: Line | None) -> Told:
    """What the form begins with: when that line was, the dose before it, and the line itself beside it. No judgement."""
    dose = _before(now.state, line.at) if line else None
    if line is None or line.seq == 0:
        return Told(dose=dose.seq if dose else None, evidence=(line.text,) if line else ())
    onset = zones.field(line.at, now.session.site.zone)
    return Told(onset=onset, dose=dose.seq if dose else None, evidence=(line.text,))


def _before(state: State, at: datetime) -> Exposure | None:
    given = [one for one in state.exposures if one.anything and one.first <= at]
    return given[-1] if given else None
