"""The pages on which somebody signs in, joins, and sees their own account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from daybreak.web.access import by_link, everyone, needs
from daybreak.web.audit import trail
from daybreak.web.links.models import JOIN
from daybreak.web.links.views import held, no_longer
from daybreak.web.people import actions, queries, second_factor, sessions, sign_in, vouching
from daybreak.web.people.lockout import TooOften
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.roles import Role
from daybreak.web.presence import passkeys, places
from daybreak.web.presence import queries as ways_in
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused
from daybreak.web.words import word


@everyone("whoever works here has to come in")
@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """First half: name and password."""
    if request.method == "GET":
        return render(request, "people/sign_in.html", {"next": request.GET.get("next", "")})
    typed = request.POST.get("login", "")
    onward = request.POST.get("next", "")
    try:
        person = sign_in.by_password(
            typed, request.POST.get("password", ""), address=places.place(request, typed), at=request.received_at
        )
    except TooOften as refused:
        return _again(request, "people/sign_in.html", refused, login=typed, next=onward)
    if person is None:
        return _again(request, "people/sign_in.html", Refused("sign_in.wrong"), login=typed, next=onward)
    sign_in.begin_half(request, person)
    return redirect(f"/login/code/?{urlencode({'next': onward})}" if onward else "/login/code/")


@everyone("only somebody whose password was right a moment ago gets further")
@require_http_methods(["GET", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """Second half: the code of the app, or a recovery code."""
    person = sign_in.half_in(request)
    if person is None:
        return redirect("/login/")
    onward = request.GET.get("next", "") if request.method == "GET" else request.POST.get("next", "")
    shown = {"next": onward, "has_passkey": person.passkeys.exists()}
    if request.method == "GET":
        return render(request, "people/code.html", shown)
    try:
        if answer := request.POST.get("passkey"):
            told = {"person": person, "session": digest(request.session.session_key), "at": request.received_at}
            passkeys.verified(answer, purpose=passkeys.SECOND, **told)
            return come_in(request, person, onward)
        place = places.place(request, person.login)
        right = sign_in.by_code(person, request.POST.get("code", ""), address=place, at=request.received_at)
    except Refused as refused:
        return _again(request, "people/code.html", refused, **shown)
    if not right:
        return _again(request, "people/code.html", Refused("code.wrong", in_field="code"), **shown)
    return come_in(request, person, onward)


def come_in(request: HttpRequest, person: Person, onward: str) -> HttpResponse:
    """The session of somebody who has shown who they are begins; on to where they wanted to go."""
    resumed = places.last_person(request) == person
    sessions.begin(request, person)
    request.session["resumed"] = resumed
    response = HttpResponseRedirect(onward if leads_here(request, onward) else "/")
    places.remember(request, response, person)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        set_language_cookie(response, person.language)
    return response


@everyone("ending a session must always be possible")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and let the browser forget what it kept."""
    if person := request.person or request.locked:
        trail.happened("signed_out", who=person.id, at=request.received_at)
    logout(request)
    rotate_token(request)  # no form of a page that is still open is taken
    response = redirect("/login/")
    places.leave(request, response)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@by_link(JOIN)
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Password and app on one page, then the recovery codes, once."""
    link = held(request, JOIN)
    if link is None:
        return no_longer(request, JOIN)
    person = Person.objects.get(pk=link.subject)
    if vouching.waits(link, at=request.received_at):
        return render(request, "error.html", {"sentence": "people.waits_for_second"}, status=409)
    organisation = queries.organisation()
    secret = second_factor.secret(nonce=link.id)
    shown: dict[str, Any] = {
        "person": person,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "picture": second_factor.picture(secret=secret, login=person.login, organisation=organisation.name),
    }
    if request.method == "GET":
        return render(request, "people/join.html", shown)
    try:
        if request.POST.get("password") != request.POST.get("again"):
            raise Refused("join.not_equal", in_field="again")
        codes = actions.join(
            link, password=request.POST.get("password", ""), code=request.POST.get("code", ""), at=request.received_at
        )
    except ValidationError as wrong:
        return render(request, "people/join.html", {**shown, "problems": wrong.messages}, status=422)
    except Refused as refused:
        return _again(request, "people/join.html", refused, **shown)
    return render(request, "people/recovery_codes.html", {"codes": codes})


@needs(Permission.OWN_PAGE)
@require_safe
def own_page(request: HttpRequest) -> HttpResponse:
    """Who am I here, and which roles do I hold?"""
    roles = [(word(f"role.{one.role}", get_language()), one.site) for one in request.held]
    finds = any(Permission.FIND_PATIENTS in MAY[Role(one.role)] for one in request.held)
    shown = {"roles": roles, "finds_patients": finds, "sessions": ways_in.open_sessions(request.person, request)}
    shown["has_pin"], shown["passkeys"] = ways_in.own_ways(request.person)
    shown["codes_left"] = second_factor.codes_left(request.person)
    shown["unknown_device"] = word("sessions.unknown_device", get_language())
    return render(request, "people/own_page.html", shown)


def leads_here(request: HttpRequest, address: str) -> bool:
    """Is it an address of ours, that one may be sent on to?"""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


@everyone("anybody may read in their own language", even_handed=True)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser, and go back to where it was chosen."""
    onward = request.POST.get("next", "")
    response = HttpResponseRedirect(onward if leads_here(request, onward) else "/")
    set_language_cookie(response, request.POST.get("language", ""))
    return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Only the languages that we have; anything else is English."""
    known = next((code for code, _ in settings.LANGUAGES if code == language.lower()), "en")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        known,
        max_age=365 * 24 * 60 * 60,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _again(request: HttpRequest, template: str, refused: Refused, **shown: Any) -> HttpResponse:
    problems = [refused.sentence(get_language())]
    return render(request, template, {**shown, "problems": problems}, status=refused.status)
