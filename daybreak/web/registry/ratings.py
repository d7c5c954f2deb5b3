"""What was everybody rated at, and what was asked for and never answered: the rows of ratings as the registry counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import islice
from operator import or_
from uuid import UUID

from django.db.models import Q

from daybreak.clinical.records import Observation
from daybreak.knowledge import outcomes, scales
from daybreak.outcomes import tables
from daybreak.web import zones
from daybreak.web.assessments.results import Rating, by_scale
from daybreak.web.forms import queries as forms
from daybreak.web.forms.models import UNUSED, Ended, Sitting
from daybreak.web.patients import records
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry
from daybreak.web.registry.courses import Treated

AT_ONCE = 500  # people


def ratings(of: Treated) -> Iterator[tables.Rating]:
    """Of everybody of these courses, on the scales of the registry; so many people are read at once."""
    everybody, scale_ids = iter(sorted(of.person)), [one.scale for one in outcomes.cuts()]
    while some := list(islice(everybody, AT_ONCE)):
        sittings, shown = _sittings(some, scale_ids), _shown(some, scale_ids)
        said: dict[UUID, dict[str, str]] = defaultdict(dict)
        rows = forms.in_time().filter(sitting__in=[one.id for those in sittings.values() for one in those])
        for sitting, question, value in rows.order_by("sitting", "seq").values_list("sitting", "question", "value"):
            said[sitting][question] = value
        for patient in some:
            person, asked = str(of.person[patient]), sittings.get(patient, [])
            yield from _of_one(person, patient, asked, said, shown.get(patient, []), scale_ids)


def _of_one(
    person: str,
    patient: UUID,
    asked: list[Sitting],
    said: dict[UUID, dict[str, str]],
    shown: list[Observation],
    scale_ids: Iterable[str],
) -> Iterator[tables.Rating]:
    used = [one for one in asked if hasattr(one, "ending") and one.ending.how not in UNUSED]
    found = by_scale(used, said, shown)
    for scale in scale_ids:
        for n, one in enumerate(found.get(scale, [])):
            yield _row(f"{patient}/{scale}/{n}", person, one)
    for one in asked:
        scale = one.form.partition(":")[2].partition(".")[0]
        if one not in used and scale in scale_ids:
            day = zones.day(one.created, one.site.zone)
            rating = Rating(scale, day, None, sitting=one)
            yield _row(f"{patient}/{scale}/{one.id}", person, rating)


def _row(id: str, person: str, one: Rating) -> tables.Rating:
    safety = scales.data(one.scale).get("safety", {}).get("item")
    points = one.items.get(str(safety), "")
    sitting = one.sitting
    checkin = getattr(sitting, "checkin", None)
    return tables.Rating(
        rating=id,
        patient=person,
        scale=one.scale,
        day=one.day,
        total=one.total,
        suicide_item=int(points) if one.total is not None and points.isdigit() else None,
        asked_by=checkin and checkin.occasion,
        door=sitting and sitting.mode,
    )


def _sittings(patients: Iterable[UUID], scale_ids: Iterable[str]) -> dict[UUID, list[Sitting]]:
    """What was asked of these, by record. What the death of somebody took back was not asked."""
    names = (Q(form__startswith=f"assessment:{scale}") for scale in scale_ids)
    which = reduce(or_, names, Q(form__startswith="intake:"))
    rows = Sitting.objects.filter(which, patient__in=list(patients)).exclude(ending__how=Ended.DIED)
    found: dict[UUID, list[Sitting]] = {}
    for one in rows.select_related("ending", "site", "checkin").order_by("id"):
        found.setdefault(one.patient_id, []).append(one)
    return found


def _shown(patients: Iterable[UUID], scale_ids: Iterable[str]) -> dict[UUID, list[Observation]]:
    """Totals and items that stand in the records of these."""
    named = reduce(or_, (Q(payload__contains=f'"{scale}') for scale in scale_ids))
    rows = Entry.objects.filter(named, patient__in=list(patients), kind=Kind.OBSERVATION)
    found: dict[UUID, list[Observation]] = {}
    for one in rows.filter(replaced_by__isnull=True, withdrawal__isnull=True).order_by("happened", "id"):
        told = records.record(one)
        assert isinstance(told, Observation)
        found.setdefault(one.patient_id, []).append(told)
    return found
