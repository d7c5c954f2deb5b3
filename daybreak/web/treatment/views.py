"""The page of a session: the one next step, everything before and behind it, and why it cannot be done yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.clinical.treatment.events import Phase, What, decimal
from daybreak.clinical.treatment.weights import SCALE
from daybreak.knowledge import sessions
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.bedside import evidence, values
from daybreak.web.bedside import queries as devices
from daybreak.web.bedside.telling import happening
from daybreak.web.careplan import beside as care
from daybreak.web.checkins import before
from daybreak.web.cockpit import from_monitor
from daybreak.web.cockpit.alarms import beside
from daybreak.web.cockpit.alarms import said as alarm_name
from daybreak.web.cockpit.made import kept
from daybreak.web.courses import actions as courses
from daybreak.web.courses.models import Booking
from daybreak.web.courses.state import standing
from daybreak.web.cupboard.models import Lot
from daybreak.web.dosing import pump
from daybreak.web.onsite.queries import on_site
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, may, page_may
from daybreak.web.posted import key, typed, uuid
from daybreak.web.presence import pins, unlocking
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused
from daybreak.web.steering import since
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import (
    actions,
    alarms,
    context,
    emergencies,
    form,
    from_pump,
    queries,
    seeing,
    signed,
    steps,
    stock,
    telling,
    timeline,
)
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.saying import sentence
from daybreak.web.words import known

Told = Mapping[str, Any]
MEASURED = frozenset({steps.VITALS, steps.PRESSURE})  # what a monitor may have measured
WITH_PUMP = frozenset({steps.DOSE, steps.WATCH})  # what shows what the pump says
ORDERED = frozenset({steps.PUMP, steps.TIME_OUT, steps.DOSE})  # the steps that show the order


@needs(Permission.RUN_SESSIONS)
@require_POST
def begin(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """The patient is here: their session begins, or goes on where it is."""
    booking = Booking.objects.select_related("patient", "site", "course").filter(pk=booking_id).first()
    if booking is None:
        raise Http404
    patients.patient_or_404(request.person, booking.patient_id, request.received_at, permission=Permission.RUN_SESSIONS)
    found = Session.objects.filter(booking=booking).first()
    if found is None:
        try:
            found = actions.begin(booking, by=request.person, at=request.received_at, key=key(request))
        except Refused as refused:
            said = refused.sentence(get_language())
            shown = {"problems": [said], "back": f"/patients/{booking.patient_id}/course/"}
            return render(request, "treatment/not_begun.html", shown, status=refused.status)
    return redirect(f"/sessions/{found.id}/")


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One session. `step` in the address: another one than the next."""
    row = opened(request, session_id)
    problems, status = [], 200
    if request.method == "POST" and request.POST.get("do") != telling.MARK:
        do = _DOES.get(request.POST.get("do", ""))
        try:
            if do is None:
                raise Refused("error.bad_request")
            do(request, row, {"by": request.person, "at": request.received_at, "key": key(request)})
            return redirect(f"/sessions/{row.id}/{_onward(row)}")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    at, language = request.received_at, get_language()
    now = queries.now(row)
    found = context.early(now, at=at)
    following = steps.following(now, found).id
    if "step" in request.GET or following not in steps.EARLY | steps.LATE:
        found = context.find(now, at=at)
    elif following in steps.LATE:
        found = context.watched(now, found)
    reading.read("session", row.patient, who=request.person.id, at=at, object_id=row.id, site=row.site_id)
    with timezone.override(ZoneInfo(row.site.zone)):
        shown = _shown(request, now, found, at=at, language=language)
        return render(request, "treatment/session.html", {**shown, "problems": problems}, status=status)


def opened(request: HttpRequest, session_id: UUID) -> Session:
    """The session, if whoever looks may run sessions where it is and reaches whose it is; else there is none."""
    rows = Session.objects.select_related("patient", "site", "booking__course", "course__site", "chair__room")
    asked = {
        "bound": devices.bound(),
        "pump": devices.bound_pump(),
        "evidence_there": devices.evidence_there(),
        **switches.asked(),
    }
    row = queries.with_asked(rows).annotate(**asked).filter(pk=session_id).first()
    if row is None:
        raise Http404
    at = request.received_at
    patients.patient_or_404(request.person, row.patient_id, at, permission=Permission.RUN_SESSIONS)
    if not page_may(request.person, Permission.RUN_SESSIONS, at=at, site_id=row.site_id):
        raise Http404
    return row


def _shown(request: HttpRequest, now: Now, found: context.Found, *, at: datetime, language: str) -> dict[str, Any]:
    session = now.session
    every = steps.steps(now, found)
    chosen = next((one for one in every if one.name == request.GET.get("step")), None)
    step = chosen or steps.following(now, found)
    order = found.order if step.id in ORDERED else None
    decides = page_may(request.person, Permission.DECIDE_DOSE, at=at, site_id=session.site_id)
    sensitive = page_may(request.person, Permission.READ_SENSITIVE, at=at, site_id=session.site_id)
    shown: dict[str, Any] = {
        "session": session,
        "head": telling.head(now, at=at, language=language),
        "step": step,
        "list": telling.listed(now, every, step, language=language, sensitive=sensitive),
        "latest": sentence(found.latest, language) if found.latest else "",
        "key": ids.new(),
        "typed": request.POST,
        "open": now.open,
        "phase": now.state.phase.value,
        "decides": decides,
        "stops": [sessions.question(one)["title"][known(language)] for one in steps.stopped(now, found)],
        "events": _timeline(now, language, sensitive=sensitive),
        "deviations": timeline.deviations(now, found.rules, language=language),
        "paused": now.state.paused,
        "running": now.state.running is not None,
        "exposed": now.state.exposed,
        "emergency": now.state.emergency is not None,
        "unnamed": emergencies.unnamed(now) if now.open else None,
        "alarms": telling.alarms(now, name=partial(alarm_name, language=language)) if now.open else [],
        **seeing.offered(language),
        "rescues": telling.choices(sessions.rescues(), language),
        "monitored": telling.monitored(found, language),
        "pump": _pump_says(now, at=at, language=language) if step.id in WITH_PUMP else None,
        "take": "take" in request.GET,
        **telling.step(now, found, step, order, at=at, language=language, post=request.POST),
    }
    if step.id in MEASURED and now.open:
        shown |= _from_monitor(now, shown["rows"], take="take" in request.GET, at=at, language=language)
    if step.id == steps.CARD:
        shown["asks"] = telling.marked(shown["asks"], request.POST)
        shown["at_home"] = before.of(session.patient, at=at, language=language)
    if step.id == steps.PUMP:
        shown["fields"] = [(*one, typed(request, one[0])) for one in shown["fields"]]
    if step.id == steps.TIME_OUT:
        shown["called"] = since.the_last(session, language)
        shown["plan"] = care.told(session.patient, at=at, language=language)
    if step.id == steps.TIME_OUT and found.rules.second_person:
        others = [one.person for one in on_site(session.site, at) if one.person.pk != request.person.pk]
        shown["others"] = [one for one in others if may(one, Permission.RUN_SESSIONS, at=at, site_id=session.site_id)]
        shown["second_person"] = True
    return shown


def _from_monitor(now: Now, rows: list[dict[str, Any]], *, take: bool, at: datetime, language: str) -> dict[str, Any]:
    """Whether the monitor has something live to take over; and where somebody took it, what stands in the fields."""
    session, watch = now.session, kept(now.session)[0]
    bound = session.__dict__.get("bound")
    if bound is None or Function.VALUES not in switches.at(session):
        return {}
    live = values.of_session(bound, watch, at=at)
    found = from_monitor.taken(bound, live, watch, at=at) if take else {}
    for part in (each for row in rows for each in row["parts"]):
        one = found.get(part["name"])
        if one is not None and not part["typed"]:
            part |= {"typed": one.value, "minute": str(one.minute), "note": from_monitor.said(one, language)}
    return {"offers": bool(from_monitor.live_now(live))}


def _pump_says(now: Now, *, at: datetime, language: str) -> from_pump.Offer | None:
    """What may be taken over of an infusion that runs: not where it is what was meant to be given anyway."""
    if now.session.__dict__.get("pump", True) is None:
        return None
    return from_pump.offered(now, _of(now, at=at), language=language)


def _timeline(now: Now, language: str, *, sensitive: bool) -> list[dict[str, Any]]:
    """Newest first; an alarm with its name, and what was done about it."""
    found, about = timeline.events(now, language=language, sensitive=sensitive), beside(now.events, language)
    lines = [{**one, "said": " · ".join((one["said"], *about.get(one["seq"], ())))} for one in found]
    if not getattr(now.session, "evidence_there", True):
        return lines
    received = {one.seq: one.received or one.happened for one in now.events}
    devices = [
        {
            "seq": 0,
            "at": zones.clock(one.received),
            "said": happening(one, language),
            "signed": True,
            "when": one.received,
        }
        for one in evidence.shown(now.session)
    ]
    whole = [*devices, *({**one, "when": received[one["seq"]]} for one in lines)]
    return sorted(whole, key=lambda one: (one["when"], one["seq"]), reverse=True)


def _onward(row: Session) -> str:
    """After the last dose the screen beside the patient is the one to look at."""
    given = row.events.order_by("-seq").values_list("what", flat=True).first() == What.DOSE
    return "cockpit/" if given and queries.now(row).state.phase is Phase.OBSERVING else ""


def do_identity(request: HttpRequest, row: Session, about: Told) -> None:
    told = {name: _number(typed(request, name)) for name in ("day", "month")}
    actions.identify(row, **told, how=request.POST.get("how", "said"), **about)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("100") else None


def _answer(request: HttpRequest, row: Session, about: Told) -> None:
    told = {
        "question": typed(request, "question"),
        "answer": request.POST.get("answer", ""),
        "text": typed(request, "text"),
    }
    actions.act(row, What.ANSWERED, told, **about)


def _card(request: HttpRequest, row: Session, about: Told) -> None:
    asked = [one["id"] for one in sessions.questions(row.protocol, "before") if not one["private"]]
    said = {one: request.POST[one] for one in asked if request.POST.get(one)}
    since = {one: typed(request, f"since-{one}") for one in said}
    actions.answers(row, said, since=since, together=telling.together(request.POST, said), **about)


def _decide(request: HttpRequest, row: Session, about: Told) -> None:
    told = {
        "question": typed(request, "question"),
        "decided": request.POST.get("decided", ""),
        "why": typed(request, "why"),
    }
    actions.act(row, What.ANSWERED, told, **about)


def _vitals(request: HttpRequest, row: Session, about: Told) -> None:
    values = form.measured(request.POST)
    told = (from_monitor.with_origin(row, {"row": one, "value": value}, request.POST) for one, value in values.items())
    origins = {one["row"]: one["origin"] for one in told if "origin" in one}
    actions.checks(row, values, origins=origins, **about)


def _pressure(request: HttpRequest, row: Session, about: Told) -> None:
    go = {"go": True, "delay": False}.get(request.POST.get("decided", ""))
    actions.act(row, What.PRESSURE_DECIDED, {"go": go, "why": typed(request, "why")}, **about)


def _home(request: HttpRequest, row: Session, about: Told) -> None:
    told = {"name": typed(request, "name"), "phone": typed(request, "phone")}
    seen = standing(row.booking).next
    courses.way_home(row.booking, request.POST.get("home", ""), **told, seen=seen, **about)


@transaction.atomic
def _time_out(request: HttpRequest, row: Session, about: Told) -> None:
    second = Person.objects.filter(pk=uuid(request, "second")).first() if request.POST.get("second") else None
    if second is not None:
        place = digest(request.session.session_key or "")
        at = request.received_at
        used = pins.used_up(second, session=place, at=at)
        if used or not pins.is_theirs(second, typed(request, "pin"), session=place, at=at):
            raise Refused("unlock.wrong", in_field="pin")
    if request.POST.get("lot"):
        _take(request, row, {**about, "key": ids.derived(about["key"], 1)})
    actions.time_out(
        row, second=second, alone_because=typed(request, "alone_because"), seen=typed(request, "seen") or "?", **about
    )


def _pump(request: HttpRequest, row: Session, about: Told) -> None:
    told = {name: typed(request, name) for name in (SCALE, pump.NO_WEIGHT, *pump.FIELDS)}
    actions.compare_pump(row, told, why=typed(request, "why"), **about)


def _plain(what: What) -> Callable[[HttpRequest, Session, Told], None]:
    def do(request: HttpRequest, row: Session, about: Told) -> None:
        told = {"why": typed(request, "why")} if what is What.STOPPED else {}
        actions.act(row, what, told, **about)

    return do


def _dose(request: HttpRequest, row: Session, about: Told) -> None:
    actions.give(row, form.given(request.POST), **about)


def _take(request: HttpRequest, row: Session, about: Told) -> None:
    lot = Lot.objects.filter(pk=uuid(request, "lot"), site=row.site_id).first()
    mg = decimal(typed(request, "mg"))
    if lot is None or mg is None:
        raise Refused("treatment.choose_lot", in_field="lot")
    stock.take(row, lot, mg=mg, why=typed(request, "take_why"), **about)


def do_acknowledge(request: HttpRequest, row: Session, about: Told) -> None:
    """Seen by this person, who shows by their PIN that it is they, with what they do about it."""
    unlocking.shown(request)
    alarms.acknowledge(row, typed(request, "alarm"), **seeing.sent(request), **about)


def _infusion_ended(request: HttpRequest, row: Session, about: Told) -> None:
    taken_over = "taken_over" in request.POST
    now = queries.now(row)
    order = _of(now, at=about["at"])
    pump = from_pump.beside(now, typed(request, "pump"), order, taken_over=taken_over, key=about["key"])
    actions.end_infusion(row, {**form.given(request.POST), **pump}, **about)


def _of(now: Now, *, at: datetime) -> Told | None:
    """Of which order it is, as the pump was compared; else of the one that holds."""
    told = now.state.pump.told.get("order") if now.state.pump else None
    order = None if told else signed.order(now.session, at=at)
    return told or (order.told if order else None)


def _rescue(request: HttpRequest, row: Session, about: Told) -> None:
    told = {name: typed(request, name) for name in ("kind", "drug", "mg", "route", "ordered_by")}
    again = told["kind"] in sessions.rescues() and sessions.rescues()[told["kind"]]["watch_again"]
    actions.act(row, What.RESCUE, {**told, "watch_again": again}, **about)


def _event(request: HttpRequest, row: Session, about: Told) -> None:
    actions.act(row, What.EVENT, {"text": typed(request, "text"), "card": typed(request, "card")}, **about)


def _named(request: HttpRequest, row: Session, about: Told) -> None:
    """It was this person who opened the emergency."""
    seq = typed(request, "emergency")
    opened = emergencies.unnamed(queries.now(row))
    if opened is None or seq != str(opened.seq):
        raise Refused("treatment.named_already")
    actions.act(row, What.EVENT, {"emergency": opened.seq}, **about)


_DOES: Mapping[str, Callable[[HttpRequest, Session, Told], None]] = {
    "identity": do_identity,
    "answer": _answer,
    "card": _card,
    "decide": _decide,
    "vitals": _vitals,
    "pressure": _pressure,
    "home": _home,
    "clear": _plain(What.CLEARED),
    "pump": _pump,
    "time_out": _time_out,
    "acknowledge": do_acknowledge,
    "take": _take,
    "dose": _dose,
    "infusion_started": lambda request, row, about: actions.start(row, **about),
    "infusion_ended": _infusion_ended,
    "pause": _plain(What.PAUSED),
    "resume": _plain(What.RESUMED),
    "stop": _plain(What.STOPPED),
    "rescue": _rescue,
    "event": _event,
    "emergency_over": _plain(What.EMERGENCY_CLOSED),
    "named": _named,
}
