"""The pages on which a patient answers alone, behind a link: one question a page, kept at every answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.forms import actions, makers, queries
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Question, asked, first_open
from daybreak.web.forms.models import Sitting
from daybreak.web.links.models import FORM, Link, LinkEvent
from daybreak.web.links.models import USED as OPENED
from daybreak.web.links.views import forget, held, renew
from daybreak.web.refusals import Refused
from daybreak.web.words import word

OTHERS = {NOT_SAID: "forms.not_said", NOT_KNOWN: "forms.not_known"}


@by_link(FORM)
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """Where somebody stopped: at the first question without an answer."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    _, sitting, form = found
    if queries.over(sitting):
        return redirect("/form/done/")
    answers = queries.answers(sitting)
    return redirect(_place(form, answers, first_open(form, answers)))


@by_link(FORM)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, n: int) -> HttpResponse:
    """One question. What is chosen is kept before the next one is shown."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    link, sitting, form = found
    if queries.over(sitting):
        return redirect("/form/done/")
    answers = queries.answers(sitting)
    every = asked(form, answers)
    if not 1 <= n <= len(every):
        return redirect("/form/")
    one = every[n - 1]
    problems, status = [], 200
    if request.method == "POST":
        try:
            return renew(_answered(request, sitting, form, one), link)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("form", who=None, at=request.received_at, subject=sitting.patient_id)
    shown = {
        **told(form, one, value=answers.get(one.id, "") if _said_since_opened(link, sitting, one) else ""),
        "typed": request.POST.get("typed", ""),
        "n": n,
        "of": len(every),
        "back": n - 1,
        "problems": problems,
    }
    return renew(render(request, "forms/question.html", shown, status=status), link)


@by_link(FORM)
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, at once after an answer that calls for somebody; then on."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    link, sitting, _ = found
    return renew(render(request, "forms/help.html", {"site": sitting.site_id, "over": queries.over(sitting)}), link)


@by_link(FORM)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Thanks, and where help is."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    _, sitting, _ = found
    return render(request, "forms/done.html") if queries.over(sitting) else redirect("/form/")


@by_link(FORM)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Away, at once: an empty page, and "back" shows nothing."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    if request.method == "GET":
        return redirect("/form/")
    return forget(render(request, "forms/left.html"), FORM)


def told(form: Form, one: Question, *, value: str) -> dict[str, Any]:
    """What a page shows of a question; `value` is the answer that it has."""
    chosen = set(value.split(" ")) if one.kind is Kind.SEVERAL else {value}
    return {
        "form": form,
        "question": one,
        "options": [(option.value, option.words, option.value in chosen) for option in one.options],
        "others": [(other, word(OTHERS[other], get_language()), value == other) for other in one.others],
        "value": "" if value in one.others else value,
        "other_language": form.language.lower() != get_language().lower(),
    }


def said(one: Question, chosen: list[str], typed: str) -> str:
    """The answer that a form brings: what was pressed beside the choices counts before them, and these before what was typed."""
    pressed = [value for value in chosen if value in one.others]
    if pressed or one.kind is not Kind.SEVERAL:
        return (pressed or chosen or [typed])[-1]
    return " ".join(chosen)


def _held(request: HttpRequest) -> HttpResponse | tuple[Link, Sitting, Form]:
    """The link that this browser holds, what it asks, and in which language; or the page that says that it holds none."""
    link = held(request, FORM)
    sitting = link and Sitting.objects.select_related("ending").filter(pk=link.subject).first()
    if link is None or sitting is None:
        return render(request, "error.html", {"sentence": "links.unusable"}, status=404)
    trail.go_by("link")
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        activate(sitting.language)
        request.LANGUAGE_CODE = get_language()
    return link, sitting, makers.form(sitting.form, get_language())


def _answered(request: HttpRequest, sitting: Sitting, form: Form, one: Question) -> HttpResponse:
    text = said(one, request.POST.getlist("value"), request.POST.get("typed", ""))
    over = actions.answer(sitting, one.id, text, by=None, at=request.received_at)
    answers = queries.answers(sitting)
    made, name = makers.maker(sitting.form)
    if one.safety and made.urgent(name, one, answers[one.id]):
        return redirect("/form/help/")
    if over:
        return redirect("/form/done/")
    every = asked(form, answers)
    following = every[every.index(one) + 1 :]
    onward = next((next_one for next_one in following), None) or first_open(form, answers)
    return redirect(_place(form, answers, onward))


def _place(form: Form, answers: dict[str, str], one: Question | None) -> str:
    every = asked(form, answers)
    return f"/form/{every.index(one) + 1}/" if one else "/form/1/"


def _said_since_opened(link: Link, sitting: Sitting, one: Question) -> bool:
    """Was this answered since the link was opened last? Whoever opens it later does not see what was said before."""
    opened = LinkEvent.objects.filter(link=link, kind=OPENED).order_by("-created").values_list("created", flat=True)
    return sitting.answers.filter(question=one.id, created__gte=opened[0]).exists()
