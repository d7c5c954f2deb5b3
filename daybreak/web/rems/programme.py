"""Is a site certified by the programme, is a patient enrolled there, and who was taught? As it was written down last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from daybreak.clinical.treatment.certified import Holds, holds
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.rems.models import Certification, Enrolment, Standing, Training
from daybreak.web.words import word

# How each is said, of a site and of a patient.
OF_SITE = {
    Holds.YES: "rems.certified",
    Holds.NEVER: "rems.certified_never",
    Holds.NOT_YET: "rems.certified_not_yet",
    Holds.EXPIRED: "rems.certified_expired",
    Holds.ENDED: "rems.certified_ended",
}
OF_PATIENT = {
    Holds.YES: "rems.enrolled",
    Holds.NEVER: "rems.enrolled_never",
    Holds.NOT_YET: "rems.enrolled_not_yet",
    Holds.EXPIRED: "rems.enrolled_expired",
    Holds.ENDED: "rems.enrolled_ended",
}
ENROLLED = ("since", "expires", "ended", "number")
SHAPES = {Holds.YES: "met", Holds.NEVER: "unknown", Holds.NOT_YET: "unknown"}  # the others: not met


def certifications(site_ids: Collection[UUID]) -> dict[UUID, Certification]:
    """By site, the last word about it."""
    rows = Certification.objects.filter(site__in=list(site_ids), replaced_by__isnull=True)
    return {one.site_id: one for one in rows.select_related("by")}


def every_certification(site_id: UUID) -> list[Certification]:
    """All that was written down about a site, the newest first."""
    return list(Certification.objects.filter(site=site_id).select_related("by").order_by("-id"))


def enrolments(patient_ids: Iterable[UUID]) -> list[Enrolment]:
    """The last word about each of these records at each site, the newest first."""
    rows = Enrolment.objects.filter(patient__in=list(patient_ids), replaced_by__isnull=True)
    return list(rows.select_related("by", "site").order_by("-id"))


def every_enrolment(patient: Patient) -> list[Enrolment]:
    """All that was written down about a patient, on whichever of their records, the newest first."""
    rows = Enrolment.objects.filter(patient__in=patients.together(patient))
    return list(rows.select_related("by", "site").order_by("-id"))


def for_form(site_id: UUID, records: Iterable[UUID]) -> tuple[Certification | None, Enrolment | None]:
    """What a form tells of both, by one question: address and mail of the site, and whether the patient is enrolled there."""
    certified = Certification.objects.filter(site=OuterRef("pk"), replaced_by__isnull=True)
    enrolled = Enrolment.objects.filter(patient__in=list(records), site=OuterRef("pk"), replaced_by__isnull=True)
    told = {f"site_{name}": Subquery(certified.values(name)[:1]) for name in ("address", "email")}
    told |= {f"their_{name}": Subquery(enrolled.order_by("-id").values(name)[:1]) for name in ENROLLED}
    row: Any = Site.objects.filter(pk=site_id).annotate(**told).only("pk").get()
    site = Certification(address=row.site_address, email=row.site_email) if row.site_address is not None else None
    theirs = {name: getattr(row, f"their_{name}") for name in ENROLLED}
    return site, Enrolment(**theirs) if theirs["since"] else None


def trainings(site_id: UUID) -> list[Training]:
    """Who was taught what at a site, the last word about each, the newest day first."""
    rows = Training.objects.filter(site=site_id, replaced_by__isnull=True)
    return list(rows.select_related("by", "person").order_by("-since", "-id"))


def stands(row: Standing | None, today: date, said: Mapping[Holds, str], language: str) -> dict[str, str]:
    """Whether it holds today, in words and by its shape."""
    found = holds(row.told if row else None, today)
    until = row.expires.isoformat() if row and row.expires else ""
    since = row.since.isoformat() if row else ""
    words = word(said[found], language, since=since, until=until)
    last = word("rems.until_day", language, day=until) if until else word("rems.no_last_day", language)
    return {
        "said": words,
        "shape": SHAPES.get(found, "not-met"),
        "until": last if found is Holds.YES else "",
    }
