"""The page behind a mailed offer: when it would be, how long it holds, and whether the patient takes it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.web import ids, zones
from daybreak.web.access import by_link
from daybreak.web.audit import trail
from daybreak.web.links.models import OFFER
from daybreak.web.links.views import held, no_longer
from daybreak.web.posted import key
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.waitlist import actions
from daybreak.web.waitlist.models import Event, What
from daybreak.web.waitlist.state import state
from daybreak.web.words import word

MAY_SAY = (What.ACCEPTED, What.DECLINED)


@by_link(OFFER)
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """For the patient. It names nobody; what they say counts as long as the offer holds."""
    link = held(request, OFFER)
    made = link and Event.objects.select_related("wish__patient", "wish__site").filter(pk=link.subject).first()
    if made is None:
        return no_longer(request, OFFER)
    trail.go_by("link")
    timezone.activate(ZoneInfo(made.wish.site.zone))
    at, language = request.received_at, get_language()
    refused = None
    if request.method == "POST":
        try:
            said = request.POST.get("do", "")
            if said not in list(MAY_SAY):
                raise Refused("error.bad_request")
            actions.answer(made.wish, said, seen=made.seq + 1, by=None, at=at, key=key(request))
            return redirect("/offer/")
        except Refused as problem:  # what the desk is told of chairs and bookings is not for the patient
            ours = problem.id.startswith("courses.")
            refused = Conflict("waitlist.call_us") if ours else problem
    trail.read("offer", who=None, at=at, subject=made.wish.patient_id)
    after = made.wish.events.filter(seq=made.seq + 1).first()
    shown = {
        "open": state(made.wish).held(at) == made,
        "taken": after is not None and after.what == What.ACCEPTED,
        "declined": after is not None and after.what == What.DECLINED,
        "day": zones.minute(made.starts),
        "until": zones.minute(made.expires),
        "moves": made.wish.booking_id is not None,
        "key": ids.new(),
        "problems": [refused.sentence(language)] if refused else [],
        "title": word("waitlist.an_earlier_time", language),
    }
    return render(request, "waitlist/offer.html", shown, status=refused.status if refused else 200)
