"""Which patients fit a name, a birth date, a number; who looks like somebody that is about to be registered?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.db.models import Count, QuerySet

from daybreak.web.glass import queries as glass
from daybreak.web.patients import births, candidates, identity, names
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, NamePiece, Patient, Registration
from daybreak.web.people.models import Site

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One patient in a list: who they are, the number and site under which they were found, and why (a word's id)."""

    details: Details
    number: str
    site: str
    why: str


def search(
    places: Sequence[UUID], *, name: str = "", birth: str = "", number: str = "", most: int = SHOWN + 1
) -> list[Found]:
    """Patients of these sites who fit all that was given, the best fit first; the newest first when nothing was given.

    A name fits when enough of its pieces are among those of a name that the patient has or had; a Chinese name also by
    its pinyin. A birth date may be partial, and finds those within it.
    """
    registered = Registration.objects.filter(site__in=places)
    if number:
        registered = registered.filter(number__in=_numbers(number))
    if not name and not birth:
        # Without an order where a number is asked for: the database would go through everybody in that order.
        listed = registered if number else registered.order_by("-id")
        return _found(listed[:most], why="found.number" if number else "found.listed")
    dates = births.meant(birth) if birth else None
    if dates == set() or (name and not names.pieces(name)):
        return []
    if not name:
        born = registered.filter(patient__in=Details.objects.filter(birth__in=dates or ()).values("patient"))
        return _found(born[:most], why="found.birth")
    fitting = _named(name, places, dates, most=most) or _named(names.spoken(name), places, dates, most=most)
    return _found(registered.filter(patient__in=fitting)[:most], fitting, name=name)


def look_alikes(places: Sequence[UUID], identity: Identity, *, most: int = 10) -> list[Found]:
    """Patients of these sites with a similar name whose birth date may be the same: equal, partial, or not recorded."""
    born = identity.birth
    dates = births.meant(born) | {"", born[:4], born[:7]} if born else None
    alike = _named(identity.name, places, dates, most=most)
    rows = Registration.objects.filter(site__in=places, patient__in=alike)[:most]
    return _found(rows, alike, name=identity.name)


def elsewhere(identity: Identity, site: Site) -> list[Patient]:
    """Patients of other sites alone who have exactly this family name and whole birth date: that one fits is said, not who."""
    found = glass.meant(family_name=identity.family_name, birth=identity.birth, number="", site=None)
    return list(
        Patient.objects.filter(pk__in=[one.pk for one in found]).exclude(registrations__site=site).order_by("id")
    )


def _named(text: str, places: Sequence[UUID], dates: Collection[str] | None, *, most: int) -> list[UUID]:
    """The patients with enough of these pieces in their names, the best fit first."""
    wanted = names.pieces(text)
    if not wanted or not places:
        return []
    alike, among = candidates.named(text, places, births=dates)
    shared = dict(
        NamePiece.objects.filter(patient__in=alike | among, site__in=places, piece__in=wanted)
        .values_list("patient")
        .annotate(Count("piece", distinct=True))
    )
    enough = ceil(names.SHARE * len(wanted))
    fitting = [patient for patient, pieces in shared.items() if pieces >= enough or patient in alike]
    return sorted(fitting, key=lambda patient: (-shared[patient], patient))[:most]


def _numbers(typed: str) -> set[str]:
    """A number is found whatever the capitals, and without the noughts that somebody put before it or left out."""
    return {typed, typed.upper(), typed.lower(), typed.lstrip("0") or typed}


def _found(
    registered: QuerySet[Registration], order: Sequence[UUID] = (), *, name: str = "", why: str = ""
) -> list[Found]:
    rows = list(registered.select_related("site"))
    versions: dict[UUID, list[Details]] = {}
    for one in Details.objects.filter(patient__in={row.patient_id for row in rows}):
        versions.setdefault(one.patient_id, []).append(one)
    found = []
    for row in rows:
        replaced = {one.replaces_id for one in versions[row.patient_id]}
        now = next(one for one in versions[row.patient_id] if one.id not in replaced)
        earlier = [one for one in versions[row.patient_id] if one is not now]
        found.append(Found(now, row.number, row.site.name, why or _why(now, earlier, name=name)))
    place = {patient: place for place, patient in enumerate(order)}
    return sorted(found, key=lambda one: place.get(one.details.patient_id, 0))


def _why(now: Details, earlier: Iterable[Details], *, name: str) -> str:
    asked = names.words(name)
    if asked <= names.words(identity.of(now).name):
        return "found.name"
    if any(asked <= names.words(identity.of(one).name) for one in earlier):
        return "found.earlier_name"
    spoken = names.words(names.spoken(identity.of(now).name))
    return "found.pinyin" if asked <= spoken else "found.similar"
