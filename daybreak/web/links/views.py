"""The page behind a link: opening it changes nothing; pressing its button exchanges the token for a cookie."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.web.access import everyone
from daybreak.web.links import actions
from daybreak.web.links.models import FORM, JOIN, READERS, Link
from daybreak.web.refusals import Refused

# Where a link of each purpose leads. The cookie is sent to that path only.
LEADS_TO = {JOIN: "/join/", READERS: "/readers/", FORM: "/form/"}
HELD_FOR = 30 * 60  # seconds
COOKIE = "__Secure-link" if settings.CLINIC else "link"


@everyone("whoever holds the link; the page shows the same to all until the button is pressed")
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and asks nothing of the database: programs that follow links in messages use nothing up."""
    if request.method == "GET":
        return render(request, "links/open.html")
    try:
        link = actions.use(token, at=request.received_at)
    except Refused as refused:
        return render(request, "error.html", {"sentence": refused.id}, status=404)
    return hold(redirect(LEADS_TO[link.purpose]), link)


def hold(response: HttpResponse, link: Link) -> HttpResponse:
    """From now on, for half an hour, this browser holds the link."""
    response.set_cookie(
        COOKIE,
        signing.dumps(str(link.id), salt=f"link.{link.purpose}"),
        max_age=HELD_FOR,
        path=LEADS_TO[link.purpose],
        secure=settings.CLINIC,
        httponly=True,
        samesite="Strict",
    )
    return response


def forget(response: HttpResponse, purpose: str) -> HttpResponse:
    """The browser holds it no longer; the link itself can be opened again."""
    response.delete_cookie(COOKIE, path=LEADS_TO[purpose], samesite="Strict")
    return response


def held(request: HttpRequest, purpose: str) -> Link | None:
    """The link whose cookie the request brings, if it is still good for that purpose."""
    try:
        link_id = signing.loads(request.COOKIES.get(COOKIE, ""), salt=f"link.{purpose}", max_age=HELD_FOR)
    except signing.BadSignature:
        return None
    link = Link.objects.filter(pk=link_id, purpose=purpose).first()
    return link if link and actions.usable(link, at=request.received_at) else None
