"""Does a session owe a form, and which were signed about it?"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from daybreak.clinical.treatment.events import GIVES
from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.patients import queries as patients
from daybreak.web.rems import setting
from daybreak.web.rems.models import Form
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now


def owes_none(now: Now) -> str:
    """Why it owes none (yet), as the id of a sentence; empty: it owes one. Whoever may have been exposed was."""
    if not rems.asks(now.session.protocol):
        return "rems.not_asked"
    if not now.state.exposed:
        return "rems.not_exposed"
    if not setting.where(now.session)["form"]:
        return "rems.no_form_there"
    return "rems.still_open" if now.open else ""


def day(now: Now) -> date:
    """The day of the treatment, by the clocks of its site: that of the first dose."""
    return zones.day(now.state.first_exposure or now.session.created, now.session.site.zone)


def given_before(session: Session) -> int:
    """In how many earlier sessions of the records that are this person was a dose written down?"""
    given = SessionEvent.objects.filter(session=OuterRef("pk"), what__in=GIVES)
    rows = Session.objects.filter(patient__in=patients.together(session.patient), created__lt=session.created)
    return rows.filter(Exists(given)).count()


def forms(session: Session) -> list[Form]:
    """Every form that was signed, the newest first."""
    rows = Form.objects.filter(session=session.pk).select_related("by", "filing__by")
    return list(rows.order_by("-created", "-id"))


def newest(session: Session) -> Form | None:
    """The one that counts."""
    return Form.objects.filter(session=session.pk, replaced_by__isnull=True).first()
