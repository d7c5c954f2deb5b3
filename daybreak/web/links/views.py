"""The page behind a link: opening it changes nothing; pressing its button exchanges the token for a cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.web.access import everyone
from daybreak.web.flood import limits
from daybreak.web.flood.doors import LINK
from daybreak.web.links import actions, gone
from daybreak.web.links.models import Link
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.shown import COOKIE, hold, named
from daybreak.web.refusals import Refused


@everyone("whoever holds the link; the page shows the same to all until the button is pressed")
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and asks nothing of the database: programs that follow links in messages use nothing up."""
    if request.method == "GET":
        return render(request, "links/open.html")
    try:
        link = actions.use(token, at=request.received_at)
    except Refused:
        try:
            limits.admit(request, LINK)
        except limits.TooOften as wait:
            return limits.page(request, wait)
        return gone.page(request, actions.known(token))
    return hold(redirect(PURPOSES[link.purpose].leads_to), link)


def renew(response: HttpResponse, link: Link) -> HttpResponse:
    """Where the purpose allows it the browser holds the link from now on, so that nobody who answers slowly is shut out."""
    return hold(response, link) if PURPOSES[link.purpose].renewed else response


def forget(response: HttpResponse, purpose: str) -> HttpResponse:
    """The browser holds it no longer; the link itself can be opened again."""
    response.delete_cookie(COOKIE, path=PURPOSES[purpose].leads_to, samesite="Strict")
    return response


def held(request: HttpRequest, purpose: str) -> Link | None:
    """The link whose cookie the request brings, if it is still good for that purpose."""
    link = named(request, purpose, within=PURPOSES[purpose].held_for)
    return link if link and actions.usable(link, at=request.received_at) else None


def shown_by(request: HttpRequest, purpose: str) -> Link | None:
    """The genuine link by which the page was shown, whatever became of it since: for what is sent and may not be lost."""
    return named(request, purpose, within=PURPOSES[purpose].remembered)


def no_longer(request: HttpRequest, purpose: str) -> HttpResponse:
    """The page instead of the one that the link would show: why not, what became of what was sent, and whom to call."""
    link = shown_by(request, purpose)
    if link is None or not PURPOSES[purpose].site:
        return gone.page(request, None)
    why = gone.why(link, at=request.received_at)
    return gone.page(request, link, reason=why.value, onward=gone.ONWARD[why])
