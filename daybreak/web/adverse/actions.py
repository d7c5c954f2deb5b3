"""How is an adverse event told, corrected, judged, and how is it written down that somebody reported it? We send nothing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.adverse import ANSWERS
from daybreak.knowledge import adverse
from daybreak.web import ids, zones
from daybreak.web.adverse import owing
from daybreak.web.adverse.models import How, Report, Review, Version
from daybreak.web.adverse.told import Told, check, serious, written
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session

LONGEST, SHORT = 1000, 300


@transaction.atomic
def tell(
    patient: Patient, *, site: Site, session: Session | None, told: Told, by: Person, at: datetime, key: UUID
) -> Version:
    """A new event, of a treatment or between two. What it is judged to be is its prescriber's."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.WRITE_PATIENTS, at=at, site_id=site.id)
    content = {"patient": patient.id, "site": site.id, "session": session and session.id, "by": by.id}
    content |= {"told": written(told)}
    if earlier := keys.known(key, action="adverse_told", content=content):
        return Version.objects.get(pk=earlier)
    if session is not None and (session.site_id != site.id or session.patient_id not in patients.together(patient)):
        raise Refused("adverse.which_session")
    check(told, site=site, doses=_doses(session), at=at)
    id = ids.new()
    row = Version(
        id=id,
        root=id,
        organisation_id=patient.organisation_id,
        created=at,
        patient=patient,
        site=site,
        session=session,
        told=written(told),
        serious=serious(told),
        by=by,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="adverse_told", who=by.id, at=at, subject=patient.id, site=site.id)
    owing.review(row, by=by, at=at)
    keys.remember(
        key, action="adverse_told", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def correct(root: UUID, *, told: Told, replaces: UUID, reason: str, by: Person, at: datetime, key: UUID) -> Version:
    """Another version instead of the one that the page showed. What was judged and reported of that one stays with it."""
    first = locked(Version, pk=root)
    require(by, Permission.WRITE_PATIENTS, at=at, site_id=first.site_id)
    content = {"root": root, "replaces": replaces, "reason": reason, "told": written(told), "by": by.id}
    if earlier := keys.known(key, action="adverse_corrected", content=content):
        return Version.objects.get(pk=earlier)
    last = _last(root, replaces)
    if not reason or len(reason) > LONGEST:
        raise Refused("adverse.correction_why", in_field="reason", most=LONGEST)
    check(told, site=last.site, doses=_doses(last.session), at=at)
    row = Version(
        id=ids.new(),
        root=root,
        organisation_id=last.organisation_id,
        created=at,
        patient=last.patient,
        site=last.site,
        session=last.session,
        told=written(told),
        serious=serious(told),
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="adverse_corrected", who=by.id, at=at, subject=row.patient_id, site=row.site_id)
    owing.replaced(last, by=by, at=at)
    owing.review(row, by=by, at=at)
    about = {"organisation_id": row.organisation_id, "at": at}
    keys.remember(key, action="adverse_corrected", content=content, answer=row.id, **about)
    return row


@transaction.atomic
def review(
    root: UUID, *, version: UUID, related: str, expected: str, text: str, by: Person, at: datetime, key: UUID
) -> Review:
    """A prescriber judges the version that the page showed, and signs."""
    first = locked(Version, pk=root)
    require(by, Permission.DECIDE_DOSE, at=at, site_id=first.site_id)
    content = {"root": root, "version": version, "related": related, "expected": expected, "text": text, "by": by.id}
    if earlier := keys.known(key, action="adverse_reviewed", content=content):
        return Review.objects.get(pk=earlier)
    last = _last(root, version)
    if Review.objects.filter(version=last).exists():
        raise Conflict("adverse.meanwhile")
    if related not in adverse.choices("related"):
        raise Refused("adverse.judge_related", in_field="review_related")
    if expected not in ANSWERS:
        raise Refused("adverse.judge_expected", in_field="expected")
    if len(text) > LONGEST:
        raise Refused("adverse.too_long", in_field="review_text", most=LONGEST)
    about = {"id": ids.new(), "organisation_id": last.organisation_id, "created": at}
    row = Review(version=last, related=related, expected=expected, text=text, by=by, **about)
    row.save(force_insert=True)
    trail.wrote(row, action="adverse_reviewed", who=by.id, at=at, subject=last.patient_id, site=last.site_id)
    owing.reviewed(last, by=by, at=at)
    keys.remember(
        key, action="adverse_reviewed", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


@transaction.atomic
def report(
    root: UUID, *, version: UUID, day: date | None, how: str, reference: str, by: Person, at: datetime, key: UUID
) -> Report:
    """Somebody reported it outside, or decided that nobody does. It can be reported to more than one."""
    first = locked(Version, pk=root)
    require(by, Permission.WRITE_PATIENTS, at=at, site_id=first.site_id)
    content = {"root": root, "version": version, "day": day, "how": how, "reference": reference, "by": by.id}
    if earlier := keys.known(key, action="adverse_reported", content=content):
        return Report.objects.get(pk=earlier)
    last = _last(root, version)
    if how not in How.values:
        raise Refused("adverse.reported_how", in_field="how")
    if how == How.NONE:  # that nobody reports what is serious is no matter of whoever told it
        require(by, Permission.DECIDE_DOSE, at=at, site_id=first.site_id)
    told, today = zones.day(first.created, last.site.zone), zones.day(at, last.site.zone)
    if day is None or not told <= day <= today:
        raise Refused("adverse.reported_when", in_field="day", told=told.isoformat(), today=today.isoformat())
    if not reference or len(reference) > SHORT:
        raise Refused("adverse.reported_proof", in_field="reference", most=SHORT)
    about = {"id": ids.new(), "organisation_id": last.organisation_id, "created": at}
    row = Report(version=last, day=day, how=how, reference=reference, by=by, **about)
    row.save(force_insert=True)
    trail.wrote(row, action="adverse_reported", who=by.id, at=at, subject=last.patient_id, site=last.site_id)
    owing.reported(last, by=by, at=at)
    keys.remember(
        key, action="adverse_reported", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _last(root: UUID, shown: UUID) -> Version:
    """The version that counts, when it is the one that was shown."""
    rows = Version.objects.select_related("site", "patient", "session")
    last = rows.get(root=root, replaced_by__isnull=True)
    if last.id != shown:
        raise Conflict("adverse.meanwhile")
    return last


def _doses(session: Session | None) -> frozenset[int]:
    return frozenset(one.seq for one in treatments.now(session).state.exposures) if session else frozenset()
