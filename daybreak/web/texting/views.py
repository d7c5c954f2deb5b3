"""The door at which a gateway brings the texts that came."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from daybreak.web.access import everyone
from daybreak.web.audit import trail
from daybreak.web.flood import limits
from daybreak.web.flood.doors import TEXTS
from daybreak.web.texting import actions


@csrf_exempt
@everyone("a gateway brings texts and shows the clinic's secret; it is told nothing", even_handed=True)
@require_POST
def arrive(request: HttpRequest) -> HttpResponse:
    """`from`, `text` and the gateway's `id` of it. The answer is one word, the same for every text, once it is on disk.

    Only what shows no secret is counted: who floods this door keeps nobody's text out.
    """
    texts = settings.PLACE.texts
    if texts is None or not texts.secret:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {texts.secret}".encode()):
        try:
            limits.admit(request, TEXTS)
        except limits.TooOften:
            return _word("too often", status=429)
        return _word("no", status=403)
    sender = request.POST.get("from", "").strip()
    if not sender or "text" not in request.POST:
        return _word("expected the fields id, from and text", status=400)
    with trail.by_way_of("text"):
        actions.arrived(
            told=request.POST.get("id", ""), sender=sender, text=request.POST["text"], at=request.received_at
        )
    return _word("kept")


def _word(said: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{said}\n", status=status, content_type="text/plain")
