"""The pages and answers around passkeys. (`people.views` has the second step, `people.step_up` the confirmation)"""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.web import posted
from daybreak.web.access import everyone, needs
from daybreak.web.people import sign_in, step_up
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import come_in
from daybreak.web.presence import passkeys
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused


@everyone("who has not come in yet needs something to sign; it tells nothing about anybody")
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """What a device has to sign so that its owner comes in."""
    purpose = request.POST.get("purpose")
    if purpose not in (passkeys.SIGN_IN, passkeys.SECOND):
        raise BadRequest("a purpose of signing in was expected")
    person = sign_in.half_in(request) if purpose == passkeys.SECOND else None
    if purpose == passkeys.SECOND and person is None:
        raise BadRequest("nobody gave a password a moment ago")
    return _options(request, purpose, person)


@needs(Permission.OWN_PAGE)
@require_POST
def own_options(request: HttpRequest) -> HttpResponse:
    """What a device has to sign, or to make, for somebody who is in."""
    purpose = request.POST.get("purpose")
    if purpose not in (passkeys.REGISTER, passkeys.CONFIRM):
        raise BadRequest("register or confirm was expected")
    return _options(request, purpose, request.person)


@everyone("whoever works here has to come in")
@require_POST
def come_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey is a complete way in."""
    onward = request.POST.get("next", "")
    try:
        person = passkeys.verified(
            request.POST.get("passkey", ""),
            purpose=passkeys.SIGN_IN,
            person=None,
            session=_session(request),
            at=request.received_at,
        )
    except Refused as refused:
        shown = {"next": onward, "problems": [refused.sentence(get_language())]}
        return render(request, "people/sign_in.html", shown, status=refused.status)
    return come_in(request, person, onward)


@needs(Permission.OWN_PAGE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First who one is, once more; then the name of the key, which the device makes."""
    problems, status, name = [], 200, posted.typed(request, "name")
    if request.method == "POST":
        try:
            if step_up.needed(request):
                step_up.confirm(request)
                return redirect("/me/passkeys/new/")
            passkeys.register(
                request.person,
                name=name,
                answer=request.POST.get("passkey", ""),
                session=_session(request),
                at=request.received_at,
            )
            return redirect("/me/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    shown = {"step_up": step_up.needed(request), "name": name, "problems": problems}
    return render(request, "presence/passkey_new.html", shown, status=status)


@needs(Permission.OWN_PAGE)
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """One of one's own keys opens nothing any more; first who one is, once more, when that was long ago."""
    which = posted.typed(request, "which")
    asked = step_up.needed(request)
    try:
        if asked and not ("confirm" in request.POST or "passkey" in request.POST):
            return render(request, "presence/passkey_remove.html", {"step_up": asked, "which": which})
        step_up.confirm(request)
    except Refused as refused:
        problems = [refused.sentence(get_language())]
        shown = {"step_up": step_up.needed(request), "which": which, "problems": problems}
        return render(request, "presence/passkey_remove.html", shown, status=refused.status)
    passkeys.remove(request.person, which, at=request.received_at)
    return redirect("/me/")


def _options(request: HttpRequest, purpose: str, person: Person | None) -> HttpResponse:
    if request.session.session_key is None:
        request.session.create()
    return JsonResponse(passkeys.options(purpose, person=person, session=_session(request), at=request.received_at))


def _session(request: HttpRequest) -> str:
    return digest(request.session.session_key or "")
