"""For which booked treatments under a protocol of the programme is there no certified site, or no enrolled patient, on their day?

Only what is written down and holds then clears; ketamine and other protocols are not concerned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from daybreak.clinical.treatment.certified import Holds, Told, holds
from daybreak.knowledge import rems
from daybreak.web import zones
from daybreak.web.courses import who
from daybreak.web.courses.models import Booking
from daybreak.web.courses.state import Standing
from daybreak.web.rems import programme, setting
from daybreak.web.rems.models import Certification, Enrolment, Setting

TOLD = ("since", "expires", "ended")


@dataclass(frozen=True, slots=True)
class Found:
    """What is written down of a visit: about its site, about its patient there, and whether its setting asks for enrolment."""

    site: Told | None
    patient: Told | None
    enrolment: bool


def no_site(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """The site is certified in every setting."""
    found = _found(visits)
    return {one.booking.id for one in visits if (told := found.get(one.booking.id)) and not _holds(told.site, one)}


def no_patient(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """The patient is enrolled at the site, on whichever of their records, where the setting asks for it."""
    asked = {id: told for id, told in _found(visits).items() if told.enrolment}
    return {one.booking.id for one in visits if (told := asked.get(one.booking.id)) and not _holds(told.patient, one)}


def _holds(told: Told | None, one: Standing) -> bool:
    return holds(told, _day(one)) is Holds.YES


def _found(visits: Sequence[Standing]) -> dict[UUID, Found]:
    """Of those that the programme asks about. One question for both gates, and one more where somebody has several records."""
    asked = [one for one in visits if one.booking.course and rems.asks(one.booking.course.protocol)]
    if any("programme" not in one.read for one in asked):
        rows = {one.pk: one for one in _rows([one.booking.id for one in asked])}
        records = who.together(asked)
        several = [id for those in records.values() if len(those) > 1 for id in those]
        more = programme.enrolments(several) if several else []
        for one in asked:
            row, those = rows.get(one.booking.id), records[one.booking.patient_id]
            mine = (two.told for two in more if two.site_id == one.booking.site_id and two.patient_id in those)
            asks = bool(setting.line(row and row.said_setting)["enrolment"])
            one.read["programme"] = Found(_told(row, "site"), next(mine, None) or _told(row, "patient"), asks)
    return {one.booking.id: one.read["programme"] for one in asked}


def _rows(booking_ids: list[UUID]) -> QuerySet[Any]:
    certified = Certification.objects.filter(site=OuterRef("site"), replaced_by__isnull=True)
    enrolled = Enrolment.objects.filter(patient=OuterRef("patient"), site=OuterRef("site"), replaced_by__isnull=True)
    said = Setting.objects.filter(booking=OuterRef("pk"), replaced_by__isnull=True)
    about = (("site", certified), ("patient", enrolled))
    told = {f"{of}_{name}": Subquery(rows.values(name)[:1]) for of, rows in about for name in TOLD}
    found = Booking.objects.filter(pk__in=booking_ids).only("pk")
    return found.annotate(said_setting=Subquery(said.values("setting")[:1]), **told)


def _told(row: Any, of: str) -> Told | None:
    since, expires, ended = (getattr(row, f"{of}_{name}", None) for name in TOLD)
    return None if since is None else Told(since, expires, bool(ended))


def _day(one: Standing) -> date:
    return zones.day(one.starts, one.booking.site.zone)
