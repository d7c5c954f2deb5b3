"""The pages on which a patient's wish for an earlier time is written down, and freed time is offered to who is next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge.schedules import minutes, notice_hours, offer_hours
from daybreak.web import ids, posted, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.courses import queries as courses
from daybreak.web.courses.models import Visit
from daybreak.web.courses.telling import VISIT, choices
from daybreak.web.courses.views import LENGTHS
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Details, Patient
from daybreak.web.patients.views import show
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.posted import day, days, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.waitlist import actions, queries, telling
from daybreak.web.waitlist.models import MAIL, PHONE, Wish
from daybreak.web.words import word


@needs(Permission.BOOK_VISITS)
@require_http_methods(["GET", "POST"])
def waitlist(request: HttpRequest) -> HttpResponse:
    """Of one site: the free time with who is next for it, and everybody who waits."""
    at, language = request.received_at, get_language()
    sites = sites_of(request.person, Permission.BOOK_VISITS, at=at)
    site = posted.site(request, sites)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _act(request, site)
            return redirect(f"/waitlist/?site={site.id}")
        except Refused as refused:
            problems, status = [refused.sentence(language)], refused.status
    trail.read("waitlist", who=request.person.id, at=at, site=site.id)
    with timezone.override(ZoneInfo(site.zone)):
        shown = {"sites": sites, "site": site, "problems": problems, **_list(site, at, language)}
        return render(request, "waitlist/waitlist.html", shown, status=status)


def _list(site: Site, at: datetime, language: str) -> dict[str, Any]:
    now = queries.waitlist(site, at=at)
    rows = Details.objects.filter(patient__in={one.patient_id for one, _ in now.waiting}, replaced_by__isnull=True)
    names = {row.patient_id: identities.of(row).name for row in rows}
    asked = {one.next[0].patient_id for one in now.free if one.next}
    by_mail = queries.written_to(asked) if asked else set()

    def told(found: queries.Waiting | None) -> dict[str, Any] | None:
        if found is None:
            return None
        wish, state = found
        return telling.wish(wish, state, language) | {
            "name": names[wish.patient_id],
            "mail": wish.patient_id in by_mail,
            "key": ids.new(),
        }

    return {
        "waiting": [told(one) for one in now.waiting],
        "free": [
            telling.slot(one.slot, language)
            | {"offered": told(one.offered), "next": told(one.next), "soon": actions.soon(one.slot.starts, at)}
            for one in now.free
        ],
        "answers": [(what.value, word(said, language)) for what, said in telling.ANSWER.items()],
        "hours": offer_hours(),
        "notice": 2 * notice_hours(),
    }


def _act(request: HttpRequest, site: Site) -> None:
    wish = Wish.objects.filter(pk=uuid(request, "wish"), site=site).select_related("patient", "site").first()
    if wish is None:
        raise Refused("error.bad_request")
    about: dict[str, Any] = {"seen": _number(request, "seen"), "by": request.person, "at": request.received_at}
    about["key"] = key(request)
    how = {"offer": PHONE, "offer_by_mail": MAIL}.get(request.POST.get("do", ""))
    if how:
        chair = next((one for one in courses.chairs([site.id]) if one.id == uuid(request, "chair")), None)
        starts = _moment(request.POST.get("starts", ""))
        if chair is None or starts is None:
            raise Refused("waitlist.free_no_longer")
        actions.offer(wish, chair=chair, starts=starts, how=how, **about)
    else:
        actions.answer(wish, request.POST.get("do", ""), **about)


@needs(Permission.BOOK_VISITS)
@require_http_methods(["GET", "POST"])
def wishes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One patient: what they wait for, what was offered, and to begin or end waiting."""
    patient, _, registrations = patients.opened(
        request.person, patient_id, request.received_at, permission=Permission.BOOK_VISITS
    )
    sites = [one.site for one in registrations]
    refused = None
    if request.method == "POST":
        try:
            _change(request, patient, sites)
            return redirect(f"/patients/{patient.id}/waitlist/")
        except Refused as problem:
            refused = problem
    return show(request, patient, "waitlist/wishes.html", problem=refused, **_wishes(request, patient, sites))


def _wishes(request: HttpRequest, patient: Patient, sites: list[Site]) -> dict[str, Any]:
    at, language = request.received_at, get_language()
    now = [one for one in queries.of(patient) if one[0].site in sites]
    ready = [site for site in sites if queries.may_wait(patient, site.id)]
    course = courses.open_course(patient)
    treats = minutes(course.protocol) if course else LENGTHS[Visit.ASSESSMENT]
    return {
        "wishes": [telling.wish(wish, state, language) | {"key": ids.new()} for wish, state in now],
        "ready": ready,
        "ahead": [
            (one.booking.id, zones.minute(one.starts))
            for site in ready
            for one in queries.ahead(patient, site.id, at=at)
        ],
        "waits": any(state.ended is None for _, state in now),
        "visits": choices(VISIT, language),
        "chosen": request.POST.get("visit", Visit.TREATMENT if course else Visit.ASSESSMENT),
        "weekdays": [
            (str(n), name, str(n) in request.POST.getlist("weekday"))
            for n, name in enumerate(word("courses.weekdays", language).split(" "))
        ],
        "halves": [(value, word(said, language)) for value, said in telling.HALF.items()],
        "half": request.POST.get("half", "any"),
        "minutes": typed(request, "minutes") or treats,
        "typed": request.POST,
        "key": ids.new(),
    }


def _change(request: HttpRequest, patient: Patient, sites: list[Site]) -> None:
    about: dict[str, Any] = {"by": request.person, "at": request.received_at, "key": key(request)}
    if request.POST.get("do") == "withdraw":
        wish = Wish.objects.filter(pk=uuid(request, "wish"), patient__in=patients.together(patient), site__in=sites)
        row = wish.select_related("patient", "site").first()
        if row is None:
            raise Refused("error.bad_request")
        actions.withdraw(row, text=typed(request, "text"), seen=_number(request, "seen"), **about)
        return
    site = next((one for one in sites if str(one.id) == request.POST.get("site")), None)
    if site is None:
        raise Refused("people.no_site_chosen")
    visits = {one.booking.id: one.booking for one in queries.ahead(patient, site.id, at=request.received_at)}
    length = typed(request, "minutes")
    actions.wait(
        patient,
        site,
        booking=visits.get(uuid(request, "booking")),
        visit=request.POST.get("visit", ""),
        minutes=int(length) if length.isascii() and length.isdigit() and len(length) < len("10000") else 0,
        weekdays="".join(str(n) for n in range(7) if str(n) in request.POST.getlist("weekday")),
        half=request.POST.get("half", ""),
        earliest=day(request, "earliest"),
        not_on=days(request, "not_on"),
        bed=request.POST.get("bed") == "yes",
        interpreter=request.POST.get("interpreter") == "yes",
        text=typed(request, "text"),
        **about,
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < len("100000")):
        raise BadRequest("the form has no version")
    return int(text)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
