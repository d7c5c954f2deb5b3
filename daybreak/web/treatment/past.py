"""What does a form tell of something that has happened already: what it was, when, how sure that is, and who did it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from daybreak.clinical.treatment.events import Event, What, decimal
from daybreak.knowledge import sessions
from daybreak.knowledge.dosing import ladders
from daybreak.web import zones
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import all_in_force
from daybreak.web.posted import clock, typed
from daybreak.web.refusals import Refused
from daybreak.web.treatment import form, signed
from daybreak.web.treatment.queries import Now

# What can be reported afterwards on the page, in the order in which it stands there.
KINDS: Mapping[str, What] = {
    "vitals": What.CHECK,
    "level": What.CHECK,
    "dose": What.DOSE,
    "infusion_started": What.INFUSION_STARTED,
    "infusion_ended": What.INFUSION_ENDED,
    "paused": What.PAUSED,
    "resumed": What.RESUMED,
    "stopped": What.STOPPED,
    "rescue": What.RESCUE,
    "event": What.EVENT,
    "answered": What.ANSWERED,
    "emergency_opened": What.EMERGENCY_OPENED,
    "emergency_closed": What.EMERGENCY_CLOSED,
    "ended": What.ENDED,
}
# What each is called.
TITLES: Mapping[str, str] = {
    "vitals": "treatment.past_vitals",
    "level": "treatment.past_level",
    "dose": "treatment.past_dose",
    "infusion_started": "treatment.past_infusion_started",
    "infusion_ended": "treatment.past_infusion_ended",
    "paused": "treatment.past_paused",
    "resumed": "treatment.past_resumed",
    "stopped": "treatment.past_stopped",
    "rescue": "treatment.past_rescue",
    "event": "treatment.past_event",
    "answered": "treatment.past_answered",
    "emergency_opened": "treatment.past_emergency_opened",
    "emergency_closed": "treatment.past_emergency_closed",
    "ended": "treatment.past_ended",
}
AGO = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90)  # minutes, one tap each
OFF = (0, 2, 5, 15, 30)  # minutes by which it may be wrong
CLOCK, SAME = "clock", "same"


def when(request: HttpRequest, site: Site, *, at: datetime) -> tuple[datetime, timedelta] | None:
    """The moment, and by how much it may be off; None when none was chosen. A clock time is the last one before now."""
    ago, off = typed(request, "ago"), typed(request, "off") or "0"
    if off not in map(str, OFF):
        raise Refused("treatment.say_when", in_field="off")
    uncertain = timedelta(minutes=int(off))
    if ago in ("", SAME):
        return None
    if ago in map(str, AGO):
        return at - timedelta(minutes=int(ago)), uncertain
    if ago != CLOCK:
        raise Refused("treatment.say_when", in_field="ago")
    told, day = clock(request, CLOCK), zones.day(at, site.zone)
    found = zones.meant(f"{day}T{told:%H:%M}", site.zone)
    return (found if found <= at else zones.meant(f"{day - timedelta(days=1)}T{told:%H:%M}", site.zone)), uncertain


def said(request: HttpRequest) -> str:
    """How the form says it, whenever it is sent."""
    return " ".join(typed(request, name) for name in ("ago", CLOCK, "off"))


def told(request: HttpRequest, kind: str, now: Now, *, at: datetime) -> list[dict[str, Any]]:
    """What happened, as events tell it; several checks at once are one each."""
    if kind == "vitals":
        return [{"row": row, "value": value} for row, value in form.measured(request.POST).items()]
    if kind == "level":
        row, _, level = typed(request, "level").partition("/")
        return [{"row": row, "value": int(level) if level.isascii() and level.isdigit() else level}]
    if kind in ("dose", "infusion_started"):
        return [{**_dose(now, at=at), **amount(request)}]
    if kind == "infusion_ended":
        return [amount(request)]
    if kind == "answered":
        question, _, answer = typed(request, "answer").partition("/")
        return [{"question": question, "answer": answer}]
    return [{name: typed(request, name) for name in FIELDS.get(kind, ())} | again(kind, typed(request, "kind"))]


# The plain fields of a kind, under the names that its events tell them by.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "rescue": ("kind", "drug", "mg", "route", "ordered_by"),
    "event": ("text", "card"),
    "stopped": ("why",),
    "ended": ("outcome", "why", "where"),
}


def again(kind: str, rescue: str) -> dict[str, Any]:
    """Does a medicine of that sort begin the watch anew, by the clinic's rule?"""
    known = sessions.rescues().get(rescue) if kind == "rescue" else None
    return {"watch_again": known["watch_again"]} if known else {}


def amount(request: HttpRequest) -> dict[str, Any]:
    """How much reached the patient; in full only where both figures are the same and not nothing."""
    low, high = typed(request, "mg_low"), typed(request, "mg_high")
    whole = decimal(low) is not None and decimal(low) == decimal(high) != 0
    return {"mg_low": low, "mg_high": high, "full": whole, "why": typed(request, "because")}


def _dose(now: Now, *, at: datetime) -> dict[str, Any]:
    """Of the order, else of what was given before, else of what the protocol gives."""
    state = now.state
    n = len(state.exposures) + 1
    if order := signed.order(now.session, at=at):
        return {"drug": order.drug, "route": order.way, "n": n, "of": max(order.doses, n)}
    if state.exposures:
        last = state.exposures[-1]
        return {"drug": last.drug, "route": last.route, "n": n, "of": max(state.planned_doses or n, n)}
    ladder = next((one for one in ladders().values() if now.session.protocol in one.protocols), None)
    return {"drug": ladder.product, "route": ladder.way, "n": n, "of": n} if ladder else {"n": n, "of": n}


def staff(site: Site, *, at: datetime) -> list[Person]:
    """Who may run sessions at the site: one of them did it."""
    roles = {role for role, may in MAY.items() if Permission.RUN_SESSIONS in may}
    found = {one.person_id: one.person for one in all_in_force(at=at) if one.site_id == site.id and one.role in roles}
    return sorted(found.values(), key=lambda one: one.display_name)


def did(request: HttpRequest, people: Iterable[Person]) -> dict[str, str]:
    """Who did it, where it is somebody else than who writes."""
    who = typed(request, "done_by")
    if who and who not in {str(one.id) for one in people}:
        raise Refused("treatment.say_who", in_field="done_by")
    return {"done_by": who} if who and who != str(request.person.id) else {}


def kind_of(event: Event) -> str:
    """By which form it is corrected; "" when only its time can be."""
    if event.what == What.CHECK:
        return "level" if sessions.rows()[event.told["row"]]["levels"] else "vitals"
    kinds = {what: kind for kind, what in KINDS.items()}
    found = kinds.get(What(event.what), "")
    return found if found not in ("paused", "resumed") else ""
