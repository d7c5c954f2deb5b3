"""How does somebody become a patient of a site, and how is it corrected who they are?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import identity as identities
from daybreak.web.patients import names, queries
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, NamePiece, NameWord, Patient, Registration
from daybreak.web.patients.search import Found, look_alikes
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Forbidden, Refused


class LookAlike(Conflict):
    """Somebody with a similar name and a birth date that fits is registered already: here (`found`), or `elsewhere`, at
    sites where the person has no role; of those only who they are is shown."""

    def __init__(self, found: list[Found], elsewhere: list[Found]) -> None:
        super().__init__("patients.look_alike")
        self.found = found
        self.elsewhere = elsewhere


class Stale(Conflict):
    """Somebody else changed it since the form was shown; `now` is what stands there."""

    def __init__(self, now: Model) -> None:
        super().__init__("patients.changed_meanwhile", name=now.by.display_name)
        self.now = now


@transaction.atomic
def register(
    identity: Identity,
    *,
    number: str,
    site: Site,
    not_these: Collection[UUID],
    by: Person,
    at: datetime,
    key: UUID,
) -> Patient:
    """A new patient of the site. `not_these` are look-alikes that the person has seen and says are somebody else."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=site.id)
    content = {**asdict(identity), "number": number, "site": site.id}
    if earlier := keys.known(key, action="register", content=content):
        return Patient.objects.get(pk=earlier)
    identities.check(identity, today=zones.day(at, site.zone))
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    _check_number(number, site=site)
    alike, elsewhere = _alike(identity, by=by, at=at)
    if any(one.details.patient_id not in not_these for one in (*alike, *elsewhere)):
        raise LookAlike(alike, elsewhere)
    common = {"organisation_id": site.organisation_id, "created": at}
    patient = Patient(id=ids.new(), **common)
    details = Details(id=ids.new(), patient=patient, by=by, **asdict(identity), **common)
    registration = Registration(id=ids.new(), patient=patient, site=site, number=number, by=by, **common)
    for row, action in ((patient, "patient_added"), (details, "details_added"), (registration, "registered")):
        row.save(force_insert=True)
        trail.wrote(row, action=action, who=by.id, at=at, subject=patient.id, site=site.id)
    index(patient, identity.name, sites={site.id})
    keys.remember(key, action="register", content=content, answer=patient.id, **_of(site, at))
    return patient


@transaction.atomic
def register_also(
    identity: Identity, patient_id: UUID, *, number: str, site: Site, by: Person, at: datetime, key: UUID
) -> Patient:
    """Somebody of another site becomes a patient of this one too, under a number here.

    Only whom `register` would show as a look-alike of what was typed: nobody reaches a record by its key alone.
    """
    site = locked(Site, pk=site.pk)
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=site.id)
    content = {"patient": patient_id, "number": number, "site": site.id}
    if earlier := keys.known(key, action="register_also", content=content):
        return Patient.objects.get(pk=earlier)
    identities.check(identity, today=zones.day(at, site.zone))
    _check_number(number, site=site)
    alike, elsewhere = _alike(identity, by=by, at=at)
    if not any(one.details.patient_id == patient_id for one in (*alike, *elsewhere)):
        raise Conflict("patients.not_alike")
    patient = locked(Patient, pk=patient_id)
    if Registration.objects.filter(patient=patient, site=site).exists():
        raise Conflict("patients.registered_here")
    row = Registration(
        id=ids.new(), patient=patient, site=site, number=number, by=by, organisation_id=site.organisation_id, created=at
    )
    row.save(force_insert=True)
    trail.wrote(row, action="registered_also", who=by.id, at=at, subject=patient.id, site=site.id)
    for version in Details.objects.filter(patient=patient):
        index(patient, identities.of(version).name, sites=[site.id])
    keys.remember(key, action="register_also", content=content, answer=patient.id, **_of(site, at))
    return patient


@transaction.atomic
def correct_details(
    patient: Patient, identity: Identity, *, seen: UUID, by: Person, at: datetime, key: UUID
) -> Details:
    """A new version of who the patient is. `seen` is the version that the form was filled from."""
    patient = locked(Patient, pk=patient.pk)
    site_id = may_at(patient, Permission.REGISTER_PATIENTS, by=by, at=at)
    content = {**asdict(identity), "patient": patient.id, "seen": seen}
    if earlier := keys.known(key, action="correct_details", content=content):
        return Details.objects.get(pk=earlier)
    now = queries.details(patient)
    if now.id != seen:
        raise Stale(now)
    identities.check(identity, today=zones.day_at(site_id, at))
    details = Details(
        id=ids.new(),
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        by=by,
        replaces=now,
        **asdict(identity),
    )
    details.save(force_insert=True)
    trail.wrote(details, action="details_corrected", who=by.id, at=at, subject=patient.id, site=site_id)
    index(patient, identity.name, sites=set(patient.registrations.values_list("site_id", flat=True)))
    keys.remember(key, action="correct_details", content=content, answer=details.id, **_of(patient, at))
    return details


def may_at(patient: Patient, permission: Permission, *, by: Person, at: datetime) -> UUID:
    """The site at which the person may do it to this patient. Forbidden when there is none."""
    allowed = queries.permissions(by, at=at)
    for site_id in Registration.objects.filter(patient=patient).order_by("id").values_list("site_id", flat=True):
        if permission in allowed.get(site_id, ()):
            return site_id
    raise Forbidden("people.may_not")


def _check_number(number: str, *, site: Site) -> None:
    if not number or len(number) > Registration._meta.get_field("number").max_length:
        raise Refused("patients.number_missing", in_field="number")
    if Registration.objects.filter(site=site, number=number).exists():
        raise Refused("patients.number_taken", in_field="number", number=number)


def _alike(identity: Identity, *, by: Person, at: datetime) -> tuple[list[Found], list[Found]]:
    """Look-alikes at the sites where the person may find patients, and those at the others alone."""
    mine = queries.sites(by, Permission.FIND_PATIENTS, at=at)
    others = list(Site.objects.exclude(pk__in=mine).values_list("pk", flat=True))
    here, elsewhere = look_alikes(mine, identity), look_alikes(others, identity)
    known = {one.details.patient_id for one in here}
    return here, [one for one in elsewhere if one.details.patient_id not in known]


def index(patient: Patient, name: str, *, sites: Collection[UUID]) -> None:
    """Make the patient findable at these sites by that name. Earlier names stay: somebody may look for the one on an
    old letter."""
    pieces, words = names.stored(name)
    for model, field, wanted in ((NamePiece, "piece", pieces), (NameWord, "word", words)):
        known = set(model.objects.filter(patient=patient).values_list("site_id", field))
        model.objects.bulk_create(
            model(patient=patient, site_id=site_id, **{field: text})
            for site_id in sites
            for text in sorted(wanted)
            if (site_id, text) not in known
        )


def _of(row: Model, at: datetime) -> dict[str, object]:
    return {"organisation_id": row.organisation_id, "at": at}
