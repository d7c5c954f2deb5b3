"""Which adverse events are there, in which version, and what is owed about each?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from daybreak.clinical.treatment.adverse import NO, Owed, Word, owed, since
from daybreak.knowledge import deadlines
from daybreak.web import zones
from daybreak.web.adverse import told as tellings
from daybreak.web.adverse.models import Report, Review, Version
from daybreak.web.adverse.told import Told
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Standing:
    """An event as it stands: its newest version, what that tells, who judged it, where it was reported."""

    row: Version
    told: Told
    review: Review | None
    reports: tuple[Report, ...]
    since: datetime  # from when on its days are counted

    @property
    def owed(self) -> Owed:
        """What somebody still has to do."""
        return owed(serious=self.row.serious, reviewed=self.review is not None, reported=bool(self.reports))

    @property
    def due(self) -> date | None:
        """Until which day, by the clocks of its site; None: nothing is owed."""
        if self.owed is Owed.NOTHING:
            return None
        return last_day(self.row, self.since, reviewed=self.review is not None)


def review_within(row: Version) -> timedelta:
    """In how many days a prescriber judges it: what may be serious as soon as what is."""
    return timedelta(days=deadlines.days("adverse-review" if row.serious == NO else "adverse-review-serious"))


def last_day(row: Version, since: datetime, *, reviewed: bool) -> date:
    """Until when it is judged, or reported, counted from that moment on the calendar of its site."""
    days = timedelta(days=deadlines.days("adverse-report")) if reviewed else review_within(row)
    return zones.day(since, row.site.zone) + days


def counted_from(rows: Iterable[Version]) -> dict[UUID, datetime]:
    """By the root of each event, from when on its days are counted; read at once."""
    words: dict[UUID, list[Word]] = {}
    every = Version.objects.filter(root__in={one.root for one in rows}).order_by("created", "id")
    judged = every.annotate(judged=Exists(Review.objects.filter(version=OuterRef("pk"))))
    for one in judged.annotate(sent=Exists(Report.objects.filter(version=OuterRef("pk")))):
        settled = owed(serious=one.serious, reviewed=one.judged, reported=one.sent) is Owed.NOTHING
        words.setdefault(one.root, []).append(Word(one.created, one.serious, settled))
    return {root: since(told) for root, told in words.items()}


def newest(rows: QuerySet[Version] | None = None) -> QuerySet[Version]:
    """Of each event the version that counts."""
    found = Version.objects.all() if rows is None else rows
    return (
        found.filter(replaced_by__isnull=True)
        .select_related("by", "site", "review__by")
        .prefetch_related("reports__by")
    )


def standings(rows: Iterable[Version]) -> list[Standing]:
    """As each stands; of rows that `newest` gave."""
    every = list(rows)
    begun = counted_from(every) if every else {}
    return [
        Standing(one, tellings.read(one.told), getattr(one, "review", None), tuple(one.reports.all()), begun[one.root])
        for one in every
    ]


def of_patient(patient: Patient) -> list[Standing]:
    """Every event of the records that are this person, the newest first."""
    rows = newest(Version.objects.filter(patient__in=patients.together(patient)))
    return standings(rows.order_by("-created", "-id"))


def of_session(session_id: UUID) -> list[Standing]:
    """Every event of one treatment."""
    return standings(newest(Version.objects.filter(session=session_id)).order_by("created", "id"))


def one(patient: Patient, root: UUID) -> Standing | None:
    """One of them, by the id of its first version."""
    rows = newest(Version.objects.filter(root=root, patient__in=patients.together(patient)))
    return next(iter(standings(rows[:1])), None)


def versions(root: UUID) -> list[Version]:
    """Every version of it, the newest first, each with its review and its reports."""
    rows = Version.objects.filter(root=root).select_related("by", "site", "review__by").prefetch_related("reports__by")
    return list(rows.order_by("-created", "-id"))


def owed_at(site_ids: Collection[UUID]) -> list[Standing]:
    """Everything that is owed at these sites, what is due first."""
    seen = Exists(Review.objects.filter(version=OuterRef("pk")))
    sent = Exists(Report.objects.filter(version=OuterRef("pk")))
    rows = newest(Version.objects.filter(Q(site__in=list(site_ids)) & (~seen | (~Q(serious=NO) & ~sent))))
    return sorted(standings(rows), key=lambda one: (one.due or date.max, one.row.id))
