"""How is this patient reached, by whom else are they looked after, and does anything still go to them?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from daybreak.web.outbox.models import Message
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.reach.models import BACK, CARER, DIED, ENDS, Outsider, Reach, Standing
from daybreak.web.words import LANGUAGES, known

MESSAGES_SHOWN = 20


def reach(patient_id: UUID) -> Reach | None:
    """The version that counts; None when nobody asked yet."""
    return Reach.objects.filter(patient=patient_id, replaced_by__isnull=True).select_related("by").first()


def outsiders(patient_id: UUID, *, ended: bool = False) -> list[Outsider]:
    """Who else looks after the patient, as it counts now, by name."""
    rows = Outsider.objects.filter(patient=patient_id, replaced_by__isnull=True, ended=ended)
    return list(rows.order_by("name", "id"))


def looking_after(patient: Patient) -> list[Outsider]:
    """Who else looks after the person now, on any of their records, by name."""
    rows = Outsider.objects.filter(patient__in=patients.together(patient), replaced_by__isnull=True, ended=False)
    return list(rows.order_by("name", "id"))


def professionals(patient: Patient) -> list[Outsider]:
    """Those of them whose work it is: letters go to them, and to no carer."""
    return [one for one in looking_after(patient) if one.role != CARER]


def outsider_now(root: UUID) -> Outsider:
    """The version of an outsider that counts."""
    return Outsider.objects.get(root=root, replaced_by__isnull=True)


def standing(patient: Patient | UUID) -> Standing | None:
    """What stands in the way of every message now, said of any record of the person; None when nothing does."""
    return max(stopped_records(patient).values(), key=lambda one: (one.created, one.id), default=None)


def stopped_records(patient: Patient | UUID) -> dict[UUID, Standing]:
    """The records of the person of which something was said that stands in the way, and the last word on each."""
    last = {one.patient_id: one for one in sorted(standings(patient), key=lambda one: one.seq)}
    return {id: one for id, one in last.items() if one.kind != BACK}


def ended(patient: Patient | UUID) -> bool:
    """Did they die, leave or ask that all stops, as was said of any record of the person?"""
    return any(one.kind in ENDS for one in stopped_records(patient).values())


def died(patient: Patient | UUID) -> bool:
    """Is the person recorded as died, on any record?"""
    return any(one.kind == DIED for one in stopped_records(patient).values())


def standings(patient: Patient | UUID) -> list[Standing]:
    """Everything that was said about it, of every record of the person, the newest first."""
    records = patients.all_together([patient])[patient] if isinstance(patient, UUID) else patients.together(patient)
    found = Standing.objects.filter(patient__in=records).select_related("by")
    return list(found.order_by("-created", "-seq", "-id"))


def stopped(ids: Iterable[UUID]) -> set[UUID]:
    """Those of these patients to whom nothing goes now, for what was said of any record of theirs."""
    records = patients.all_together(ids)
    last: dict[UUID, str] = {}
    rows = Standing.objects.filter(patient__in={one for those in records.values() for one in those})
    for patient, kind in rows.order_by("patient", "seq").values_list("patient", "kind"):
        last[patient] = kind
    return {id for id, those in records.items() if any(last.get(one, BACK) != BACK for one in those)}


def written_in(patient: Patient) -> str:
    """The language of ours in which the patient is written to: what they chose, else what their record names."""
    return ours(patient)[0]


def ours(patient: Patient) -> tuple[str, str]:
    """The same, and what their record names when it is none of ours; "" when it is one, or names none."""
    chosen = reach(patient.id)
    if chosen and chosen.language:
        return known(chosen.language), ""
    spoken = patient.details.filter(replaced_by__isnull=True).values_list("language", flat=True).first() or ""
    language = language_named(spoken)
    english = language != "en" or not spoken.strip() or spoken.strip().casefold().startswith(("en", "英"))
    return language, "" if english else spoken.strip()


def language_named(spoken: str) -> str:
    """The language of ours that somebody means by these words; English when it is none of them."""
    said = spoken.strip().casefold()
    chinese = ("zh", "chin", "mandarin", "putonghua", "中文", "汉语", "漢語", "普通话", "普通話", "国语", "國語")
    return next((code for code in LANGUAGES if code != "en" and said.startswith(chinese)), "en")


def messages(patient_id: UUID) -> list[Message]:
    """The last messages to the patient or about them, the newest first, each with its tries."""
    rows = Message.objects.filter(patient=patient_id).select_related("outsider").prefetch_related("attempts__result")
    return list(rows.order_by(F("created").desc(), "-id")[:MESSAGES_SHOWN])
