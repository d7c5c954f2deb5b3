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
from daybreak.web.patients.search import Found, elsewhere, look_alikes
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Forbidden, Refused


class LookAlike(Conflict):
    """Somebody with a similar name and a birth date that fits is registered already where the person finds patients
    (`found`), or somebody with exactly that name and whole birth date at another site (`elsewhere`: nobody is shown who)."""

    def __init__(self, found: list[Found], elsewhere: list[Patient]) -> None:
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
    not_elsewhere: bool = False,
    by: Person,
    at: datetime,
    key: UUID,
) -> Patient:
    """A new patient of the site. `not_these` are look-alikes that the person has seen and says are somebody else;
    `not_elsewhere`: so is whoever fits at another site."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=site.id)
    content = {**asdict(identity), "number": number, "site": site.id}
    if earlier := keys.known(key, action="register", content=content):
        return Patient.objects.get(pk=earlier)
    identities.check(identity, today=zones.day(at, site.zone))
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    check_number(number, site=site)
    alike = look_alikes(queries.sites(by, Permission.FIND_PATIENTS, at=at), identity)
    fitting = [] if not_elsewhere else elsewhere(identity, site)
    if fitting or any(one.details.patient_id not in not_these for one in alike):
        raise LookAlike(alike, fitting)
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


def check_number(number: str, *, site: Site) -> None:
    """Refused unless it is a number that nobody has at the site."""
    if not number or len(number) > Registration._meta.get_field("number").max_length:
        raise Refused("patients.number_missing", in_field="number")
    if Registration.objects.filter(site=site, number=number).exists():
        raise Refused("patients.number_taken", in_field="number", number=number)


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
