"""How does something happen in a session? As a command that asks first, a report of what happened, or a correction.

Each locks the session (opening it: the patient and the site), then asks permission, key and state, writes and audits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.commands import Command
from daybreak.clinical.treatment.events import GIVES, TAKEN_BACK, What
from daybreak.clinical.treatment.session import corrected
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.courses import actions as courses
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking, Visit
from daybreak.web.courses.models import What as Visited
from daybreak.web.courses.state import standing
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import alarms, context, duties, ordered, payload, queries, signed, stock, told
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.saying import NotNow

# Who cannot speak shows a photo or a wristband.
HOW = ("said", "photo", "wristband")
# What a prescriber alone does.
DECIDES = frozenset({What.PRESSURE_DECIDED, What.ESCORT_DECIDED, What.REOPENED})
# After these somebody more is watched.
# A prescriber looks at it when one of these was reported with a gate that was not open.
REVIEWED = GIVES | {What.RESUMED, What.ENDED}
# What can have happened without anybody asking here first.
REPORTED = frozenset(
    {
        What.IDENTIFIED,
        What.ANSWERED,
        What.DOSE,
        What.INFUSION_STARTED,
        What.INFUSION_ENDED,
        What.PAUSED,
        What.RESUMED,
        What.STOPPED,
        What.CHECK,
        What.EVENT,
        What.RESCUE,
        What.CALLED,
        What.ESCORT_MISSING,
        What.ESCORT_TRIED,
        What.ESCORT_CAME,
        What.EMERGENCY_OPENED,
        What.EMERGENCY_CLOSED,
        What.ENDED,
    }
)


@transaction.atomic
def begin(booking: Booking, *, by: Person, at: datetime, key: UUID) -> Session:
    """The patient has come for a treatment: their session begins, and the booking says that they are here."""
    patient = patients.locked_together(booking.patient)
    site = locked(Site, pk=booking.site_id)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=site.pk)
    content = {"booking": booking.id}
    if earlier := keys.known(key, action="begin_session", content=content):
        return Session.objects.get(pk=earlier)
    booking = Booking.objects.select_related("course", "site").get(pk=booking.pk)
    booking.patient = patient
    now = standing(booking)
    who.with_courses([now])
    if booking.visit != Visit.TREATMENT or now.over:
        raise Conflict("treatment.no_treatment")
    if zones.day(now.starts, site.zone) != zones.day(at, site.zone):
        raise Conflict("treatment.not_of_today")
    if booking.course is None:
        raise Refused("treatment.no_course")
    if reach.standing(patient) is not None:
        raise Refused("courses.stopped")
    if Session.objects.filter(booking=booking).exists():
        raise Conflict("treatment.begun_already")
    if queries.open_of(patients.together(patient)):
        raise NotNow((Reason("session.another-session"),))
    if any(one.session.chair_id == now.chair.pk for one in queries.open_at(site.pk)):
        raise NotNow((Reason("session.chair-taken"),))
    session = Session(
        id=ids.new(),
        organisation_id=booking.organisation_id,
        created=at,
        patient=patient,
        site=site,
        booking=booking,
        course=booking.course,
        chair=now.chair,
        protocol=booking.course.protocol,
        by=by,
    )
    session.save(force_insert=True)
    trail.wrote(session, action="treatment_begun", who=by.id, at=at, subject=patient.id, site=site.id)
    _write(session, 1, What.ARRIVED, {}, by=by, at=at, key=ids.new())
    if now.last != Visited.ARRIVED:
        courses.happened(booking, Visited.ARRIVED, seen=now.next, by=by, at=at, key=ids.new())
    _remember(key, "begin_session", content, session.id, session, at)
    return session


@transaction.atomic
def act(
    session: Session, what: What, details: Mapping[str, Any] | None = None, *, by: Person, at: datetime, key: UUID
) -> SessionEvent:
    """A command: refused with every reason when one of its gates is not open. What it tells is checked like any input."""
    (row,) = acts(session, [(what, details or {}, key)], by=by, at=at)
    return row


@transaction.atomic
def acts(
    session: Session, commands: Sequence[tuple[What, Mapping[str, Any], UUID]], *, by: Person, at: datetime
) -> list[SessionEvent]:
    """Commands one after the other, each with its key, all of them or none. The alarms are looked at when all are written."""
    session = _locked(session)
    now, rows = None, []
    for what, details, key in commands:
        details = dict(details)
        require(by, _needed(what, details), at=at, site_id=session.site_id)
        content = {"session": session.id, "what": what, "told": details}
        if earlier := keys.known(key, action="act_in_session", content=content):
            rows.append(SessionEvent.objects.get(pk=earlier))
            continue
        given = told.checked(what, details, protocol=session.protocol)
        if what in GIVES:
            locked(Site, pk=session.site_id)  # two at once are not each the last whom the nurses can watch
        now = now or queries.now(session)
        if why := context.why_not(now, Command(what, given), at=at, moment=at):
            raise NotNow(why)
        given = ordered.of_now(session, what, given, by=by, at=at)
        given, used = stock.used(session, what, given, late=False)
        row = _write(session, now.next, what, given, by=by, at=at, key=key)
        stock.follow(row, given, used, by=by, at=at)
        duties.follow(now, row, given, by=by, at=at)
        _remember(key, "act_in_session", content, row.id, session, at)
        rows.append(row)
        now = queries.then(now, row)
    if now is not None:
        alarms.follow(session, at=at, now=now)
    return rows


@transaction.atomic
def report(
    session: Session,
    what: What,
    details: Mapping[str, Any] | None = None,
    *,
    happened: datetime,
    noted: datetime | None = None,
    uncertain: timedelta = timedelta(0),
    said: str = "",
    by: Person,
    at: datetime,
    key: UUID,
) -> SessionEvent:
    """What has happened already is never refused for a gate: it is marked late, and what was missing is written beside it.
    `said`: how a form says when it was; sent twice it is the same, though “ten minutes ago” is another moment by then."""
    session = _locked(session)
    details = dict(details or {})
    require(by, _needed(what, details), at=at, site_id=session.site_id)
    content = {"session": session.id, "what": what, "told": details, "happened": said or happened}
    if earlier := keys.known(key, action="report_in_session", content=content):
        return SessionEvent.objects.get(pk=earlier)
    if what not in REPORTED:
        raise Refused("treatment.no_report")
    if happened > at:
        raise Refused("tasks.in_future", in_field="happened")
    given = told.checked(what, details, protocol=session.protocol)
    now = queries.now(session)
    why = context.why_not(now, Command(what, given), at=at, moment=happened, whole=True)
    if why:
        given["lacking"] = payload.lacking(why)
    given, used = stock.used(session, what, given, late=True)
    row = _write(
        session,
        now.next,
        what,
        given,
        by=by,
        at=at,
        key=key,
        happened=happened,
        noted=noted,
        uncertain=uncertain,
        late=True,
    )
    if why and what in REVIEWED:
        duties.review(session, row, by=by, at=at)
    stock.follow(row, given, used, by=by, at=at)
    duties.follow(now, row, given, by=by, at=at)
    alarms.follow(session, at=at)
    _remember(key, "report_in_session", content, row.id, session, at)
    return row


@transaction.atomic
def correct(
    session: Session,
    seq: int,
    details: Mapping[str, Any] | None = None,
    *,
    happened: datetime | None = None,
    uncertain: timedelta = timedelta(0),
    said: str = "",
    why: str,
    by: Person,
    at: datetime,
    key: UUID,
) -> SessionEvent:
    """What an earlier event told was wrong, or when it was. It stays as it was told; what is told instead counts. What was
    signed stays. `details` None: only the time was wrong; `happened` None: it was right. `said`: as in a report."""
    session = _locked(session)
    now = queries.now(session)
    wrong = next((one for one in corrected(now.events) if one.seq == seq), None)
    if wrong is None or wrong.signed or ((what := What(wrong.what)) is What.IDENTIFIED and details is not None):
        raise Refused("treatment.no_correction")
    content: dict[str, Any] = {"session": session.id, "seq": seq, "told": details and dict(details), "why": why}
    stands = {name: one for name, one in wrong.told.items() if name != "lacking"}
    details = stands if details is None else details
    require(by, _needed(what, details), at=at, site_id=session.site_id)
    content |= {"happened": said or happened} if happened else {}
    if earlier := keys.known(key, action="correct_session", content=content):
        return SessionEvent.objects.get(pk=earlier)
    if not why.strip():
        raise Refused("treatment.say_why", in_field="why")
    if happened is not None and happened > at:
        raise Refused("tasks.in_future", in_field="clock")
    never = what in TAKEN_BACK and details.get("taken_back") is True
    given = {**stands, "taken_back": True} if never else told.checked(what, details, protocol=session.protocol)
    given = {name: stands[name] for name in stock.KEPT if name in stands} | given  # the book is not corrected with it
    if lacking := wrong.told.get("lacking"):  # what was missing then was missing all the same
        given["lacking"] = payload.lacking(Reason(one["id"], one["values"]) for one in lacking)
    new: dict[str, Any] = {"seq": seq, "told": given, "why": why.strip()}
    new |= {"happened": happened.isoformat(), "off_s": int(uncertain.total_seconds())} if happened else {}
    row = _write(session, now.next, What.CORRECTED, new, by=by, at=at, key=key)
    duties.corrected(session, row, wrong, given, by=by, at=at)
    alarms.follow(session, at=at)
    _remember(key, "correct_session", content, row.id, session, at)
    return row


def identify(
    session: Session, *, day: int | None, month: int | None, how: str, by: Person, at: datetime, key: UUID
) -> SessionEvent:
    """The patient says name and date of birth; staff type day and month, which their screen does not show. What was typed is
    kept nowhere: only whether it is that of the record. A record without a date of birth fits nobody."""
    if how not in HOW or day is None or month is None:
        raise Refused("treatment.day_and_month", in_field="day")
    born = patients.details(session.patient).birth
    matched = born[5:] == f"{month:02d}-{day:02d}"
    return act(session, What.IDENTIFIED, {"how": how, "matched": matched}, by=by, at=at, key=key)


def time_out(
    session: Session, *, second: Person | None, alone_because: str, seen: str, by: Person, at: datetime, key: UUID
) -> SessionEvent:
    """Whoever calls has made sure that the second person is who they are. It is somebody else, who may run sessions here.
    `seen`: the order that the page showed (`ordered.seen`)."""
    if second is not None:
        require(second, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)
        if second.pk == by.pk:
            raise Refused("treatment.second_is_another", in_field="second")
    told = {"second": str(second.id) if second else "", "alone_because": alone_because, "seen": seen}
    return act(session, What.TIMED_OUT, told, by=by, at=at, key=key)


def checks(
    session: Session,
    values: Mapping[str, Any],
    *,
    origins: Mapping[str, Mapping[str, Any]] | None = None,
    by: Person,
    at: datetime,
    key: UUID,
) -> None:
    """Several rows at once, all of them or none; `origins`: from which device a person took some of them over."""
    if not values:
        raise Refused("treatment.nothing_typed")
    found = [
        {"row": row, "value": value} | ({"origin": origins[row]} if origins and row in origins else {})
        for row, value in sorted(values.items())
    ]
    acts(session, [(What.CHECK, one, ids.derived(key, n)) for n, one in enumerate(found)], by=by, at=at)


def answers(
    session: Session,
    said: Mapping[str, str],
    *,
    since: Mapping[str, str] | None = None,
    together: Collection[str] = (),
    by: Person,
    at: datetime,
    key: UUID,
) -> None:
    """Several answers at once, all of them or none; `since`: what was said beside some of them; `together`: those that one touch
    marked as calm, which stays with each of them."""
    if not said:
        raise Refused("treatment.nothing_typed")
    found = [
        {"question": question, "answer": answer, "text": (since or {}).get(question, "")}
        | ({"together": True} if question in together else {})
        for question, answer in sorted(said.items())
    ]
    acts(session, [(What.ANSWERED, one, ids.derived(key, n)) for n, one in enumerate(found)], by=by, at=at)


def compare_pump(
    session: Session, typed: Mapping[str, str], *, why: str, by: Person, at: datetime, key: UUID
) -> SessionEvent:
    """What the pump shows is held against the order, the record and the scale; what differs is kept with it."""
    return act(session, What.PUMP_COMPARED, {**typed, "why": why}, by=by, at=at, key=key)


def give(session: Session, given: Mapping[str, Any], *, by: Person, at: datetime, key: UUID) -> SessionEvent:
    """The next dose of the order, in full unless `given` says otherwise."""
    order = signed.order(session, at=at)
    if order is None:
        raise NotNow((Reason("session.no-order"),))
    earlier = SessionEvent.objects.filter(session=session, key=key).first()  # sent once more, it is the same device
    n = payload.event(earlier).told.get("n") if earlier else len(queries.now(session).state.exposures) + 1
    told = {"drug": order.drug, "route": order.way, "n": n, "of": order.doses}
    return act(
        session, What.DOSE, {**told, "mg_low": str(order.mg), "mg_high": str(order.mg), **given}, by=by, at=at, key=key
    )


def start(session: Session, *, by: Person, at: datetime, key: UUID) -> SessionEvent:
    """The infusion of the order runs; until somebody says how much ran in, it may be all of it."""
    order = signed.order(session, at=at)
    if order is None:
        raise NotNow((Reason("session.no-order"),))
    told = {"drug": order.drug, "route": order.way, "mg_high": str(order.mg)}
    return act(session, What.INFUSION_STARTED, told, by=by, at=at, key=key)


def end_infusion(session: Session, given: Mapping[str, Any], *, by: Person, at: datetime, key: UUID) -> SessionEvent:
    """The infusion that runs has ended, and all of it ran in unless `given` says otherwise."""
    last = queries.now(session).state.exposures[-1:]
    most = str(last[0].mg_high) if last and last[0].mg_high is not None else ""
    return act(session, What.INFUSION_ENDED, {"mg_low": most, "mg_high": most, **given}, by=by, at=at, key=key)


def _locked(session: Session) -> Session:
    locked(Session, pk=session.pk)
    return Session.objects.select_related("patient", "site", "booking__course", "course", "chair__room").get(
        pk=session.pk
    )


def _needed(what: What, details: Mapping[str, Any]) -> Permission:
    decides = what in DECIDES or (what is What.ANSWERED and "decided" in details)
    return Permission.DECIDE_DOSE if decides else Permission.RUN_SESSIONS


def _write(
    session: Session,
    seq: int,
    what: What,
    given: Mapping[str, Any],
    *,
    by: Person | None,
    at: datetime,
    key: UUID,
    happened: datetime | None = None,
    noted: datetime | None = None,
    uncertain: timedelta = timedelta(0),
    late: bool = False,
) -> SessionEvent:
    row = SessionEvent(
        id=ids.new(),
        organisation_id=session.organisation_id,
        created=at,
        session=session,
        seq=seq,
        what=what.value,
        told=payload.written(given),
        happened=happened or at,
        noted=noted or happened or at,
        received=at,
        uncertain_s=int(uncertain.total_seconds()),
        late=late,
        by=by,
        key=key,
    )
    row.save(force_insert=True)
    trail.wrote(
        row, action=f"treatment_{what}", who=by and by.id, at=at, subject=session.patient_id, site=session.site_id
    )
    return row


def _remember(key: UUID, action: str, content: Mapping[str, Any], answer: UUID, session: Session, at: datetime) -> None:
    keys.remember(key, action=action, content=content, answer=answer, organisation_id=session.organisation_id, at=at)
