"""Of how many who were treated at a site did anybody hear again, and when, and who was asked and is silent?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef

from daybreak.clinical.followup.coverage import Covered, Treated, coverage
from daybreak.clinical.treatment.events import GIVES
from daybreak.knowledge.checkins import windows
from daybreak.knowledge.spans import span
from daybreak.web.checkins.models import CheckIn
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID
from daybreak.web.forms.models import Answer
from daybreak.web.people.models import Site
from daybreak.web.treatment.models import SessionEvent


def of(site: Site, *, at: datetime) -> list[Covered]:
    """Of the treatments of the last months, by two questions: the nearest window counts each of them, and the later ones the
    first of each course, since another one follows within days and would be heard of for it."""
    begun = SessionEvent.objects.filter(
        session__site=site, what__in=GIVES, happened__gt=at - span("followed-up"), happened__lte=at
    )
    every = list(
        begun.values_list("session__patient", "session__course", "session")
        .annotate(first=Min("happened"))
        .order_by("first")
    )
    found = heard({patient for patient, *_ in every}, since=at - span("followed-up"))
    nearest, *later = windows()
    treated = [Treated(moment, found[patient]) for patient, _, _, moment in every]
    firsts: dict[UUID, Treated] = {}
    for (_, course, _, _), one in zip(every, treated, strict=True):
        firsts.setdefault(course, one)
    return [*coverage([nearest], treated, now=at), *coverage(later, list(firsts.values()), now=at)]


def silent(site: Site, *, at: datetime) -> list[CheckIn]:
    """What the schedule asked in the last days and nobody answered in its time, the newest first."""
    rows = CheckIn.objects.filter(sitting__site=site, closes__gt=at - span("silent-shown"), closes__lte=at)
    said = Answer.objects.filter(sitting=OuterRef("sitting"))
    return list(rows.filter(~Exists(said)).select_related("sitting").order_by("-closes", "-id"))


def heard(patients: set[UUID], *, since: datetime) -> dict[UUID, tuple[datetime, ...]]:
    """By patient, the first and the last moment of each form they answered, by whatever door; that somebody would rather not
    say, or does not know, is no answer."""
    found: dict[UUID, list[datetime]] = defaultdict(list)
    rows = Answer.objects.filter(sitting__patient__in=patients, created__gt=since)
    rows = rows.exclude(value__in=(NOT_SAID, NOT_KNOWN))
    said = rows.values_list("sitting__patient", "sitting").annotate(first=Min("created"), last=Max("created"))
    for patient, _, first, last in said:
        found[patient] += [first, last]
    return defaultdict(tuple, {patient: tuple(sorted(those)) for patient, those in found.items()})
