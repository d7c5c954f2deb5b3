"""Does whoever holds a patient's link know the year in which the patient was born? Asked once, before anything is shown."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from daybreak.web.links import actions
from daybreak.web.links.models import Link
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.refusals import Refused

GUESSES = 5
BORN = "__Secure-born" if settings.CLINIC else "born"


def asked(
    request: HttpRequest,
    link: Link,
    *,
    title: str,
    birth: str | None = None,
    asks: str = "readers.year",
    always: bool = False,
) -> HttpResponse | None:
    """The page that asks, or the answer to what was typed there; None when this browser has given the year for this link,
    or links of its purpose need none; `always`: this page does all the same.

    The subject of the link is the patient, unless their `birth` is given. `title` is a sentence that says what there is
    behind it, `asks` the one that asks.
    """
    purpose = PURPOSES[link.purpose]
    if not (purpose.asks_year or always) or _knows(request, link):
        return None
    if request.method != "POST" or "year" not in request.POST:
        return render(request, "links/born.html", {"title": title, "asks": asks})
    if birth is None:
        birth = queries.details(Patient.objects.get(pk=link.subject)).birth
    right = bool(birth) and request.POST["year"].strip() == birth[:4]
    if not actions.guess(link, right, most=GUESSES, at=request.received_at):
        return render(request, "links/born.html", {"title": title, "asks": asks, "wrong": True}, status=422)
    response = redirect(request.path)
    response.set_cookie(
        BORN,
        signing.dumps(str(link.id), salt=_salt(link)),
        max_age=purpose.held_for,
        path=purpose.leads_to,
        secure=settings.CLINIC,
        httponly=True,
        samesite="Strict",
    )
    return response


def required(patient: Patient) -> None:
    """Refused before a link is made that asks for the year: nobody could open it."""
    if not queries.details(patient).birth:
        raise Refused("readers.birth_missing")


def _knows(request: HttpRequest, link: Link) -> bool:
    try:
        told = signing.loads(request.COOKIES.get(BORN, ""), salt=_salt(link), max_age=PURPOSES[link.purpose].held_for)
    except signing.BadSignature:
        return False
    return bool(told == str(link.id))


def _salt(link: Link) -> str:
    return f"link.{link.purpose}.born"
