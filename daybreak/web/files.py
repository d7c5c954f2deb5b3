"""How is a file of ours (style, script, picture) sent? Whole: they are small, and a stream would need a thread of its own."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware

from daybreak.web.access import everyone

# A worker stands in for these pages, and for no other: those beside a patient, and the one on which a clinic is judged.
WORKERS = {"/static/daybreak/away-worker.js": "/sessions/", "/static/daybreak/check-worker.js": "/clinics/check/"}


class Files(WhiteNoiseMiddleware):
    """WhiteNoise, which makes streams that a server of our kind can only send with a warning."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with closing(found.file):
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status), headers=dict(found.headers))
        if (
            "v" in request.GET
        ):  # its address names its content (`public/hashed.py`): another content has another address
            response["Cache-Control"] = "max-age=31536000, public, immutable"
        if scope := WORKERS.get(request.path_info):
            response["Service-Worker-Allowed"] = scope
        return response


@everyone("browsers ask for it unasked")
@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of a page that names none."""
    return redirect("/static/daybreak/icon.svg")
