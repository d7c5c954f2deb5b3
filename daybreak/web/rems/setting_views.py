"""The page on which it is said where a treatment is given: what the programme asks for there, and who said it before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.knowledge import rems
from daybreak.web import ids, zones
from daybreak.web.access import needs
from daybreak.web.courses.models import Booking, Visit
from daybreak.web.courses.state import standing
from daybreak.web.patients import queries as patients
from daybreak.web.patients.views import show
from daybreak.web.people import step_up
from daybreak.web.people.permissions import Permission, page_may
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.rems import setting as said
from daybreak.web.rems import setting_actions
from daybreak.web.treatment import queries as treatments
from daybreak.web.words import known


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Of one treatment, also when it is over: after a dose a prescriber corrects it."""
    at, language = request.received_at, known(get_language())
    rows = Booking.objects.select_related("patient", "site", "course")
    booking = rows.filter(pk=booking_id).first()
    if booking is None:
        raise Http404
    patient = patients.patient_or_404(request.person, booking.patient_id, at, permission=Permission.RUN_SESSIONS)
    if not page_may(request.person, Permission.RUN_SESSIONS, at=at, site_id=booking.site_id):
        raise Http404
    now = treatments.of_bookings([booking.id]).get(booking.id)
    given = now is not None and now.state.exposed
    refused: Refused | None = None
    if request.method == "POST":
        try:
            if given:
                step_up.confirm(request)
            told = {"reason": typed(request, "reason"), "seen": uuid(request, "seen")}
            about = {"by": request.person, "at": at, "key": key(request)}
            setting_actions.choose(booking, typed(request, "setting"), **told, **about)
            return redirect(f"/bookings/{booking.id}/setting/")
        except Refused as problem:
            refused = problem
    every = said.every(booking.id)
    last = every[0] if every else None
    shown: dict[str, Any] = {
        "booking": booking,
        "day": zones.minute(standing(booking).starts),
        "session": now.session.id if now else None,
        "treats": booking.visit == Visit.TREATMENT,
        "asks": booking.course is None or rems.asks(booking.course.protocol),
        "given": given,
        "may": not given or page_may(request.person, Permission.DECIDE_DOSE, at=at, site_id=booking.site_id),
        "words": said.line(last.setting if last else None)["words"][language],
        "last": last,
        "settings": [(id, one["words"][language], one["says"][language]) for id, one in rems.settings().items()],
        "chosen": typed(request, "setting") or (last.setting if last else ""),
        "reason": typed(request, "reason"),
        "rows": [
            {"words": said.line(one.setting)["words"][language], "at": zones.minute(one.created), "row": one}
            for one in every
        ],
        "key": ids.new(),
        "step_up": step_up.needed(request) if given else None,
    }
    return show(request, patient, "rems/setting.html", problem=refused, **shown)
