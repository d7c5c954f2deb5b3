"""How is a page for strangers drawn? In the language of its address, without a cookie and without asking who reads it.

The request never reaches the template: what needs a cookie (a form's token, who is signed in) cannot get onto the page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from daybreak.web import zones
from daybreak.web.crisis.card import numbers
from daybreak.web.demo import mark
from daybreak.web.words import known


def shown(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """The page. `?lang=` names its language and is carried on to the next; without it the browser's own counts."""
    chosen, language = _chosen(request), language_of(request)
    with translation.override(language):
        country, lines = numbers(on=zones.today(request.received_at), language=known(language))
        text = render_to_string(
            template,
            {
                "LANGUAGE_CODE": language,
                "carried": f"?lang={chosen}" if chosen else "",
                "address": request.path,
                "country": country,
                "lines": lines,
                "sign_in": "/demo/" if mark.within(request) else "/login/",
                **(context or {}),
            },
        )
    response = HttpResponse(text)
    response["Content-Language"] = language
    return response


def language_of(request: HttpRequest) -> str:
    """The language in which the page is drawn."""
    return _chosen(request) or translation.get_language() or settings.LANGUAGE_CODE


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "").lower()
    return asked if asked in dict(settings.LANGUAGES) else ""
