"""The page, by link or on the tablet, on which a patient reads and signs that they pay the sum, or may have to."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import activate, get_language
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web import ids
from daybreak.web.access import by_link, on_the_tablet
from daybreak.web.audit import trail
from daybreak.web.authorisation import signing, statements
from daybreak.web.authorisation.models import Statement
from daybreak.web.links import born
from daybreak.web.links.models import PAYMENT
from daybreak.web.links.views import held, no_longer
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries as patients
from daybreak.web.posted import key, typed
from daybreak.web.presence import handover
from daybreak.web.refusals import Refused

BY_LINK, ON_TABLET = "/payment/", "/tablet/payment/"


@by_link(PAYMENT)
@require_http_methods(["GET", "POST"])
def link_page(request: HttpRequest) -> HttpResponse:
    """The statement with the sum, and the form that signs it; afterwards that it is signed, with the paper."""
    found = _held(request)
    return found if isinstance(found, HttpResponse) else _page(request, found, BY_LINK)


@by_link(PAYMENT)
@require_safe
def own_paper(request: HttpRequest) -> HttpResponse:
    """What the patient signed, as a PDF."""
    found = _held(request)
    if isinstance(found, HttpResponse):
        return found
    if not hasattr(found, "signed"):
        raise Http404
    paper = Paper.objects.get(pk=found.signed.paper_id)
    about = {"object_id": paper.id, "subject": found.authorisation.patient_id, "via": "link"}
    trail.read("paper", who=None, at=request.received_at, **about)
    head = {"Content-Disposition": f'attachment; filename="{paper.created:%Y-%m-%d}-{paper.sha256[:8]}.pdf"'}
    return HttpResponse(bytes(paper.bytes), content_type=paper.media_type, headers=head)


@on_the_tablet(handover.PAYMENT)
@require_http_methods(["GET", "POST"])
def tablet_page(request: HttpRequest) -> HttpResponse:
    """The same on a tablet that was handed over for it."""
    found = _statement(request.handed.about)
    if found is None:
        raise Http404
    trail.go_by(handover.VIA)
    return _page(request, found, ON_TABLET)


def _held(request: HttpRequest) -> Statement | HttpResponse:
    """The statement whose link this browser holds, or the page that is shown instead."""
    link = held(request, PAYMENT)
    found = link and _statement(link.subject)
    if link is None or found is None:
        return no_longer(request, PAYMENT)
    trail.go_by("link")
    birth = patients.details(found.authorisation.patient).birth
    return born.asked(request, link, title="links.payment", birth=birth) or found


def _statement(id: object) -> Statement | None:
    near = ("authorisation", "authorisation__patient", "authorisation__site", "signed", "taken_back")
    return Statement.objects.select_related(*near).filter(pk=id).first()


def _page(request: HttpRequest, found: Statement, base: str) -> HttpResponse:
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:  # the page speaks as the statement does
        activate(found.language)
        request.LANGUAGE_CODE = get_language()
    timezone.activate(found.authorisation.site.zone)
    problems, status = [], 200
    if request.method == "POST":
        told = {"name": typed(request, "name"), "read": request.POST.get("read", "")}
        told |= {"drawn": request.POST.get("drawn", ""), "how": signing.LINK if base == BY_LINK else signing.TABLET}
        try:
            signing.sign(found, **told, at=request.received_at, key=key(request))
            return redirect(base)
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    waits = signing.waiting(found.authorisation)
    trail.read("statement", who=None, at=request.received_at, subject=found.authorisation.patient_id)
    shown = {
        "base": base,
        "by_link": base == BY_LINK,
        "statement": found,
        "words": statements.words_of(found),
        "signed": found.signed if hasattr(found, "signed") else None,
        "back": hasattr(found, "taken_back"),
        "open": waits is not None and waits.pk == found.pk,
        "told": request.POST,
        "key": request.POST.get("key") if problems and status != 409 else ids.new(),
        "problems": problems,
    }
    return render(request, "authorisation/statement.html", shown, status=status)
