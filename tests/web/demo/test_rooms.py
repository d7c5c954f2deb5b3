"""Do the demo's three rooms go on by its clock, as their story says, and is nothing in them done without its gates?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daybreak.clinical.treatment.commands import deviations
from daybreak.clinical.treatment.events import What
from daybreak.demo import clinic, hours, patients, rooms
from daybreak.web import instant
from daybreak.web.instant import Pace
from daybreak.web.place import NotReady
from daybreak.web.tasks.models import Task
from daybreak.web.treatment import actions, alarms, context, queries
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.conftest import NOW

MINUTE = timedelta(minutes=1)


def session(number: str) -> Session:
    found: Session = Session.objects.filter(patient__registrations__number=number).latest("created")
    return found


def happened(number: str) -> list[str]:
    rows = SessionEvent.objects.filter(session=session(number)).order_by("seq")
    return [one.what for one in rows if one.what.startswith(("alarm", "ended", "ready"))]


@pytest.fixture
def made(db: None, settings: Any, monkeypatch: Any) -> None:
    """A demo of those three alone."""
    settings.PLACE = replace(settings.PLACE, profile="demo")
    every = patients.stories
    monkeypatch.setattr(
        clinic, "stories", lambda day, *, seed: [one for one in every(day, seed=seed) if one.number in rooms.STORY]
    )
    clinic.make(now=NOW)


def test_three_rooms_go_on_as_their_story_says(made) -> None:
    begun = [queries.now(session(number)) for number in rooms.STORY]
    assert [one.state.phase for one in begun] == ["observing", "observing", "dosing"]
    assert [deviations(one.events, context.rules(one.session, at=NOW)) for one in begun] == [()] * 3
    assert len({one.session.chair.room_id for one in begun}) == 3
    assert not any(one.state.alarms for one in begun)
    at = NOW
    for minute in range(1, 100):
        rooms.play(opened=NOW, after=at, until=NOW + minute * MINUTE, live=True)
        at = NOW + minute * MINUTE
        alarms.look_after(at=at)
    ended = {number: queries.now(session(number)) for number in rooms.STORY}
    assert [one.state.outcome for one in ended.values()] == ["discharged", "discharged", "against_advice"]
    assert [deviations(one.events, context.rules(one.session, at=at)) for one in ended.values()] == [()] * 3
    rose, late = happened(rooms.RISES), happened(rooms.LATE)
    assert [rose.count(one) > 0 for one in (What.ALARM_RAISED, What.ALARM_ESCALATED, What.ALARM_RESOLVED)] == [True] * 3
    assert {one.by.login for one in SessionEvent.objects.filter(what=What.ALARM_ACKNOWLEDGED)} == {
        "ines.vale",
        "lee.moss",
    }
    assert late.index(What.ALARM_RAISED) < late.index(What.ALARM_ESCALATED) < late.index(What.ALARM_RESOLVED)
    assert Task.objects.filter(what="treatment.task_left_early", patient=session(rooms.LEAVES).patient).exists()
    # Played once more from the beginning, nothing is done twice.
    count = SessionEvent.objects.count()
    rooms.play(opened=NOW, after=NOW, until=at, live=True)
    assert SessionEvent.objects.count() == count


def test_what_somebody_else_did_first_is_left_out(made) -> None:
    chair = session(rooms.LATE)
    row = chair.events.first()
    told = {"outcome": "unseen", "why": "gone"}
    actions.act(chair, What.ENDED, told, by=row.by, at=NOW, key=row.pk)
    rooms.play(opened=NOW, after=NOW, until=NOW + 20 * MINUTE, live=True)
    assert happened(rooms.LATE) == [What.ENDED]


def test_the_clock_of_a_demo_runs_fast_goes_on_and_is_no_clinic_s(settings: Any, tmp_path: Any) -> None:
    pace = Pace(machine=NOW, here=NOW + 30 * MINUTE, speed=60)
    assert pace.at(NOW + MINUTE) == NOW + 90 * MINUTE
    assert pace.of_machine(NOW + 90 * MINUTE) == NOW + MINUTE
    with pytest.raises(NotReady, match="Only a demo"):
        instant.keep(pace)
    assert abs(instant.now() - datetime.now(UTC)) < MINUTE
    settings.PLACE = replace(settings.PLACE, profile="demo")
    try:
        instant.keep(pace)
        assert instant.now() > NOW + timedelta(days=1)
        assert abs(instant.of_machine(instant.now()) - datetime.now(UTC)) < MINUTE
    finally:
        instant.keep(None)
    hours.keep(tmp_path, hours.Kept(here=NOW, played=NOW - MINUTE))
    assert hours.kept(tmp_path) == hours.Kept(here=NOW, played=NOW - MINUTE)


@pytest.mark.parametrize(("hour", "begins"), [(3, 11), (10, 10), (22, 11)])
def test_it_begins_while_a_clinic_is_open(hour, begins) -> None:
    found = hours.opening(datetime(2026, 11, 24, hour, 20, tzinfo=UTC), "UTC")
    assert (found.hour, found.date(), found.tzinfo) == (begins, NOW.date(), UTC)
