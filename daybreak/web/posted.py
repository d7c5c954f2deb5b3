"""What did a form bring: its key, and what was typed into it?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from daybreak.web.people.models import Site
from daybreak.web.refusals import Refused


def key(request: HttpRequest) -> UUID:
    """The key that the form was given when it was shown: sent twice, it is done once."""
    found = uuid(request, "key")
    if found is None:
        raise BadRequest("the form has no key")
    return found


def uuid(request: HttpRequest, name: str) -> UUID | None:
    """An id in a field; None when there is none."""
    value = request.POST.get(name, "")
    return UUID(value) if is_id(value) else None


def is_id(value: str | None) -> bool:
    """Is it an id, written as we write it?"""
    try:
        return str(UUID(value)) == value
    except (ValueError, TypeError, AttributeError):
        return False


def typed(request: HttpRequest, name: str) -> str:
    """What stands in a field, without the blanks around it and without the character that no database keeps."""
    return request.POST.get(name, "").replace("\0", "").strip()


def days(request: HttpRequest, name: str) -> list[date]:
    """The days in a field, with blanks or commas between them. Refused when one of them is none."""
    found = []
    for text in re.split(r"[\s,;，、；]+", typed(request, name)):
        try:
            found += [date.fromisoformat(text)] if text else []
        except ValueError:
            raise Refused("posted.no_day", in_field=name, typed=text[:30]) from None
    return found


def clock(request: HttpRequest, name: str) -> time:
    """A time of day in a field. Refused when it is none."""
    text = typed(request, name)
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo or found.second:
        raise Refused("rota.no_clock", in_field=name, typed=text[:30])
    return found


def asked(request: HttpRequest, name: str) -> str:
    """What the form, or else the address, asks for."""
    return request.POST.get(name) or request.GET.get(name, "")


def site(request: HttpRequest, sites: Sequence[Site]) -> Site:
    """The site that is asked for; the first when it is none of these."""
    return next((one for one in sites if str(one.id) == asked(request, "site")), sites[0])


def day(request: HttpRequest, name: str) -> date | None:
    """A day in a field, None when it is empty. Refused when it is none."""
    text = typed(request, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("posted.no_day", in_field=name, typed=text[:30]) from None
