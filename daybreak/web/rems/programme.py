"""Is a site certified by the programme, is a patient enrolled there, and who was taught? As it was written down last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from daybreak.clinical.treatment.certified import Holds
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.rems.models import Certification, Enrolment, Training

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


def trainings(site_id: UUID) -> list[Training]:
    """Who was taught what at a site, the last word about each, the newest day first."""
    rows = Training.objects.filter(site=site_id, replaced_by__isnull=True)
    return list(rows.select_related("by", "person").order_by("-since", "-id"))
