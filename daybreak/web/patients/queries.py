"""Which patients may this person find, and what is in a record?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from daybreak.web.patients import names
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, Entry, NamePiece, Patient, Registration
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import roles_in_force
from daybreak.web.people.roles import Role

SHOWN = 20


def permissions(person: Person, *, at: datetime) -> dict[UUID, frozenset[Permission]]:
    """What the person may do at each site where they hold a role."""
    found: dict[UUID, frozenset[Permission]] = {}
    for role, site_id in roles_in_force(person, at=at):
        found[site_id] = found.get(site_id, frozenset()) | MAY[Role(role)]
    return found


def sites(person: Person, permission: Permission, *, at: datetime) -> list[UUID]:
    """The sites at which the person holds the permission."""
    return [site for site, allowed in permissions(person, at=at).items() if permission in allowed]


def patient_for(
    person: Person, id: UUID, at: datetime, *, permission: Permission = Permission.READ_PATIENTS
) -> Patient | None:
    """The patient, if registered at a site where the person holds the permission; None tells no more than that."""
    places = sites(person, permission, at=at)
    return Patient.objects.filter(pk=id, registrations__site__in=places).distinct().first()


def patient_or_404(
    person: Person, id: UUID, at: datetime, *, permission: Permission = Permission.READ_PATIENTS
) -> Patient:
    """The same for a page: what is not yours does not exist."""
    patient = patient_for(person, id, at, permission=permission)
    if patient is None:
        raise Http404
    return patient


def details(patient: Patient) -> Details:
    """Who the patient is, as it counts now."""
    return Details.objects.select_related("by").get(patient=patient, replaced_by__isnull=True)


def allowed(person: Person, patient: Patient, *, at: datetime) -> tuple[frozenset[Permission], list[Registration]]:
    """What the person may do with the patient, taken over the sites they share, and the registrations there."""
    here = permissions(person, at=at)
    shared = list(
        Registration.objects.filter(patient=patient, site__in=list(here)).select_related("site").order_by("created")
    )
    return frozenset().union(*(here[one.site_id] for one in shared)), shared


def entries(patient: Patient) -> QuerySet[Entry]:
    """Every version of every entry, the withdrawn ones too, with who and where from; the file itself stays where it is."""
    return (
        Entry.objects.filter(patient=patient)
        .select_related("by", "document", "withdrawal", "withdrawal__by")
        .defer("document__bytes")
    )


def state(patient: Patient) -> int:
    """A number that grows with every entry and every withdrawal: has the record changed since a page was shown?"""
    counted = Entry.objects.filter(patient=patient).aggregate(all=Count("id"), withdrawn=Count("withdrawal"))
    return int(counted["all"] + counted["withdrawn"])


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

    A name fits when enough of its pieces are among those of a name that the patient has or had.
    """
    registered = Registration.objects.filter(site__in=list(places))
    if number:
        registered = registered.filter(number=number)
    if birth:
        registered = registered.filter(
            patient__details__birth__startswith=birth, patient__details__replaced_by__isnull=True
        )
    wanted = names.pieces(name)
    if name and not wanted:
        return []
    order: dict[UUID, int] = {}
    if wanted:
        order = {patient: place for place, patient in enumerate(_named(wanted, registered, most=most))}
        registered = registered.filter(patient__in=list(order))
    return _found(registered.order_by("-id")[:most], order)


def look_alikes(places: Sequence[UUID], identity: Identity, *, most: int = 10) -> list[Found]:
    """Patients of these sites with a similar name whose birth date may be the same: equal, partial, or not recorded."""
    born = identity.birth
    may_be = Q(patient__details__birth__startswith=born) | Q(patient__details__birth__in=["", born[:4], born[:7]])
    registered = Registration.objects.filter(
        may_be, site__in=list(places), patient__details__replaced_by__isnull=True
    ).order_by("-id")
    alike = _named(names.pieces(identity.name), registered, most=most)
    order = {patient: place for place, patient in enumerate(alike)}
    return _found(registered.filter(patient__in=alike)[:most], order)


def _named(wanted: frozenset[str], registered: QuerySet[Registration], *, most: int) -> list[UUID]:
    """The patients among the registered with enough of these pieces in their names, the best fit first."""
    return list(
        NamePiece.objects.filter(piece__in=wanted, patient__in=registered.order_by().values("patient"))
        .values("patient")
        .annotate(shared=Count("piece"))
        .filter(shared__gte=ceil(names.SHARE * len(wanted)))
        .order_by("-shared", "patient")
        .values_list("patient", flat=True)[:most]
    )


def _found(registered: QuerySet[Registration], order: dict[UUID, int]) -> list[Found]:
    rows = list(registered.select_related("site"))
    who = {
        one.patient_id: one
        for one in Details.objects.filter(patient__in=[row.patient_id for row in rows], replaced_by__isnull=True)
    }
    found = [Found(who[row.patient_id], row.number, row.site.name) for row in rows]
    return sorted(found, key=lambda one: order.get(one.details.patient_id, 0))
