"""Which patients fit a name, a birth date, a number; who looks like somebody that is about to be registered?"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from daybreak.exchange.fhir.dates import read_date
from daybreak.web.patients import names
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, NamePiece, Registration
from daybreak.web.people.models import Site

SHOWN = 20
# With very many patients the pieces that many names have ("er ") cost much and tell little: the rare ones choose whose
# names are compared in full.
COUNTED = 2000  # a piece that more patients have is as common as any
CHOOSING = 4000  # pieces are looked at, the rarest first, until so many patients have one
COMPARED = 100  # names


@dataclass(frozen=True, slots=True)
class Found:
    """One patient in a list: who they are, and the number and site under which they were found."""

    details: Details
    number: str
    site: str


def search(
    places: Sequence[UUID], *, name: str = "", birth: str = "", number: str = "", most: int = SHOWN + 1
) -> list[Found]:
    """Patients of these sites who fit all that was given, the best fit first; the newest first when nothing was given.

    A name fits when enough of its pieces are among those of a name that the patient has or had. A birth date may be
    partial, and finds those within it.
    """
    registered = Registration.objects.filter(site__in=places)
    wanted = names.pieces(name)
    if name and not wanted:
        return []
    if not name and not birth:
        return _found((registered.filter(number=number) if number else registered).order_by("-id")[:most])
    fitting = _born(_within(birth)) if birth else None
    if wanted:
        fitting = _named(wanted, places, among=fitting, most=most)
    rows = registered.filter(patient__in=fitting, **({"number": number} if number else {}))
    return _found(rows[:most], fitting if wanted else ())


def look_alikes(places: Sequence[UUID], identity: Identity, *, most: int = 10) -> list[Found]:
    """Patients of these sites with a similar name whose birth date may be the same: equal, partial, or not recorded."""
    born = identity.birth
    among = _born({"", born[:4], born[:7], *_within(born)}) if born else None
    alike = _named(names.pieces(identity.name), places, among=among, most=most)
    return _found(Registration.objects.filter(site__in=places, patient__in=alike)[:most], alike)


def _within(birth: str) -> set[str]:
    """Every way to write a birth date within that one: of a year its months and days. Not a beginning with LIKE, which
    no index answers on both databases."""
    read = read_date(birth) if len(birth) <= len("1971-04-02") else None
    if read is None or read[0].exact:
        return {birth}
    year = int(birth[:4])
    months = [int(birth[5:])] if len(birth) == len("1971-04") else range(1, 13)
    found = {birth}
    for month in months:
        found.add(f"{year:04d}-{month:02d}")
        found |= {f"{year:04d}-{month:02d}-{day:02d}" for day in range(1, monthrange(year, month)[1] + 1)}
    return found


def _born(dates: Collection[str]) -> list[UUID]:
    """Whoever has or had one of these birth dates on record."""
    return list(Details.objects.filter(birth__in=dates).values_list("patient", flat=True))


def _named(wanted: frozenset[str], places: Sequence[UUID], *, among: list[UUID] | None, most: int) -> list[UUID]:
    """The patients with enough of these pieces in their names, the best fit first.

    Each question has one way to be answered quickly, whatever the database believes about its tables: by piece, or by
    patient.
    """
    if among is None:
        among = list(
            NamePiece.objects.filter(site__in=places, piece__in=_rare(wanted, places))
            .values("patient")
            .annotate(shared=Count("piece", distinct=True))
            .order_by("-shared", "patient")
            .values_list("patient", flat=True)[:COMPARED]
        )
    shared: dict[UUID, set[str]] = {}
    for patient, piece in NamePiece.objects.filter(patient__in=among).values_list("patient", "piece"):
        if piece in wanted:
            shared.setdefault(patient, set()).add(piece)
    enough = ceil(names.SHARE * len(wanted))
    fitting = [patient for patient, pieces in shared.items() if len(pieces) >= enough]
    return sorted(fitting, key=lambda patient: (-len(shared[patient]), patient))[:most]


def _rare(wanted: frozenset[str], places: Sequence[UUID]) -> list[str]:
    """The pieces that choose: the rarest ones that occur, until together they are enough."""
    if not places:
        return []
    pieces = sorted(wanted)[:100]
    at_sites = ", ".join(["%s"] * len(places))
    capped = (
        f"(SELECT count(*) FROM (SELECT 1 FROM patients_name_piece WHERE site_id IN ({at_sites}) AND piece = %s "
        f"LIMIT {COUNTED}) AS capped)"
    )
    adapt = NamePiece._meta.get_field("site").get_db_prep_value
    sites = [adapt(place, connection) for place in places]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([capped] * len(pieces))}", [value for piece in pieces for value in (*sites, piece)]
        )
        counts = dict(zip(pieces, cursor.fetchone(), strict=True))
    found: list[str] = []
    total = 0
    for piece in sorted(pieces, key=counts.__getitem__):
        if counts[piece] and (total < CHOOSING or not found):
            found.append(piece)
            total += counts[piece]
    return found


def _found(registered: QuerySet[Registration], order: Sequence[UUID] = ()) -> list[Found]:
    rows = list(registered)
    sites = Site.objects.in_bulk({row.site_id for row in rows})
    versions = list(Details.objects.filter(patient__in={row.patient_id for row in rows}))
    replaced = {one.replaces_id for one in versions}
    who = {one.patient_id: one for one in versions if one.id not in replaced}
    found = [Found(who[row.patient_id], row.number, sites[row.site_id].name) for row in rows]
    place = {patient: place for place, patient in enumerate(order)}
    return sorted(found, key=lambda one: place.get(one.details.patient_id, 0))
