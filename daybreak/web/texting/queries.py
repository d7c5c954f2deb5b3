"""Whose phone is it, at which site are they, and what came from it?"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.knowledge.reach import texts_again
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.outbox.models import CRISIS, Message
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.reach.models import Reach
from daybreak.web.texting.models import Text

MOOD, QUESTION = "checkin:mood", "mood"
SHOWN = 20


def patients(number: str) -> list[Patient]:
    """Those who are reached by that phone, whatever they agreed to."""
    rows = Reach.objects.filter(mobile=number, replaced_by__isnull=True).select_related("patient")
    return [one.patient for one in rows.order_by("patient")]


def sites() -> list[Site]:
    """Every site that is open: one of them hears of somebody whom nobody knows."""
    return list(Site.objects.filter(closed__isnull=True).order_by("created", "id"))


def asked(patient: Patient) -> Sitting | None:
    """The question about the mood that waits for an answer; the newest."""
    rows = Sitting.objects.filter(patient=patient, form=MOOD, mode=Mode.LINK, ending=None)
    return rows.order_by("-created").first()


def answered_lately(number: str, *, at: datetime) -> bool:
    """Did the numbers of help go to that phone so lately that they are not sent again?"""
    since: timedelta = texts_again()
    return Message.objects.filter(to=number, body=CRISIS, created__gt=at - since).exists()


def came(patient_id: UUID) -> list[Text]:
    """The last texts from the patient's phone."""
    return list(Text.objects.filter(whose__patient=patient_id).order_by("-created", "-id")[:SHOWN])
