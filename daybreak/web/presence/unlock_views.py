"""The pages on which a session is locked and unlocked. Locked is not lost: one field, and on from where one was."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.web.access import everyone, needs
from daybreak.web.audit import trail
from daybreak.web.cockpit.help_views import behind_the_lock
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission
from daybreak.web.people.views import leads_here
from daybreak.web.presence import passkeys, pins, unlocking
from daybreak.web.presence.models import Pin
from daybreak.web.presence.store import digest
from daybreak.web.refusals import Refused

FLOOR = "/today/"  # stays behind the lock, with the rooms alone


@needs(Permission.OWN_PAGE)
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock at once: the tablet is left for a moment. The page of today stays where it is, and shows the rooms."""
    request.session["locked"] = True
    trail.happened("locked", who=request.person.id, at=request.received_at)
    onward = request.POST.get("next", "")
    stays = leads_here(request, onward) and urlsplit(onward).path == FLOOR
    response = redirect(onward if stays else f"/unlock/?{urlencode({'next': onward}, safe='/')}")
    response["Clear-Site-Data"] = '"cache"'
    return response


@needs(Permission.OWN_PAGE)
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Somebody is typing: that the request came keeps the session awake."""
    return HttpResponse(status=204)


@everyone("shows the name of whoever locked this browser, and one field")
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The person of this session, by PIN, password or passkey. After three wrong tries the session ends."""
    onward = (request.GET if request.method == "GET" else request.POST).get("next", "")
    back = onward if leads_here(request, onward) else "/"
    if request.locked is None:
        return HttpResponseRedirect(back if request.person else f"/login/?{urlencode({'next': back}, safe='/')}")
    problems, status = [], 200
    if request.method == "POST":
        try:
            if unlocking.opened(request):
                return HttpResponseRedirect(back)
            raise Refused("unlock.wrong", in_field="pin")
        except Refused as refused:
            if unlocking.ended(request):
                return redirect(f"/login/?{urlencode({'next': back}, safe='/')}")
            problems, status = [refused.sentence(get_language())], refused.status
    shown = {
        "name": request.locked.display_name,
        "login": request.locked.login,
        "has_pin": Pin.objects.filter(person=request.locked).exists(),
        "has_passkey": request.locked.passkeys.exists(),
        "next": onward,
        "chairs": behind_the_lock(request.locked, at=request.received_at),
        "problems": problems,
    }
    return render(request, "presence/unlock.html", shown, status=status)


@everyone("who is locked out needs something to sign; it tells nothing but which keys may sign", even_handed=True)
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What a device has to sign so that its owner's session opens again."""
    person = request.locked or (request.handed and request.handed.by)
    if person is None:
        return redirect("/")
    told = {"person": person, "session": digest(request.session.session_key), "at": request.received_at}
    return JsonResponse(passkeys.options(passkeys.UNLOCK, **told))


@needs(Permission.OWN_PAGE)
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """Choose the PIN that unlocks."""
    problems, status = [], 200
    if request.method == "POST":
        try:
            step_up.confirm(request)
            told = {name: request.POST.get(name, "") for name in ("pin", "again")}
            pins.choose(request.person, **told, at=request.received_at)
            return redirect("/me/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    shown = {"step_up": step_up.needed(request), "problems": problems}
    return render(request, "presence/pin.html", shown, status=status)
