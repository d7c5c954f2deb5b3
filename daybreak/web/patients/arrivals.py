"""Whose is a file in which somebody arrives, and who says so when it is not certain? Nothing is merged silently.

Certain is: the source's own id or an identifier that is known here, or the number of this site with the same birth date and a
name that fits. New is whoever looks like nobody. Everybody else waits for a person.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from daybreak.exchange.fhir.apart import Identified, OnePerson
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import identity as identities
from daybreak.web.patients import imports, queries, register, whose
from daybreak.web.patients.here_too import noted
from daybreak.web.patients.identity import Identity, Wrong
from daybreak.web.patients.imports import Plan
from daybreak.web.patients.models import Arrival, Identifier, Patient, Registration, Settlement
from daybreak.web.patients.search import Found, look_alikes
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused


@dataclass(frozen=True, slots=True)
class Judged:
    """Whose it certainly is; or, without a patient, a new one when `reason` is empty, and otherwise why it is not certain."""

    patient: Patient | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: the patient it went to and what it added, or that it waits or was set aside."""

    outcome: str  # known, new, waits, set aside
    plan: Plan | None = None
    reason: str = ""


def judge(
    who: Identified,
    *,
    site: Site,
    source: str,
    places: Collection[UUID],
    at: datetime,
    found: list[Found] | None = None,
) -> Judged:
    """Whose it is, as far as that is certain. `found`: whom it may be about, when that was looked for already."""
    known = _identified(who, source=source, site=site)
    if len(known) > 1:
        return Judged(reason="arrival.several")
    if known:
        return Judged(known[0]) if whose.fits(who, known[0]) else Judged(reason="arrival.unlike")
    if not who.family_name:
        return Judged(reason="arrival.no_name")
    try:
        identities.check(whose.identity(who), today=zones.day(at, site.zone))
    except Wrong:
        return Judged(reason="arrival.unfit")
    alike = look_alikes(list(places), whose.identity(who)) if found is None else found
    numbered = Registration.objects.filter(site=site, number__in=[value for _, value in who.identifiers]).first()
    if numbered is not None:
        same = [one for one in alike if one.details.patient_id == numbered.patient_id]
        certain = bool(same and who.birth and same[0].details.birth == who.birth)
        return Judged(numbered.patient) if certain else Judged(reason="arrival.number_of_another")
    return Judged(reason="arrival.look_alike" if alike else "")


@transaction.atomic
def take(person: OnePerson, *, source: str, site: Site, by: Person, at: datetime) -> Taken:
    """Add it to the record it certainly belongs to, register who is certainly new, or let it wait. Twice is once."""
    site = locked(Site, pk=site.pk)
    _may(site, by=by, at=at)
    digest = hashlib.sha256(person.content).hexdigest()
    waiting = Arrival.objects.filter(site=site, source=source, sha256=digest).defer("bytes").first()
    if waiting is not None:
        return _again(waiting)
    judged = judge(person.who, site=site, source=source, places=_places(by, at), at=at)
    if judged.reason:
        _wait(person, digest, reason=judged.reason, source=source, site=site, by=by, at=at)
        return Taken("waits", reason=judged.reason)
    try:
        with transaction.atomic():
            patient = judged.patient or _registered(person.who, site=site, not_these=(), by=by, at=at)
            plan = _add(patient, person, source=source, same_person=False, by=by, at=at)
    except (Refused, Wrong) as refused:
        alike = isinstance(refused, register.LookAlike)  # at a site where this person has no role
        if isinstance(refused, register.LookAlike):
            noted(refused, by=by, at=at)
        unlike = getattr(refused, "id", "") == "import.unlike"
        reason = "arrival.look_alike" if alike else "arrival.unlike" if unlike else "arrival.unfit"
        _wait(person, digest, reason=reason, source=source, site=site, by=by, at=at)
        return Taken("waits", reason=reason)
    return Taken("known" if judged.patient else "new", plan)


@transaction.atomic
def leave(person: OnePerson, *, source: str, site: Site, by: Person, at: datetime) -> Arrival:
    """Let a file wait until somebody looked at it, certain or not. The same file from the same source waits once."""
    site = locked(Site, pk=site.pk)
    _may(site, by=by, at=at)
    digest = hashlib.sha256(person.content).hexdigest()
    known = Arrival.objects.filter(site=site, source=source, sha256=digest).defer("bytes").first()
    if known is not None:
        return known
    judged = judge(person.who, site=site, source=source, places=_places(by, at), at=at)
    reason = judged.reason or ("arrival.known" if judged.patient else "arrival.new")
    return _wait(person, digest, reason=reason, source=source, site=site, by=by, at=at)


@transaction.atomic
def settle(
    arrival: Arrival,
    *,
    patient: Patient | None = None,
    identity: Identity | None = None,
    number: str = "",
    not_these: Collection[UUID] = (),
    not_elsewhere: bool = False,
    reason: str = "",
    by: Person,
    at: datetime,
    key: UUID,
) -> Settlement:
    """Say whose it is: this patient; somebody new with that identity and number; or nobody's here, with the reason."""
    arrival = locked(Arrival, pk=arrival.pk)
    _may(arrival.site, by=by, at=at)
    content = {
        "arrival": arrival.id,
        "patient": patient and patient.id,
        "identity": identity and asdict(identity),
        "number": number,
        "reason": reason,
    }
    if earlier := keys.known(key, action="settle_arrival", content=content):
        return Settlement.objects.get(pk=earlier)
    before = Settlement.objects.filter(arrival=arrival).select_related("by").first()
    if before is not None:
        raise Conflict("arrival.settled_meanwhile", name=before.by.display_name)
    if identity is not None:
        patient = register.register(
            identity,
            number=number,
            site=arrival.site,
            not_these=not_these,
            not_elsewhere=not_elsewhere,
            by=by,
            at=at,
            key=ids.new(),
        )
    if patient is not None:
        person = OnePerson(who(arrival), bytes(arrival.bytes), "")
        _add(patient, person, source=arrival.source, same_person=True, by=by, at=at)
    elif not reason or len(reason) > Settlement._meta.get_field("reason").max_length:
        raise Refused("arrival.reason_missing", most=Settlement._meta.get_field("reason").max_length)
    row = Settlement(
        id=ids.new(),
        organisation_id=arrival.organisation_id,
        created=at,
        arrival=arrival,
        patient=patient,
        reason=reason,
        by=by,
    )
    row.save(force_insert=True)
    about = {"subject": patient.id} if patient else {}
    trail.wrote(row, action="arrival_settled", who=by.id, at=at, site=arrival.site_id, **about)
    keys.remember(
        key, action="settle_arrival", content=content, answer=row.id, organisation_id=arrival.organisation_id, at=at
    )
    return row


def waiting(places: Collection[UUID]) -> QuerySet[Arrival]:
    """What nobody has settled at these sites, the oldest first."""
    return (
        Arrival.objects.filter(site__in=places, settlement__isnull=True)
        .select_related("site")
        .defer("bytes")
        .order_by("id")
    )


def who(arrival: Arrival) -> Identified:
    """Who the file says that it is."""
    told = json.loads(arrival.details)
    return Identified(**told | {"identifiers": tuple(map(tuple, told["identifiers"]))})


def alike(arrival: Arrival, *, places: Collection[UUID]) -> list[Found]:
    """Whom the file may be about, beside those whom it certainly names."""
    told = who(arrival)
    return look_alikes(list(places), whose.identity(told)) if told.family_name else []


def certain(
    arrival: Arrival, *, places: Collection[UUID], at: datetime, found: list[Found] | None = None
) -> Patient | None:
    """Whose it is without doubt, as things stand now. `found`: as `alike` has found."""
    return judge(who(arrival), site=arrival.site, source=arrival.source, places=places, at=at, found=found).patient


def number_of(who: Identified) -> str:
    """The number that somebody new gets: the first identifier, else the id in the file."""
    found = next((value for _, value in who.identifiers), who.ref.rpartition("/")[2])
    return found[: Registration._meta.get_field("number").max_length]


def _may(site: Site, *, by: Person, at: datetime) -> None:
    for permission in (Permission.REGISTER_PATIENTS, Permission.WRITE_PATIENTS):
        require(by, permission, at=at, site_id=site.id)


def _again(arrival: Arrival) -> Taken:
    settled = Settlement.objects.filter(arrival=arrival).first()
    if settled is None:
        return Taken("waits", reason=arrival.reason)
    return Taken("known") if settled.patient_id else Taken("set aside")


def _places(by: Person, at: datetime) -> list[UUID]:
    return queries.sites(by, Permission.FIND_PATIENTS, at=at)


def _identified(who: Identified, *, source: str, site: Site) -> list[Patient]:
    found: dict[UUID, Patient] = {}
    here = Registration.objects.filter(site=site).values("patient")
    for system, value in whose.known_names(who, source=source):
        for one in Identifier.objects.filter(system=system, value=value, patient__in=here).select_related("patient"):
            found[one.patient_id] = one.patient
    return list(found.values())


def _registered(who: Identified, *, site: Site, not_these: Collection[UUID], by: Person, at: datetime) -> Patient:
    return register.register(
        whose.identity(who), number=number_of(who), site=site, not_these=not_these, by=by, at=at, key=ids.new()
    )


def _add(patient: Patient, person: OnePerson, *, source: str, same_person: bool, by: Person, at: datetime) -> Plan:
    document = imports.keep(patient, person.content, source=source, by=by, at=at)
    plan = imports.add(patient, document, same_person=same_person, by=by, at=at, key=ids.new())
    site_id = register.may_at(patient, Permission.WRITE_PATIENTS, by=by, at=at)
    for system, value in whose.known_names(person.who, source=source):
        if not Identifier.objects.filter(patient=patient, system=system, value=value).exists():
            row = Identifier(
                id=ids.new(),
                organisation_id=patient.organisation_id,
                created=at,
                patient=patient,
                system=system,
                value=value,
                by=by,
            )
            row.save(force_insert=True)
            trail.wrote(row, action="identifier_noted", who=by.id, at=at, subject=patient.id, site=site_id)
    return plan


def _wait(person: OnePerson, digest: str, *, reason: str, source: str, site: Site, by: Person, at: datetime) -> Arrival:
    if not source or len(source) > Arrival._meta.get_field("source").max_length:
        raise Refused("import.source_missing", in_field="source")
    if len(person.content) > imports.LARGEST:
        raise Refused("import.too_large", size=-(-len(person.content) // 2**20), most=imports.LARGEST // 2**20)
    row = Arrival(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        source=source,
        sha256=digest,
        bytes=person.content,
        details=json.dumps(asdict(person.who)),
        reason=reason,
        by=by,
    )
    row.save(force_insert=True)
    without_bytes = copy.copy(row)
    without_bytes.bytes = b""  # as with documents
    trail.wrote(without_bytes, action="arrival_waits", who=by.id, at=at, site=site.id)
    return row
