"""Does a session owe a form, and which were signed about it?"""

from __future__ import annotations

from datetime import date

from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.rems.models import Form
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now


def owes_none(now: Now) -> str:
    """Why it owes none (yet), as the id of a sentence; empty: it owes one. Whoever may have been exposed was."""
    if not rems.asks(now.session.protocol):
        return "rems.not_asked"
    if not now.state.exposed:
        return "rems.not_exposed"
    return "rems.still_open" if now.open else ""


def day(now: Now) -> date:
    """The day of the treatment, by the clocks of its site: that of the first dose."""
    return zones.day(now.state.first_exposure or now.session.created, now.session.site.zone)


def forms(session: Session) -> list[Form]:
    """Every form that was signed, the newest first."""
    rows = Form.objects.filter(session=session.pk).select_related("by", "paper").defer("paper__bytes")
    return list(rows.order_by("-created", "-id"))


def newest(session: Session) -> Form | None:
    """The one that counts."""
    return Form.objects.filter(session=session.pk, replaced_by__isnull=True).first()
