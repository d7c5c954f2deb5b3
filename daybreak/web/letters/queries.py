"""Which letters are there about a patient, and how does each stand?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from daybreak.web.letters.models import LEFT, Letter, Step, What
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.reach.models import Outsider

DUE, WRITTEN, SENT, ARRIVED, DROPPED = "due", "written", "sent", "arrived", "dropped"


@dataclass(frozen=True, slots=True)
class Standing:
    """A letter, the version of whom it goes to that counts now, and its steps in order."""

    row: Letter
    whom: Outsider
    steps: tuple[Step, ...]

    @property
    def written(self) -> Step | None:
        """As it was written last."""
        return next((one for one in reversed(self.steps) if one.what == What.WRITTEN), None)

    @property
    def state(self) -> str:
        """How far it came."""
        whats = {one.what for one in self.steps}
        for state, ones in (
            (DROPPED, {What.DROPPED}),
            (ARRIVED, {What.ARRIVED}),
            (SENT, LEFT),
            (WRITTEN, {What.WRITTEN}),
        ):
            if whats & ones:
                return state
        return DUE


def of(patient: Patient) -> list[Standing]:
    """Every letter of the records that are this person, the newest first, without the bytes of the papers."""
    return _standing(Letter.objects.filter(patient__in=patients.together(patient)).order_by("-id"))


def one(patient: Patient, id: UUID) -> Standing | None:
    """One of them."""
    return next(iter(_standing(Letter.objects.filter(patient__in=patients.together(patient), pk=id))), None)


def by_id(id: UUID) -> Standing | None:
    """The same for whoever holds the link to it."""
    return next(iter(_standing(Letter.objects.filter(pk=id))), None)


def ids_of(patients: Iterable[UUID]) -> QuerySet[Letter, UUID]:
    """The subjects of links of this purpose."""
    return Letter.objects.filter(patient__in=list(patients)).values_list("pk", flat=True)


def _standing(found: QuerySet[Letter]) -> list[Standing]:
    rows = list(found.select_related("patient", "site", "by"))
    steps: dict[UUID, list[Step]] = {}
    every = Step.objects.filter(letter__in=rows).select_related("by", "message").order_by("letter", "seq")
    for one in every.prefetch_related("message__attempts__result"):
        steps.setdefault(one.letter_id, []).append(one)
    now = Outsider.objects.filter(root__in={one.whom for one in rows}, replaced_by__isnull=True)
    whom = {one.root: one for one in now}
    return [Standing(one, whom[one.whom], tuple(steps.get(one.id, ()))) for one in rows]
