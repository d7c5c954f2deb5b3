"""The pages on which a patient answers one form alone, on a tablet that staff handed over for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from daybreak.web.access import CLOSED, on_the_tablet
from daybreak.web.audit import trail
from daybreak.web.forms import answering
from daybreak.web.forms.answering import ON_TABLET, Door
from daybreak.web.forms.models import Sitting
from daybreak.web.presence import handover


@on_the_tablet(handover.FORM)
@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """The first question without an answer."""
    return answering.resume(_handed(request))


@on_the_tablet(handover.FORM, sent_late=True)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, n: int) -> HttpResponse:
    """One question. Who thinks about it for very long is answered that it is kept, and sees nothing more."""
    answer = answering.question(request, _handed(request), n)
    if not request.resting:
        return answer
    return render(request, CLOSED, {"kept": answer.status_code == 302, "unkept": answer.status_code != 302})


@on_the_tablet(handover.FORM)
@require_safe
def help_now(request: HttpRequest) -> HttpResponse:
    """Whom to call, and that staff are near."""
    return answering.help_now(request, _handed(request))


@on_the_tablet(handover.FORM)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Thanks; the tablet goes back."""
    return answering.done(request, _handed(request))


def _handed(request: HttpRequest) -> Door:
    """The form for which the tablet was handed over; nothing that was answered before that is shown."""
    trail.go_by(handover.VIA)
    sitting = Sitting.objects.select_related("ending", "site").get(pk=request.handed.about)
    return answering.opened(ON_TABLET, sitting, since=request.handed.created)
