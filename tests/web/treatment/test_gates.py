"""Does each gate of a dose look at the clinic's own rows: is it shut by what happens there, and by nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Observation, on
from daybreak.clinical.treatment.commands import Context
from daybreak.clinical.treatment.events import What
from daybreak.web import ids, zones
from daybreak.web.consent import actions as consent
from daybreak.web.consent.models import Signature
from daybreak.web.courses import actions as courses
from daybreak.web.courses.models import Chair
from daybreak.web.courses.state import standing
from daybreak.web.cupboard import recalls
from daybreak.web.cupboard.models import Lot
from daybreak.web.dosing import actions as dosing
from daybreak.web.dosing.models import Order
from daybreak.web.limits import queries as limits
from daybreak.web.patients import records
from daybreak.web.patients.models import Details
from daybreak.web.pdmp import actions as pdmp
from daybreak.web.people.models import Person
from daybreak.web.screening.models import NOT_YET, Snapshot
from daybreak.web.treatment import actions, context, payload, queries
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.saying import NotNow, sentence
from daybreak.web.watching import sounds
from daybreak.web.watching.models import DESK
from tests.web.conftest import signed_in
from tests.web.courses.test_today import other
from tests.web.onsite.test_onsite import here, leaves
from tests.web.treatment.steps import DEVICE, MINUTE, cleared, does


def again(row: Any, **changed: Any) -> Any:
    """A row like this one beside it, with something else in it."""
    row.pk = ids.new()
    for name, value in changed.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True)
    return row


def beside(session: Session, by: Person, at: datetime, **changed: Any) -> Session:
    """Another open session, of somebody else in another chair unless told otherwise."""
    told: dict[str, Any] = {"patient": other(session.site, by, 9)} | changed
    chair = told.get("chair") or again(Chair.objects.get(pk=session.chair_id), name="Chair 9")
    booking = again(session.booking.__class__.objects.get(pk=session.booking_id), patient=told["patient"])
    row = again(Session.objects.get(pk=session.pk), booking=booking, **told | {"chair": chair})
    event = SessionEvent.objects.get(session=session, seq=1)
    again(event, session=row, key=ids.new())
    return row


def at_risk(session: Session, by: Person, at: datetime) -> None:
    today = on(zones.day(at, session.site.zone))
    risk = Observation(ref="Observation/now", kind="c-ssrs-screen.risk", value="high", when=today)
    records.entry(risk, patient=session.patient, by=by, at=at).save(force_insert=True)


def nobody_knows_the_way_home(session: Session, by: Person, at: datetime) -> None:
    told = {"name": "", "phone": "", "seen": standing(session.booking).next, "key": ids.new()}
    courses.way_home(session.booking, "not_known", **told, by=by, at=at)


def an_emergency_elsewhere(session: Session, by: Person, at: datetime) -> None:
    does(beside(session, by, at), What.EMERGENCY_OPENED, by, at)


def measured_too_high(session: Session, by: Person, at: datetime) -> None:
    does(session, What.CHECK, by, at, row="pressure", value={"systolic": "170", "diastolic": "80"})


def both_doses_given(session: Session, by: Person, at: datetime) -> None:
    """The order has two; whoever says that it has three is not believed."""
    for n in (1, 2):
        does(session, What.DOSE, by, at - (2 - n) * 5 * MINUTE, **DEVICE | {"n": n, "of": 3})


Spoils = Callable[[Session, Person, datetime], Any]
# What happens in the clinic, and which gates are shut by it.
SPOILS: dict[str, tuple[Spoils, set[str]]] = {
    "another decision": (
        lambda session, by, at: again(
            Snapshot.objects.get(patient=session.patient), outcome=NOT_YET, review_on=at.date()
        ),
        {"decision"},
    ),
    "consent is taken back": (
        lambda session, by, at: consent.withdraw(Signature.objects.get(), reason="", by=None, at=at),
        {"consent"},
    ),
    "nobody knows their language": (
        lambda session, by, at: again(
            (told := session.patient.details.get()), language="", replaces=Details(pk=told.pk)
        ),
        {"visit"},
    ),
    "at risk today": (at_risk, {"criteria"}),
    "the pressure is high": (measured_too_high, {"pressure"}),
    "no way home": (nobody_knows_the_way_home, {"way_home"}),
    "the site asks for prescription monitoring": (
        lambda session, by, at: pdmp.sign(
            session.site, days="30", address="", reason="state law", seen=None, by=by, at=at, key=ids.new()
        ),
        {"monitored"},
    ),
    "the order is taken back": (
        lambda session, by, at: dosing.take_back(Order.objects.get(), reason="x", by=by, at=at, key=ids.new()),
        {"order", "more", "most_mg", "timed_out", "pump"},
    ),
    "both doses are given": (both_doses_given, {"more", "stock"}),
    "the lot is recalled": (
        lambda session, by, at: recalls.recall(Lot.objects.get(), text="letter 7", by=by, at=at, key=ids.new()),
        {"stock"},
    ),
    "the desk is not heard any more": (
        lambda session, by, at: sounds.tested(
            session.site, DESK, heard=False, state="", device=None, by=by, at=at, key=ids.new()
        ),
        {"sound"},
    ),
    "the prescriber leaves": (lambda session, by, at: leaves(by, at=at), {"prescriber"}),
    "the nurse leaves": (
        lambda session, by, at: leaves(Person.objects.get(login="lee"), at=at),
        {"nurses"},
    ),
    "an emergency elsewhere": (an_emergency_elsewhere, {"calm"}),
    "in another session as well": (
        lambda session, by, at: beside(session, by, at, patient=session.patient),
        {"only_one"},
    ),
    "somebody else in the chair": (
        lambda session, by, at: beside(session, by, at, chair=session.chair),
        {"chair"},
    ),
}


def shut(session: Session, at: datetime) -> set[str]:
    """The gates of a dose that are not open; of an end it is asked besides whether it was told today."""
    found = context.find(queries.now(Session.objects.get(pk=session.pk)), at=at).context
    named = {one.name for one in fields(Context)} - {"why", "most_mg", "today"}
    return {one for one in named if getattr(found, one) is not True} | ({"most_mg"} if found.most_mg is None else set())


def reported(session: Session, by: Person, at: datetime) -> list[str]:
    """What was missing when it happened, in words."""
    told = {"n": 1, **DEVICE}
    row = actions.report(session, What.DOSE, told, happened=at, by=by, at=at, key=ids.new())
    lacking = payload.event(SessionEvent.objects.get(pk=row.pk)).told["lacking"]
    return [sentence(Reason(one["id"], one["values"]), "en") for one in lacking] or [""]


def test_each_gate_is_shut_by_what_happens_in_the_clinic(session, nurse, doctor, noon, monkeypatch) -> None:
    cleared(session, nurse, noon)
    at = noon + 10 * MINUTE
    assert shut(session, at) == set()
    assert shut(session, at + 40 * MINUTE) == {"pressure", "may_weigh"}, "what was measured is old by then"
    found = {}
    for name, (spoils, _) in SPOILS.items():
        with transaction.atomic():
            spoils(session, doctor, at)
            found[name] = shut(session, at)
            with pytest.raises(NotNow):
                does(session, What.DOSE, nurse, at, n=1, **DEVICE)
            assert all(reported(session, nurse, at)), "what happened all the same is taken, with what was missing"
            transaction.set_rollback(True)
    assert found == {name: shuts for name, (_, shuts) in SPOILS.items()}
    monkeypatch.setattr(limits, "signed", lambda *_, **__: None)
    assert shut(session, at) == {"limits"}
    monkeypatch.undo()
    assert shut(session, at) == set()
    assert does(session, What.DOSE, nurse, at, n=1, **DEVICE)


def test_who_comes_late_is_told_until_when_the_dose_can_begin(session, site, nurse, doctor, noon) -> None:
    cleared(session, nurse, noon)
    here(site, nurse, at=noon, until=noon + 180 * MINUTE)
    begins = [noon + minutes * MINUTE for minutes in range(60)]
    found = [context.find(queries.now(session), at=one) for one in begins]
    last = [one for one, each in zip(begins, found, strict=True) if each.context.nurses][-1]
    said = {each.latest.values["at"] for each in found}
    assert said == {f"{last.astimezone(ZoneInfo(site.zone)):%H:%M}"}, (
        "the same whenever it is asked, and the gate keeps to it"
    )
    assert noon < last < begins[-1]
    with pytest.raises(NotNow, match=f"until {said.pop()} at the latest"):
        does(session, What.DOSE, nurse, last + 2 * MINUTE, n=1, **DEVICE)
    page = signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).content.decode()
    assert "The first dose can begin until" in page
    leaves(doctor, at=noon)
    assert context.find(queries.now(session), at=noon).latest is None, "nobody knows"
