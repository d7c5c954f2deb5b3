"""The pages on which an administrator looks after people: who works here, their roles, their way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.audit import trail
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import address
from daybreak.web.people import actions, grants, naming, queries, step_up, vouching
from daybreak.web.people.models import Person, RoleGrant, Site
from daybreak.web.people.permissions import Permission, sites_of
from daybreak.web.people.roles import Role
from daybreak.web.posted import day, key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, known, word

ACTIVE, INVITED, DISABLED = "active", "invited", "disabled"
STATES = {ACTIVE: "people.active", INVITED: "people.invited", DISABLED: "people.disabled"}


@needs(Permission.MANAGE_PEOPLE)
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody who works or worked here, with the roles that they hold or will hold."""
    held: dict[UUID, list[RoleGrant]] = {}
    for grant in queries.all_open_grants(at=request.received_at):
        held.setdefault(grant.person_id, []).append(grant)
    people = [_line(person, held.get(person.id, []), at=request.received_at) for person in queries.people()]
    people.sort(key=lambda one: (one["state"] == DISABLED, one["person"].display_name.casefold()))
    trail.read("people", who=request.person.id, at=request.received_at)
    return render(request, "people/everybody.html", {"people": people})


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """A new person with roles at one site; the answer is the link by which they come in, shown this once."""
    sites = _sites(request)
    shown: dict[str, Any] = {
        **_choices(),
        "sites": sites,
        "chosen": request.POST.getlist("role"),
        "told": request.POST,
        "language": request.POST.get("language", known(get_language())),
        "key": request.POST.get("key") or ids.new(),
        "step_up": step_up.needed(request, anew=True),
    }
    if request.method == "GET":
        return render(request, "people/invite.html", shown)
    try:
        step_up.confirm(request, anew=True)
        link = actions.invite(
            login=typed(request, "login"),
            display_name=typed(request, "name"),
            language=_language(request),
            roles=[_role(one) for one in request.POST.getlist("role")],
            site=_site(request, sites),
            by=request.person,
            at=request.received_at,
            key=key(request),
        )
    except Refused as refused:
        problems = [refused.sentence(get_language())]
        return render(request, "people/invite.html", {**shown, "problems": problems}, status=refused.status)
    return _link(request, link)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def one_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Somebody's name, roles and way in, and what can be done about them."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    problems, status = [], 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        try:
            if act is None:
                raise Refused("error.bad_request")
            step_up.confirm(request, anew=act in GIVES)
            answer = act(request, person)
            return answer or redirect(f"/clinic/people/{person.id}/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    sites = _sites(request)
    at = request.received_at
    open_grants = queries.all_open_grants(at=at, person=person)
    shown = {
        **_line(person, open_grants, at=at),
        **_choices(),
        "roles": [_grant(one, sites, at=at) for one in open_grants],
        "past": [_grant(one, sites, at=at) for one in queries.past_grants(person, at=at)],
        "back": [one for one in queries.ended_together(person, at=at) if not one.site.closed],
        "sites": sites,
        "naming": naming.newest(person.id),
        "oneself": person.pk == request.person.pk,
        "told": request.POST,
        "today": zones.today(at).isoformat(),
        "key": ids.new(),
        "step_up": step_up.needed(request),
        "passkeys": person.passkeys.count(),
        "anew": step_up.needed(request, anew=True),
        "problems": problems,
    }
    trail.read("person", who=request.person.id, at=at, object_id=person.id)
    return render(request, "people/one.html", shown, status=status)


def _name(request: HttpRequest, person: Person) -> None:
    naming.change(
        person,
        name=typed(request, "name"),
        more=_language(request),
        number=typed(request, "number"),
        seen=_id(request, "seen"),
        by=request.person,
        at=request.received_at,
        key=key(request),
    )


def _give(request: HttpRequest, person: Person) -> None:
    starts, last = day(request, "starts"), day(request, "last")
    at, site = request.received_at, _site(request, _sites(request))
    grants.grant_role(
        person,
        _role(request.POST.get("role", "")),
        site=site,
        starts=zones.midnight(starts, site.zone) if starts and starts > zones.day(at, site.zone) else None,
        ends=zones.midnight(last + timedelta(days=1), site.zone) if last else None,
        by=request.person,
        at=at,
        key=key(request),
    )


def _end(request: HttpRequest, person: Person) -> None:
    grant = RoleGrant.objects.filter(pk=_id(request, "grant"), person=person).select_related("site").first()
    if grant is None:
        raise Refused("error.bad_request")
    grants.end_role(grant, by=request.person, at=request.received_at, key=key(request))


def _disable(request: HttpRequest, person: Person) -> None:
    grants.disable(person, by=request.person, at=request.received_at)


def _enable(request: HttpRequest, person: Person) -> None:
    grants.enable(person, by=request.person, at=request.received_at)


def _renew(request: HttpRequest, person: Person) -> HttpResponse:
    return _link(request, actions.renew_access(person, by=request.person, at=request.received_at))


def _end_passkeys(request: HttpRequest, person: Person) -> None:
    actions.end_passkeys(person, by=request.person, at=request.received_at)


ACTS: dict[str, Callable[[HttpRequest, Person], HttpResponse | None]] = {
    "name": _name,
    "give": _give,
    "end": _end,
    "disable": _disable,
    "enable": _enable,
    "renew": _renew,
    "passkeys": _end_passkeys,
}
GIVES = {_give, _enable, _renew}  # a way to patients: asked who it is, however short ago the sign-in was


def _link(request: HttpRequest, link: Link) -> HttpResponse:
    """Mailed to whom it is for; else the link with a picture to read it from, once: nobody can look it up later."""
    person = Person.objects.get(pk=link.subject)
    waits = vouching.waits(link, at=request.received_at)
    if actions.mailed(link, at=request.received_at):
        told = {"person": person, "until": zones.minute(link.expires), "waits": waits}
        return render(request, "people/link.html", told)
    where = address(link)
    picture = segno.make(where, error="m").svg_inline(scale=5, svgclass="code-picture", lineclass=None, omitsize=True)
    shown = {
        "person": person,
        "address": where,
        "picture": picture,
        "until": zones.minute(link.expires),
        "waits": waits,
    }
    return render(request, "people/link.html", shown)


def _line(person: Person, open_grants: list[RoleGrant], *, at: datetime) -> dict[str, Any]:
    joined = person.has_usable_password()
    state = DISABLED if not open_grants else ACTIVE if joined else INVITED
    language = get_language()
    told = []
    for grant in open_grants:
        role = word("people.role_at", language, role=word(f"role.{grant.role}", language), site=grant.site.name)
        told.append(role if grant.starts <= at else word("people.role_later", language, role=role, on=_day(grant)))
    return {"person": person, "state": state, "state_said": word(STATES[state], language), "held": told}


def _grant(grant: RoleGrant, sites: list[Site], *, at: datetime) -> dict[str, Any]:
    """One role for a page: what, where, from when until when, by whom."""
    language = get_language()
    last = zones.day(grant.ends - timedelta(microseconds=1), grant.site.zone).isoformat() if grant.ends else ""
    return {
        "id": grant.id,
        "role": word(f"role.{grant.role}", language),
        "site": grant.site.name,
        "from": _day(grant),
        "until": last,
        "by": grant.by.display_name if grant.by else word("audit.operator", language),
        "mine": grant.site in sites,
        "later": grant.starts > at,
    }


def _day(grant: RoleGrant) -> str:
    return zones.day(grant.starts, grant.site.zone).isoformat()


def _choices() -> dict[str, Any]:
    said = get_language()
    return {
        "role_choices": [(role.value, word(f"role.{role}", said), word(f"role_may.{role}", said)) for role in Role],
        "languages": LANGUAGES.items(),
    }


def _sites(request: HttpRequest) -> list[Site]:
    """The sites that the administrator looks after."""
    return sites_of(request.person, Permission.MANAGE_PEOPLE, at=request.received_at)


def _site(request: HttpRequest, sites: list[Site]) -> Site:
    found = next((site for site in sites if str(site.id) == request.POST.get("site")), None)
    if found is None:
        raise Refused("people.no_site_chosen")
    return found


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise Refused("people.no_role_chosen") from None


def _language(request: HttpRequest) -> str:
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Refused("people.no_language", typed=language[:30])
    return language


def _id(request: HttpRequest, name: str) -> UUID:
    found = uuid(request, name)
    if found is None:
        raise Refused("error.bad_request")
    return found
