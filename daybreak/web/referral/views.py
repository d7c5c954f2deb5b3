"""The pages on which staff look after referrals: which wait, one that came by phone or paper, and what is done about each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.forms import actions as forms_asked
from daybreak.web.forms.models import Mode
from daybreak.web.patients import queries as patients
from daybreak.web.patients import register
from daybreak.web.patients.here_too import counted
from daybreak.web.patients.identity import Identity, Wrong
from daybreak.web.patients.search import look_alikes
from daybreak.web.patients.views import sentences
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import is_id, key, typed, uuid
from daybreak.web.reach.queries import written_in
from daybreak.web.referral import actions, queries, status, telling
from daybreak.web.referral import told as forms
from daybreak.web.referral.models import Door, Event, Referral, What
from daybreak.web.referral.state import state
from daybreak.web.referral.stranger_views import chosen, fields
from daybreak.web.refusals import Refused
from daybreak.web.words import word

INTAKE = "intake:intake"


@needs(Permission.REGISTER_PATIENTS)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """What waits, with who has it and until when; then what has ended."""
    person, at, language = request.person, request.received_at, get_language()
    waits, over = queries.waiting(person, at=at), queries.over(person, at=at)
    states, tasks = queries.states([*waits, *over]), queries.owners([*waits, *over], at=at)
    trail.read("referrals", who=person.id, at=at)
    shown = {
        name: [telling.listed(row, states[row.id], tasks.get(row.id), language) for row in rows]
        for name, rows in (("waits", waits), ("over", over))
    }
    return render(request, "referral/every.html", shown)


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One that came by phone, fax or letter, or at the desk: the same questions."""
    at = request.received_at
    mine = patients.page_sites(request.person, Permission.REGISTER_PATIENTS, at=at)
    sites = list(Site.objects.filter(pk__in=mine, closed__isnull=True).order_by("name"))
    shown: dict[str, Any] = {
        "sites": sites,
        "doors": telling.doors(get_language()),
        "key": ids.new(),
        **fields(forms.Told()),
    }
    if request.method == "GET" or not sites:
        return render(request, "referral/new.html", shown)
    told = forms.read({name: typed(request, name) for name in request.POST})
    site, door = chosen(request, sites), request.POST.get("door", "")
    shown |= {**fields(told), "site": site, "door": door, "key": key(request)}
    try:
        if door not in list(Door) or door == Door.WEB:
            raise Refused("referral.needs_door")
        row = actions.receive(told, site=site, door=Door(door), by=request.person, at=at, key=shown["key"])
    except (Refused, Wrong) as wrong:
        shown["problems"] = sentences(wrong)
        return render(request, "referral/new.html", shown, status=wrong.status)
    return redirect(f"/referrals/{row.id}/")


@needs(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral: what it says, who it may be, what was done, and what can be done next."""
    person, at, language = request.person, request.received_at, get_language()
    row = queries.one_or_404(person, referral_id, at=at)
    problems: list[str] = []
    code, alike, elsewhere = 200, [], False
    if request.method == "POST":
        try:
            with counted(person, at=at):
                return redirect(_act(request, row))
        except register.LookAlike as refused:
            problems, code, alike = sentences(refused), refused.status, refused.found
            elsewhere = bool(refused.elsewhere)
        except (Refused, Wrong) as wrong:
            problems, code = sentences(wrong), wrong.status
    now = state(row)
    reads = page_may(person, Permission.READ_PATIENTS, at=at, site_id=row.site_id)
    trail.read("referral", who=person.id, at=at, object_id=row.id, subject=now.patient.id if now.patient else None)
    tasks = queries.owners([row], at=at)
    shown = {
        "row": row,
        "told": telling.listed(row, now, tasks.get(row.id), language),
        "risk": word(telling.RISKS[row.risk], language),
        "reads": reads,
        "now": now,
        "seen": len(now.events),
        "hears": status.hears(row, now),
        "events": [
            telling.event(event, language) for event in reversed(now.events) if reads or event.what != What.NOTE
        ],
        "others": queries.same_person(row),
        "found": [] if now.patient or now.ended else _known(row),
        "alike": alike,
        "elsewhere": elsewhere,
        "acts": [
            (what.value, word(said, language))
            for what, said in telling.TO_DO.items()
            if (reads or what not in actions.JUDGES) and (now.patient or what not in actions.NEEDS_PATIENT)
        ],
        "task": tasks[row.id][0] if row.id in tasks else None,
        "posted": request.POST,
        "key": ids.new(),
        "problems": problems,
    }
    return render(request, "referral/one.html", shown, status=code)


def _known(row: Referral) -> list[Any]:
    identity = Identity(family_name=row.family_name, given_names=row.given_names, birth=row.birth)
    return look_alikes([row.site_id], identity)


def _act(request: HttpRequest, row: Referral) -> str:
    """Do what the form asks; the address to go on to."""
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 6):
        raise BadRequest("the form has no version")
    does = request.POST.get("do", "")
    common = {"seen": int(seen), "by": request.person, "at": request.received_at}
    here = f"/referrals/{row.id}/"
    if does == "register":
        not_these = {UUID(one) for one in request.POST.getlist("not") if is_id(one)}
        number = typed(request, "number")
        others = {"not_these": not_these, "not_elsewhere": request.POST.get("else") == "yes"}
        actions.make_patient(row, number=number, **others, key=key(request), **common)
    elif does == "belongs":
        patient = patients.patient_for(
            request.person, uuid(request, "patient") or row.id, request.received_at, permission=Permission.FIND_PATIENTS
        )
        if patient is None:
            raise Refused("referral.not_here")
        actions.belongs_to(row, patient, **common)
    elif does == "intake":
        return _send_intake(request, row, common)
    elif does in actions.BY_HAND:
        told = request.POST.get("told") == "yes"
        actions.add(row, What(does), text=typed(request, "text"), told=told, key=key(request), **common)
    else:
        raise Refused("referral.choose")
    return here


def _send_intake(request: HttpRequest, row: Referral, common: dict[str, Any]) -> str:
    event: Event = actions.add(row, What.INTAKE, key=key(request), **common)
    patient = state(row).patient
    assert patient is not None  # the action refuses it otherwise
    sitting = forms_asked.ask(
        patient,
        INTAKE,
        mode=Mode.LINK,
        language=written_in(patient),
        by=request.person,
        at=request.received_at,
        key=event.id,
    )
    return f"/patients/{patient.id}/forms/{sitting.id}/"
