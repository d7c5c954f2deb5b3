"""What did a form bring: its key, and what was typed into it?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest

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


def day(request: HttpRequest, name: str) -> date | None:
    """A day in a field, None when it is empty. Refused when it is none."""
    text = typed(request, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("posted.no_day", in_field=name, typed=text[:30]) from None
