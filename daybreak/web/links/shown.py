"""By which link was the page shown from which a form comes?

A browser holds one link of a purpose at a time, but may have the pages of two open. So each form of such a page says whose
it is, what it brings goes there and nowhere else, and the browser goes on with that link.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from daybreak.web.links.models import Link
from daybreak.web.links.purposes import PURPOSES

COOKIE = "__Secure-link" if settings.CLINIC else "link"
FIELD = "shown_by"
register = template.Library()


def named(request: HttpRequest, purpose: str, *, within: timedelta) -> Link | None:
    """The link of this purpose that the form says; else the one that the browser holds. None: it holds none."""
    id = _told(request.COOKIES.get(COOKIE, ""), purpose, within=PURPOSES[purpose].remembered)
    said = request.POST.get(FIELD) if request.method == "POST" else None
    if id is None or said is None:
        id = _told(request.COOKIES.get(COOKIE, ""), purpose, within=within)
    else:
        holds, id = id, _told(said, f"{purpose}.page", within=within)
    link = Link.objects.filter(pk=id, purpose=purpose).first() if id else None
    request.link_shown = link
    request.turned_to = link if said is not None and link and id != holds else None
    return link


def hold(response: HttpResponse, link: Link) -> HttpResponse:
    """From now on the browser holds this link."""
    purpose = PURPOSES[link.purpose]
    response.set_cookie(
        COOKIE,
        signing.dumps(str(link.id), salt=_salt(link.purpose)),
        max_age=purpose.remembered,
        path=purpose.leads_to,
        secure=settings.CLINIC,
        httponly=True,
        samesite="Strict",
    )
    return response


class Turn:
    """The middleware by which a browser goes on with the link whose page was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        link = getattr(request, "turned_to", None)
        return hold(response, link) if link and COOKIE not in response.cookies else response


@register.tag
def csrf_token(parser: Parser, token: Token) -> template.Node:
    """Django's, with the field that says whose page the form is on: no form of such a page can be without it."""
    return _Fields()


class _Fields(CsrfTokenNode):
    def render(self, context: Any) -> str:
        fields, request = super().render(context), context.get("request")
        link = getattr(request, "link_shown", None)
        if link is None:
            return fields
        value = signing.dumps(str(link.id), salt=_salt(f"{link.purpose}.page"))
        return fields + format_html('<input type="hidden" name="{}" value="{}">', FIELD, value)


def _told(signed: str, about: str, *, within: timedelta) -> str | None:
    try:
        id: str = signing.loads(signed, salt=_salt(about), max_age=within)
    except signing.BadSignature:
        return None
    return id


def _salt(about: str) -> str:
    return f"link.{about}"
