"""Where is the treatment of a booking given (as an outpatient, in a ward, in an emergency department)?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from daybreak.knowledge import rems
from daybreak.web.rems.models import Setting
from daybreak.web.treatment.models import Session


def of(booking_ids: Collection[UUID]) -> dict[UUID, Setting]:
    """By booking, the last word about it."""
    rows = Setting.objects.filter(booking__in=list(booking_ids), replaced_by__isnull=True).select_related("by")
    return {one.booking_id: one for one in rows} if booking_ids else {}


def said(booking_id: UUID) -> Setting | None:
    """The last word about one."""
    return of([booking_id]).get(booking_id)


def every(booking_id: UUID) -> list[Setting]:
    """All that was said about one, the newest first."""
    return list(Setting.objects.filter(booking=booking_id).select_related("by").order_by("-id"))


def where(session: Session) -> rems.Line:
    """Where a session is given, and what the programme asks for there. Read with the session, or once."""
    if "said_setting" not in session.__dict__:
        found = said(session.booking_id)
        session.__dict__["said_setting"] = found.setting if found else None
    return line(session.__dict__["said_setting"])


def line(setting: str | None) -> rems.Line:
    """What the programme asks for there. Where nobody said it, and for a word that is not known any more: everything."""
    found = rems.settings()
    return found.get(setting or "") or next(iter(found.values()))
