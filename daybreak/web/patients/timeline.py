"""Which entries does one page of a record show, however long the record is?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from daybreak.web.patients import queries
from daybreak.web.patients.kinds import Kind
from daybreak.web.patients.models import Entry, Patient

SHOWN = 50  # entries of the timeline on a page
NEWEST = 20  # observations on the patient's page; there may be thousands
EVERY = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Page:
    """Some versions of entries, the latest day first and those without a day last. `before` is where the next page begins."""

    rows: list[Entry]
    replaced: set[UUID]  # ids of those that another version replaced
    before: UUID | None


def page(patient: Patient, *, kinds: Collection[Kind] = EVERY, before: Entry | None = None, most: int = SHOWN) -> Page:
    """Every version and the withdrawn ones too, from `before` on (that one left out)."""
    shown, more = _some(patient, kinds=kinds, before=before, most=most)
    return Page(shown, replaced(patient, shown), shown[-1].id if more else None)


def _some(patient: Patient, *, kinds: Collection[Kind], before: Entry | None, most: int) -> tuple[list[Entry], bool]:
    """The next versions; are there more?"""
    every = queries.entries(patient)
    if set(kinds) != EVERY:
        every = every.filter(kind__in=[kind.value for kind in kinds])
    dated, undated = every.filter(happened__isnull=False), every.filter(happened__isnull=True)
    rows: list[Entry] = []
    if before is None or before.happened is not None:
        rows = list(_after(dated, before).order_by("-happened", "-id")[: most + 1])
        before = None
    if len(rows) <= most:
        rows += _after(undated, before).order_by("-id")[: most + 1 - len(rows)]
    return rows[:most], len(rows) > most


def _after(rows: QuerySet[Entry], before: Entry | None) -> QuerySet[Entry]:
    if before is None:
        return rows
    if before.happened is None:
        return rows.filter(id__lt=before.id)
    # The first condition is for the index, which both databases enter there.
    earlier = Q(happened__lt=before.happened) | Q(id__lt=before.id)
    return rows.filter(earlier, happened__lte=before.happened)


def front(patient: Patient, *, kinds: Collection[Kind] = EVERY) -> tuple[list[Entry], bool, Page]:
    """For the patient's own page: the entries that count now, newest first, of observations only the latest; whether
    observations were left out; and the first page of the timeline."""
    shown, more = _some(patient, kinds=kinds, before=None, most=SHOWN)
    newest = [row for row in shown if row.kind == Kind.OBSERVATION]
    rows = [row for row in shown if row.kind not in (Kind.OBSERVATION, Kind.ENCOUNTER)]
    left_out = len(newest) > NEWEST
    if more:  # else the whole record is at hand
        others = [kind.value for kind in kinds if kind not in (Kind.OBSERVATION, Kind.ENCOUNTER)]
        rows = list(queries.entries(patient).filter(kind__in=others))
        if Kind.OBSERVATION in kinds and not left_out:
            newest, left_out = _some(patient, kinds=[Kind.OBSERVATION], before=None, most=NEWEST)
    rows += newest[:NEWEST]
    gone = replaced(patient, [*rows, *shown])
    counting = [row for row in rows if row.id not in gone and not hasattr(row, "withdrawal")]
    counting.sort(key=lambda row: (str(row.happened or ""), row.id), reverse=True)
    return counting, left_out, Page(shown, gone, shown[-1].id if more else None)


def replaced(patient: Patient, rows: Iterable[Entry]) -> set[UUID]:
    """Which of these another version replaced: from the versions that were read already, else asked by id, not joined (see
    `queries.details`).
    """
    asked = {row.id for row in rows}
    if (known := queries.versions_read(patient)) is not None:
        return {one.replaces_id for one in known if one.replaces_id in asked}
    return set(Entry.objects.filter(replaces__in=asked).values_list("replaces", flat=True))
