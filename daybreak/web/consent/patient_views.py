"""The pages on which a patient reads, answers and signs, behind a link or on a tablet: one statement a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids
from daybreak.web.access import by_link, on_the_tablet
from daybreak.web.audit import trail
from daybreak.web.consent import actions, asking, queries
from daybreak.web.consent.items import OPEN, WAITS, Item, items, open_place, title, waiting
from daybreak.web.consent.models import LINK, TABLET, Signature, Talk
from daybreak.web.consent.tags import sentence
from daybreak.web.links import born
from daybreak.web.links.models import CONSENT
from daybreak.web.links.views import forget, held, no_longer
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.posted import key, typed, uuid
from daybreak.web.presence import handover
from daybreak.web.refusals import Refused
from daybreak.web.tasks.models import Level
from daybreak.web.words import LANGUAGES, word

BY_LINK, ON_TABLET = "/consent/", "/tablet/consent/"


@by_link(CONSENT)
@require_http_methods(["GET", "POST"])
def link_front(request: HttpRequest) -> HttpResponse:
    """Where somebody stopped; leaving; or, in between, that a person talks with them first."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    if request.POST.get("do") == "leave":
        return forget(render(request, "forms/left.html"), CONSENT)
    return _front(request, found, BY_LINK)


@by_link(CONSENT)
@require_http_methods(["GET", "POST"])
def link_page(request: HttpRequest, n: int) -> HttpResponse:
    """One statement, one question, or the signature."""
    found = _held(request)
    return found if isinstance(found, HttpResponse) else _page(request, found, n, BY_LINK)


@on_the_tablet(handover.CONSENT)
@require_http_methods(["GET", "POST"])
def tablet_front(request: HttpRequest) -> HttpResponse:
    """The same on a tablet that was handed over."""
    return _front(request, _on_tablet(request), ON_TABLET)


@on_the_tablet(handover.CONSENT)
@require_http_methods(["GET", "POST"])
def tablet_page(request: HttpRequest, n: int) -> HttpResponse:
    """One statement, one question, or the signature."""
    return _page(request, _on_tablet(request), n, ON_TABLET)


@on_the_tablet(handover.OWN_RECORD)
@require_http_methods(["GET", "POST"])
def own_consents(request: HttpRequest) -> HttpResponse:
    """What the patient has agreed to; each can be taken back here."""
    patient, at, language = request.handed.patient, request.received_at, get_language()
    if request.method == "POST":
        trail.go_by(handover.VIA)
        signed = Signature.objects.filter(pk=uuid(request, "signature"), talk__patient__in=patients.together(patient))
        if (row := signed.select_related("talk").first()) is not None:
            actions.withdraw(row, reason="", by=None, at=at)
        return redirect("/tablet/consents/")
    reading.read("tablet_consents", patient, who=request.handed.by_id, at=at, via=handover.VIA)
    shown = [
        {
            "title": title(one, language),
            "sentence": sentence(one, at=at, language=language),
            "signature": one.signature,
            "valid": queries.state(one, at=at) == queries.VALID,
        }
        for one in queries.talks(patient)
        if hasattr(one, "signature")
    ]
    return render(request, "consent/own.html", {"consents": shown})


def _held(request: HttpRequest) -> HttpResponse | Talk | None:
    """The talk of the patient whose link this browser holds; or the page that says that it holds none, or asks the year."""
    link = held(request, CONSENT)
    if link is None:
        return no_longer(request, CONSENT)
    trail.go_by("link")
    if (asked := born.asked(request, link, title="consent.yours")) is not None:
        return asked
    return _in_its_language(request, queries.open_talk(link.subject, until=link.created))


def _on_tablet(request: HttpRequest) -> Talk | None:
    trail.go_by(handover.VIA)
    return _in_its_language(request, queries.open_talk(request.handed.patient_id, only=request.handed.about))


def _in_its_language(request: HttpRequest, talk: Talk | None) -> Talk | None:
    """The page speaks as the text does: one language on a screen."""
    if talk is not None and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(talk.language)
        request.LANGUAGE_CODE = get_language()
    return talk


def _front(request: HttpRequest, talk: Talk | None, base: str) -> HttpResponse:
    if talk is None:
        return render(request, "consent/done.html", {"base": base})
    found = items(talk)
    if (n := open_place(found)) is not None:
        return redirect(f"{base}{n}/")
    if waits := waiting(found):
        trail.read("consent_text", who=None, at=request.received_at, subject=talk.patient_id)
        shown = {"base": base, "talk": talk, "title": title(talk, talk.language), "items": waits}
        return render(request, "consent/waits.html", {**shown, "urgent": _urgent(waits)})
    return redirect(f"{base}{len(found) + 1}/")


def _page(request: HttpRequest, talk: Talk | None, n: int, base: str) -> HttpResponse:
    if talk is None:
        return redirect(base)
    found = items(talk)
    problems, status, told = list[str](), 200, request.POST
    if other := request.method == "POST" and not _shown_there(request, talk, found, n):
        if Signature.objects.filter(talk=uuid(request, "talk"), talk__patient=talk.patient_id).exists():
            return redirect(base)  # the signature that was sent twice
        problems, status, told = [word("consent.other_page", get_language())], 409, QueryDict()
        n = open_place(found) or len(found) + 1
    if not 1 <= n <= len(found) + 1 or (n > len(found) and (open_place(found) or waiting(found))):
        return redirect(base)
    if request.method == "POST" and not other:
        try:
            return _answered(request, talk, n, base)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
            found = items(talk)
    trail.read("consent_text", who=None, at=request.received_at, subject=talk.patient_id)
    shown: dict[str, Any] = {
        "talk": talk,
        "title": title(talk, talk.language),
        "base": base,
        "n": n,
        "of": len(found) + 1,
        "back": n - 1,
        "problems": problems,
        "told": told,
        "text_language": LANGUAGES[talk.language],
        "key": ids.new(),
    }
    if n <= len(found):
        shown["item"] = found[n - 1]
        shown["answers"] = list(enumerate(found[n - 1].answers))
        shown["urgent"] = _urgent([found[n - 1]])
    else:
        shown["not_alone"] = asking.not_alone(talk, found, at_home=base == BY_LINK)
    return render(request, "consent/page.html", shown, status=status)


def _shown_there(request: HttpRequest, talk: Talk, found: Sequence[Item], n: int) -> bool:
    """Was the page that was sent about this talk and about what stands at that place?"""
    item = found[n - 1].id if n <= len(found) else ""
    return (uuid(request, "talk"), request.POST.get("item")) == (talk.id, item)


def _answered(request: HttpRequest, talk: Talk, n: int, base: str) -> HttpResponse:
    found, at = items(talk), request.received_at
    if n > len(found):
        actions.sign(
            talk,
            name=typed(request, "name"),
            clear=request.POST.get("clear", ""),
            **read_and_drawn(request),
            how=LINK if base == BY_LINK else TABLET,
            by=None,
            at=at,
            key=key(request),
        )
        return redirect(base)
    actions.say(talk, found[n - 1].id, request.POST.get("value", ""), by=None, at=at)
    now = items(talk)
    if _urgent([now[n - 1]]):
        return redirect(f"{base}{n}/")
    following = next((i for i, one in enumerate(now, 1) if i > n and one.state == OPEN), None)
    return redirect(f"{base}{following}/" if following else base)


def read_and_drawn(request: HttpRequest) -> dict[str, str]:
    """What every form of a signature says besides the name."""
    said = {"read": request.POST.get("read", ""), "drawn": request.POST.get("drawn", "")}
    return {**said, "read_in": typed(request, "read_in")}


def _urgent(found: Iterable[Item]) -> bool:
    """Does one of them wait about which somebody talks at once? Then the numbers of the crisis lines stand there too."""
    return any(one.state == WAITS and asking.level(one.id) is Level.NOW for one in found)
