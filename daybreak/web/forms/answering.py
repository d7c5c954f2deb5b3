"""What does somebody see who answers alone, by whichever door: one question a page, kept at every answer?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from daybreak.knowledge.suicide import calling
from daybreak.web.audit import trail
from daybreak.web.forms import actions, makers, queries
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Question, asked, first_open
from daybreak.web.forms.models import Ended, Sitting
from daybreak.web.refusals import Refused
from daybreak.web.words import word

OTHERS = {NOT_SAID: "forms.not_said", NOT_KNOWN: "forms.not_known"}
AGAIN = "again"  # beside the address of a question: it was left blank, and is asked once more
BY_LINK, ON_TABLET = "/form/", "/tablet/form/"


@dataclass(frozen=True, slots=True)
class Door:
    """Which form is open, below which address, and since when: what was answered before that is not shown again."""

    base: str
    sitting: Sitting
    form: Form
    since: datetime


def opened(base: str, sitting: Sitting, *, since: datetime) -> Door:
    """The form in the language of this page; its days and times are those of the site that asks."""
    timezone.activate(ZoneInfo(sitting.site.zone))
    return Door(base, sitting, makers.form(sitting.form, get_language()), since=since)


def resume(door: Door) -> HttpResponse:
    """Where somebody stopped: at the first question without an answer."""
    if queries.over(door.sitting):
        return redirect(f"{door.base}done/")
    answers = queries.answers(door.sitting)
    return redirect(_place(door, answers, first_open(door.form, answers)))


def question(request: HttpRequest, door: Door, n: int, *, along: Callable[[Door], str] | None = None) -> HttpResponse:
    """One question. What is chosen is kept before the next one is shown. `along`: what its page takes with it.

    An answer belongs to the question that its page showed: with another answer changed since, `n` is another one.
    """
    if queries.over(door.sitting) and request.method == "GET":
        return redirect(f"{door.base}done/")
    answers = queries.answers(door.sitting)
    every = asked(door.form, answers)
    if request.method == "POST":
        n = 1 + next((at for at, one in enumerate(every) if one.id == request.POST.get("question")), len(every))
    if not 1 <= n <= len(every):
        return redirect(f"{door.base}done/" if queries.over(door.sitting) else door.base)
    one = every[n - 1]
    problems, status = [], 200
    if request.method == "POST":
        try:
            return keep(request, door, one)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    trail.read("form", who=None, at=request.received_at, subject=door.sitting.patient_id)
    said_now = door.sitting.answers.filter(question=one.id, created__gte=door.since).exists()
    shown = {
        **told(door.form, one, value=answers.get(one.id, "") if said_now else ""),
        "base": door.base,
        "site": door.sitting.site_id,
        "patient": door.sitting.patient_id,
        "typed": request.POST.get("typed", ""),
        "n": n,
        "of": len(every),
        "back": n - 1,
        "hours": int(calling().unfinished.total_seconds() // 3600),
        "problems": problems,
        "along": along(door) if along else "",
    }
    return render(request, "forms/question.html", shown, status=status)


def help_now(request: HttpRequest, door: Door) -> HttpResponse:
    """Whom to call, at once after an answer that calls for somebody; then on."""
    asked_about = [one.id for one in door.form.questions if one.safety]
    now = door.sitting.answers.filter(question__in=asked_about, created__gte=door.since).order_by("seq").last()
    said = now and now.value != NOT_SAID and makers.urgent(door.sitting.form, door.form, {now.question: now.value})
    shown = {
        "base": door.base,
        "said": said,
        "site": door.sitting.site_id,
        "patient": door.sitting.patient_id,
        "over": queries.over(door.sitting),
        "again": _again(door, now.question) if now and now.value == NOT_SAID else "",
    }
    return render(request, "forms/help.html", shown)


def _again(door: Door, id: str) -> str:
    """Where what was left blank about suicide is asked once more; empty: what follows it is not, nor what is over."""
    if queries.over(door.sitting) or door.form.question(id).follows:
        return ""
    return f"{_place(door, queries.answers(door.sitting), door.form.question(id))}?{AGAIN}"


def done(request: HttpRequest, door: Door, *, own: bool = False) -> HttpResponse:
    """Thanks, or that it ended part way and who goes on; and where help is. `own`: one's own scores are a page further on."""
    if not queries.over(door.sitting):
        return redirect(door.base)
    late = door.sitting.answers.filter(created__gt=max(door.since, door.sitting.ending.created)).exists()
    ending = door.sitting.ending
    half = ending.how == Ended.AS_FAR
    shown = {"base": door.base, "late": late, "half": half, "again": half and ending.by_id is None, "own": own}
    return render(request, "forms/done.html", shown)


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


def sent(request: HttpRequest, one: Question) -> str:
    """The answer to this question that the page's form brings."""
    return said(one, request.POST.getlist("value"), request.POST.get("typed", ""))


def keep(request: HttpRequest, door: Door, one: Question) -> HttpResponse:
    """What was sent as the answer to this question is kept; where it goes on. Refused when it is none."""
    over = actions.answer(door.sitting, one.id, sent(request, one), by=None, at=request.received_at)
    answers = queries.answers(door.sitting) | queries.late(door.sitting)
    made, name = makers.maker(door.sitting.form)
    asked_twice = AGAIN in request.GET and answers[one.id] == NOT_SAID
    if one.safety and not one.follows and not asked_twice and made.urgent(name, one, answers[one.id]):
        return redirect(f"{door.base}help/")
    if over:
        return redirect(f"{door.base}done/")
    every = asked(door.form, answers)
    following = every[every.index(one) + 1 :]
    onward = next((next_one for next_one in following), None) or first_open(door.form, answers)
    return redirect(_place(door, answers, onward))


def _place(door: Door, answers: dict[str, str], one: Question | None) -> str:
    every = asked(door.form, answers)
    return f"{door.base}{every.index(one) + 1}/" if one else f"{door.base}1/"
