"""Which patients may this person find, and what is in a record?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from daybreak.web.glass import open as glass
from daybreak.web.locks import locked
from daybreak.web.patients import access
from daybreak.web.patients.models import Details, Entry, Patient, Registration, SamePerson
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import MAY, Permission
from daybreak.web.people.queries import roles_held, roles_in_force
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict


def permissions(person: Person, *, at: datetime) -> dict[UUID, frozenset[Permission]]:
    """What the person may do at each site where they hold a role."""
    return by_site(roles_in_force(person, at=at))


def by_site(held: Iterable[tuple[str, UUID]]) -> dict[UUID, frozenset[Permission]]:
    """What somebody with these roles may do at each site."""
    found: dict[UUID, frozenset[Permission]] = {}
    for role, site_id in held:
        found[site_id] = found.get(site_id, frozenset()) | MAY[Role(role)]
    return found


def sites(person: Person, permission: Permission, *, at: datetime) -> list[UUID]:
    """The sites at which the person holds the permission."""
    return [site for site, allowed in permissions(person, at=at).items() if permission in allowed]


def page_sites(person: Person, permission: Permission, *, at: datetime) -> list[UUID]:
    """The same for what a page shows, by the roles that let the request in; an action asks anew, after its lock."""
    return [site for site, allowed in by_site(roles_held(person, at=at)).items() if permission in allowed]


def here(person: Person, id: UUID, *, at: datetime) -> tuple[list[Registration], dict[UUID, frozenset[Permission]]]:
    """The registrations of the patient that the person reaches, the oldest first, and what they may do at each site.

    By a role at the site; failing that in an emergency, when the person has opened the record: then to read, anywhere.
    """
    mine = by_site(roles_held(person, at=at))
    every = Registration.objects.filter(patient=id).select_related("site", "patient").order_by("created", "id")
    shared = list(every.filter(site__in=list(mine)))
    if shared or glass.opening(person, id, at=at) is None:
        return shared, {one.site_id: mine[one.site_id] for one in shared}
    treats = [allowed for allowed in mine.values() if Permission.BREAK_GLASS in allowed]
    reads = frozenset[Permission]().union(*treats) & glass.READS
    everywhere = list(every)
    return everywhere, {one.site_id: reads for one in everywhere}


def patient_for(
    person: Person, id: UUID, at: datetime, *, permission: Permission = Permission.READ_PATIENTS
) -> Patient | None:
    """The patient, if the person holds the permission where they reach them; None tells no more than that."""
    shared, may = here(person, id, at=at)
    return next((one.patient for one in shared if permission in may[one.site_id]), None)


def patient_or_404(
    person: Person, id: UUID, at: datetime, *, permission: Permission = Permission.READ_PATIENTS
) -> Patient:
    """The same for a page: what is not yours does not exist."""
    patient = patient_for(person, id, at, permission=permission)
    if patient is None:
        raise Http404
    return patient


def details(patient: Patient) -> Details:
    """Who the patient is, as it counts now, with what they said in the intake would make a visit easier.

    What is replaced is sorted out here and in `records`, not by a join of the table with itself: with statistics about
    a column that is nearly always empty a database may choose to go through all of it.
    """
    versions = list(Details.objects.filter(patient=patient).select_related("by").annotate(**access.said()))
    replaced = {one.replaces_id for one in versions}
    return next(one for one in versions if one.id not in replaced)


def opened(
    person: Person, id: UUID, at: datetime, *, permission: Permission
) -> tuple[Patient, frozenset[Permission], list[Registration]]:
    """The patient for a page, what the person may do with them, and the registrations that both share; or 404."""
    shared, may = here(person, id, at=at)
    if not any(permission in may[one.site_id] for one in shared):
        raise Http404
    return shared[0].patient, frozenset[Permission]().union(*may.values()), shared


def beyond(patient_ids: Iterable[UUID], *, by: Person, at: datetime) -> set[UUID]:
    """Those of the records that are at no site at which the person may write: another site answers for these."""
    ids = set(patient_ids)
    sites = [site for site, may in permissions(by, at=at).items() if Permission.WRITE_PATIENTS in may]
    found = Registration.objects.filter(patient__in=ids, site__in=sites) if ids else Registration.objects.none()
    return ids - set(found.values_list("patient_id", flat=True))


def together(patient: Patient) -> list[UUID]:
    """The records that are read as one with this one, itself first: both looks say so and nobody took them apart.

    Asked once for an instance: a page, or an action, sees one state.
    """
    if "together" not in patient.__dict__:
        patient.__dict__["together"] = all_together([patient.id])[patient.id]
    return list(patient.__dict__["together"])


def know_together(patient: Patient, said: Iterable[SamePerson]) -> None:
    """The same from all that was said about this record, when a page asked for that anyway: nobody looked twice, it is alone."""
    if not any(hasattr(one, "second_look") for one in said):
        patient.__dict__["together"] = [patient.id]


def locked_together(patient: Patient) -> Patient:
    """The patient, with every record that is read as one with this one locked in a fixed order: what is signed rests on all.

    Conflict when another record came to them, or one left, while we waited.
    """
    linked = together(Patient(pk=patient.pk))
    rows = {id: locked(Patient, pk=id) for id in sorted(linked)}
    if set(together(rows[patient.pk])) != set(linked):
        raise Conflict("screening.changed_meanwhile")
    return rows[patient.pk]


def all_together(ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The same for many, each itself first; one query, and one more for each further step from record to record."""
    ids = set(ids)
    beside: dict[UUID, set[UUID]] = {id: set() for id in ids}
    new = ids
    while new:
        linked = SamePerson.objects.filter(
            Q(patient__in=new) | Q(other__in=new), second_look__isnull=False, parting__isnull=True
        )
        before = set(beside)
        for one, other in linked.values_list("patient", "other"):
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
        new = set(beside) - before
    return {id: _reached(id, beside) for id in ids}


def _reached(start: UUID, beside: dict[UUID, set[UUID]]) -> list[UUID]:
    found, new = [start], {start}
    while new:
        new = {other for one in new for other in beside[one]} - set(found)
        found += sorted(new)
    return found


def entries(patient: Patient) -> QuerySet[Entry]:
    """Every version of every entry, the withdrawn ones too, with who and where from; the file itself stays where it is.

    Those of a record that is read as one with this one are among them, each with its own `patient`.
    """
    return (
        Entry.objects.filter(patient__in=together(patient))
        .select_related("by", "document", "withdrawal", "withdrawal__by")
        .defer("document__bytes")
    )


def entries_at(patient: Patient, references: Collection[str], *, at: datetime) -> dict[str, UUID]:
    """By what the record calls them: the version of each that was the last one at that moment."""
    found = Entry.objects.filter(patient__in=together(patient), reference__in=list(references), created__lte=at)
    return dict(found.order_by("created", "id").values_list("reference", "id"))


def versions(patient: Patient) -> list[Any]:
    """What `hidden` asks about each version: of those that this instance read last, or of all as they are now.

    Whoever asks what a page may show asks about what it read.
    """
    if "versions" not in patient.__dict__:
        told = ("id", "reference", "sensitivity", "by_id", "replaces_id", "kind", "created", "payload")
        rows = Entry.objects.filter(patient__in=together(patient)).values_list(*told, named=True)
        patient.__dict__["versions"] = list(rows)
    return list(patient.__dict__["versions"])


def versions_read(patient: Patient) -> list[Any] | None:
    """The same where this instance read them already; None where nobody asked."""
    return versions(patient) if "versions" in patient.__dict__ else None


def read_anew(patient: Patient) -> list[Entry]:
    """Every version as it is now; `versions` knows them from here on."""
    patient.__dict__["versions"] = list(entries(patient))
    return list(patient.__dict__["versions"])


def state(patient: Patient) -> int:
    """A number that grows with every entry and every withdrawal: has the record changed since a page was shown?"""
    counted = Entry.objects.filter(patient__in=together(patient)).aggregate(
        all=Count("id"), withdrawn=Count("withdrawal")
    )
    return int(counted["all"] + counted["withdrawn"])


def shared_sites(patient_id: UUID, among: Iterable[UUID]) -> list[UUID]:
    """At which of these sites the patient is registered, the earliest first."""
    found = Registration.objects.filter(patient_id=patient_id, site__in=list(among)).order_by("created", "id")
    return list(found.values_list("site_id", flat=True))
