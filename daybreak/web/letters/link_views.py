"""The pages for whoever a letter is for, without an account: the letter, and the button that says that it is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.letters import actions, queries, telling
from daybreak.web.letters.queries import Standing
from daybreak.web.links import born
from daybreak.web.links.models import LETTER
from daybreak.web.links.views import held, no_longer
from daybreak.web.papers.actions import ENDINGS
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries as patients
from daybreak.web.posted import typed
from daybreak.web.reach.models import YES
from daybreak.web.refusals import Refused


@by_link(LETTER)
@require_http_methods(["GET", "POST"])
def own_letter(request: HttpRequest) -> HttpResponse:
    """From which clinic it is, the letter in both forms, and whether it is said already that it arrived."""
    one = _held(request)
    if isinstance(one, HttpResponse):
        return one
    timezone.activate(one.row.site.zone)
    problem = None
    if request.method == "POST":
        try:
            actions.arrived(one.row, name=typed(request, "name"), by=None, at=request.received_at)
            return redirect("/letter/")
        except Refused as refused:
            problem = refused
    about = {"object_id": one.row.id, "subject": one.row.patient_id, "site": one.row.site_id}
    trail.read("letter_page", who=None, at=request.received_at, **about, via="link")
    shown = {
        "one": one,
        "title": telling.title(one.row.occasion, get_language()),
        "done": one.state == queries.ARRIVED,
        "problems": [problem.sentence(get_language())] if problem else [],
    }
    return render(request, "letters/own.html", shown, status=problem.status if problem else 200)


@by_link(LETTER)
@require_safe
def own_paper(request: HttpRequest) -> HttpResponse:
    """The letter that people read."""
    return _file(request, "paper")


@by_link(LETTER)
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """The letter that another system reads."""
    return _file(request, "bundle")


def _held(request: HttpRequest) -> Standing | HttpResponse:
    """The letter that the link is for, or the page that is shown instead: also when the patient agrees no longer."""
    link = held(request, LETTER)
    one = queries.by_id(link.subject) if link else None
    if link is None or one is None or one.written is None or one.whom.may_tell != YES or one.whom.ended:
        return no_longer(request, LETTER)
    birth = patients.details(one.row.patient).birth
    return born.asked(request, link, title="links.letter", asks="referral.year", birth=birth) or one


def _file(request: HttpRequest, which: str) -> HttpResponse:
    one = _held(request)
    if isinstance(one, HttpResponse):
        return one
    paper = Paper.objects.get(pk=getattr(one.written, f"{which}_id"))
    about = {"subject": one.row.patient_id, "site": one.row.site_id, "via": "link"}
    trail.read("letter_taken", who=None, at=request.received_at, object_id=paper.id, **about)
    name = f"{paper.created:%Y-%m-%d}-{paper.sha256[:8]}.{ENDINGS[paper.media_type]}"
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(paper.bytes), content_type=paper.media_type, headers=head)
