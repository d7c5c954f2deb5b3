"""Which patients may this person find, and what is in a record?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from daybreak.web.patients.models import Details, Entry, Patient, Registration
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import roles_in_force
from daybreak.web.people.roles import Role


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
    """Who the patient is, as it counts now.

    What is replaced is sorted out here and in `records`, not by a join of the table with itself: with statistics about
    a column that is nearly always empty a database may choose to go through all of it.
    """
    versions = list(Details.objects.filter(patient=patient).select_related("by"))
    replaced = {one.replaces_id for one in versions}
    return next(one for one in versions if one.id not in replaced)


def opened(
    person: Person, id: UUID, at: datetime, *, permission: Permission
) -> tuple[Patient, frozenset[Permission], list[Registration]]:
    """The patient for a page, what the person may do with them, and the registrations that both share; or 404."""
    here = permissions(person, at=at)
    found = Registration.objects.filter(patient=id, site__in=list(here)).select_related("site", "patient")
    shared = list(found.order_by("created"))
    if not any(permission in here[one.site_id] for one in shared):
        raise Http404
    return shared[0].patient, frozenset().union(*(here[one.site_id] for one in shared)), shared


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
