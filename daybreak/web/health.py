"""Is this clinic able to serve?"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from daybreak.web.access import everyone
from daybreak.web.database import shortfall


@everyone("says one word and nothing about the clinic; whoever watches the machine asks it", even_handed=True)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 "ok", or 503 when the database does not answer or may lose what it acknowledged."""
    try:
        lacking = shortfall(connection)
    except DatabaseError:
        lacking = "no answer"
    return HttpResponse("not ready\n" if lacking else "ok\n", status=503 if lacking else 200, content_type="text/plain")
