"""The pages on which a patient answers alone, behind a link."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.forms import afterwards, answering
from daybreak.web.forms.answering import BY_LINK, Door
from daybreak.web.forms.from_home import taken_along
from daybreak.web.forms.models import Sitting
from daybreak.web.links.models import FORM, Link, LinkEvent
from daybreak.web.links.models import USED as OPENED
from daybreak.web.links.views import forget, held, renew, shown_by

RATED = "assessment:"  # whoever answered one of these may see how their scores ran


@by_link(FORM)
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Where somebody stopped: at the first question without an answer."""
    found = held_form(request)
    return found if isinstance(found, HttpResponse) else answering.resume(found[1])


@by_link(FORM)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, n: int) -> HttpResponse:
    """One question. What is chosen is kept before the next one is shown."""
    found = held_form(request)
    if isinstance(found, HttpResponse):
        return found
    link, door = found
    return renew(answering.question(request, door, n, along=taken_along), link)


@by_link(FORM)
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, at once after an answer that calls for somebody; then on."""
    found = held_form(request)
    if isinstance(found, HttpResponse):
        return found
    link, door = found
    return renew(answering.help_now(request, door), link)


@by_link(FORM)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, and where help is."""
    found = held_form(request)
    return (
        found
        if isinstance(found, HttpResponse)
        else answering.done(request, found[1], own=found[1].sitting.form.startswith(RATED))
    )


@by_link(FORM)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Away, at once: an empty page, and "back" shows nothing."""
    if shown_by(request, FORM) is None:
        return afterwards.unknown(request)
    if request.method == "GET":
        return redirect("/form/")
    return forget(render(request, "forms/left.html"), FORM)


def held_form(request: HttpRequest) -> HttpResponse | tuple[Link, Door]:
    """The link that this browser holds and what it asks, in which language; or the page that says that it holds none.

    Of a genuine link that is good for nothing any more the page says what became of what was sent.
    """
    link = held(request, FORM)
    was = link or shown_by(request, FORM)
    sitting = was and Sitting.objects.select_related("ending", "site", "patient").filter(pk=was.subject).first()
    if was is None or sitting is None:
        return afterwards.unknown(request)
    trail.go_by("link")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(sitting.language)
        request.LANGUAGE_CODE = get_language()
    used = LinkEvent.objects.filter(link=was, kind=OPENED).order_by("-created").values_list("created", flat=True)
    door = answering.opened(BY_LINK, sitting, since=used[0])
    return (link, door) if link else afterwards.page(request, was, door)
