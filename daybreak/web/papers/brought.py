"""Is a file that somebody brings one that we keep: a PDF or a picture, by what is in it, and not too large?"""

from __future__ import annotations

from django.http import HttpRequest

from daybreak.web.papers.actions import JPEG, MOST, PDF, PNG
from daybreak.web.refusals import Refused

BEGINS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}


def kind(file: bytes) -> str:
    """Its media type; empty when it is none of these. What it is called says nothing."""
    return next((type for begin, type in BEGINS.items() if file.startswith(begin)), "")


def checked(file: bytes, *, in_field: str) -> str:
    """Its media type. Refused when it is none of these, or too large."""
    found = kind(file)
    if not found or len(file) > MOST:
        raise Refused("papers.not_brought", in_field=in_field, most=MOST // 1024 // 1024)
    return found


def file(request: HttpRequest, name: str) -> bytes:
    """What was brought in that field, empty when nothing was; what is too large is not read to its end."""
    sent = request.FILES.get(name)
    return b"" if sent is None else sent.read(MOST + 1)
