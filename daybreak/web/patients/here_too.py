"""How does somebody who is a patient of another site become one of this site too?

This site says whom it means and why; somebody at the patient's own site confirms or refuses. Until then nobody here reads
anything: what cannot wait is an emergency, with its own door.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.periods import period
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.glass.queries import SEARCHES
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries, register
from daybreak.web.patients.identity import Identity
from daybreak.web.patients.models import Details, HereTooAnswer, HereTooAsked, Patient, Registration
from daybreak.web.patients.search import elsewhere
from daybreak.web.people import lockout
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level

LONGEST = 1000


@contextmanager
def counted(by: Person, *, at: datetime) -> Iterator[None]:
    """Around whatever may tell that a patient of another site fits: who was shown is a line about each of them, and
    nobody tries names by the hundred. TooOften when they do."""
    tried = lockout.begin(f"register:{by.login}", address=str(by.pk), at=at, most=SEARCHES)
    try:
        yield
    except register.LookAlike as alike:
        noted(alike, by=by, at=at)
        if not alike.elsewhere:
            tried.delete()
        raise
    except NobodyFits:
        raise
    except Exception:
        tried.delete()
        raise
    tried.delete()


def noted(alike: register.LookAlike, *, by: Person, at: datetime) -> None:
    """Each patient who was shown as alike, or of whom it was told that one fits, has a line about it."""
    trail.read_each("patient_look_alikes", [one.details.patient_id for one in alike.found], who=by.id, at=at)
    trail.read_each("patient_elsewhere", [one.pk for one in alike.elsewhere], who=by.id, at=at)


class NobodyFits(Conflict):
    """No patient of another site has that name and that whole birth date."""


@transaction.atomic
def ask(
    identity: Identity, *, number: str, site: Site, reason: str, by: Person, at: datetime, key: UUID
) -> HereTooAsked:
    """Ask the site of whoever fits what was typed; where several fit, the site of each. The first of what was asked."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.REGISTER_PATIENTS, at=at, site_id=site.id)
    typed = {"family_name": identity.family_name, "given_names": identity.given_names, "birth": identity.birth}
    content = {**typed, "number": number, "site": site.id, "reason": reason}
    if earlier := keys.known(key, action="ask_here_too", content=content):
        return HereTooAsked.objects.get(pk=earlier)
    identities.check(identity, today=zones.day(at, site.zone))
    register.check_number(number, site=site)
    if site.closed:
        raise Refused("people.site_closed", name=site.name)
    if not reason or len(reason) > LONGEST:
        raise Refused("here_too.reason_missing", most=LONGEST)
    rows = []
    for patient in elsewhere(identity, site):
        if any(waits(one, at=at) for one in HereTooAsked.objects.filter(patient=patient, site=site)):
            raise Conflict("here_too.asked_already")
        row = HereTooAsked(
            patient=patient, site=site, number=number, reason=reason, by=by, **typed, **_common(site, at)
        )
        row.save(force_insert=True)
        trail.wrote(row, action="here_too_asked", who=by.id, at=at, subject=patient.id, site=site.id)
        _ask_those_there(row, at=at)
        rows.append(row)
    if not rows:
        raise NobodyFits("patients.not_alike")
    told = {"organisation_id": site.organisation_id, "at": at}
    keys.remember(key, action="ask_here_too", content=content, answer=rows[0].id, **told)
    return rows[0]


@transaction.atomic
def answer(asked: HereTooAsked, *, confirmed: bool, reason: str, by: Person, at: datetime, key: UUID) -> HereTooAnswer:
    """Somebody at the patient's own site says yes, and the registration begins; or no, and why."""
    site, patient = locked(Site, pk=asked.site_id), locked(Patient, pk=asked.patient_id)
    if not may_answer(asked, by=by, at=at):
        raise Forbidden("people.may_not")
    content = {"asked": asked.id, "confirmed": confirmed, "reason": reason, "by": by.id}
    if earlier := keys.known(key, action="answer_here_too", content=content):
        return HereTooAnswer.objects.get(pk=earlier)
    if before := HereTooAnswer.objects.filter(asked=asked).select_related("by").first():
        raise Conflict("here_too.answered_meanwhile", name=before.by.display_name)
    if not waits(asked, at=at):
        raise Refused("here_too.over")
    if len(reason) > LONGEST or (not confirmed and not reason):
        raise Refused("here_too.refusal_needs_reason", most=LONGEST)
    row = HereTooAnswer(asked=asked, confirmed=confirmed, reason=reason, by=by, **_common(site, at))
    row.save(force_insert=True)
    action = "here_too_confirmed" if confirmed else "here_too_refused"
    trail.wrote(row, action=action, who=by.id, at=at, subject=patient.id, site=site.id)
    if confirmed:
        _begin(asked, patient, site, by=by, at=at)
    for place in _own_sites(asked):
        tasks.done(source=_source(asked, place), by=by, at=at)
    _tell_who_asked(asked, confirmed=confirmed, by=by, at=at)
    told = {"organisation_id": site.organisation_id, "at": at}
    keys.remember(key, action="answer_here_too", content=content, answer=row.id, **told)
    return row


def waits(asked: HereTooAsked, *, at: datetime) -> bool:
    """Has nobody answered, and is it not too late to?"""
    return at < ends(asked) and not HereTooAnswer.objects.filter(asked=asked).exists()


def ends(asked: HereTooAsked) -> datetime:
    """From then on nobody answers it any more; it can be asked anew."""
    return asked.created + timedelta(days=period("here-too")["days"])


def may_answer(asked: HereTooAsked, *, by: Person, at: datetime) -> bool:
    """Whoever registers patients at a site where the patient is known, and did not ask."""
    mine = queries.sites(by, Permission.REGISTER_PATIENTS, at=at)
    return by.pk != asked.by_id and any(place.id in mine for place in _own_sites(asked))


def may_see(asked: HereTooAsked, *, by: Person, at: datetime) -> bool:
    """The site that asks sees what it wrote itself; those who may answer see it too."""
    mine = queries.page_sites(by, Permission.REGISTER_PATIENTS, at=at)
    return asked.site_id in mine or any(place.id in mine for place in _own_sites(asked))


def _own_sites(asked: HereTooAsked) -> list[Site]:
    known = Registration.objects.filter(patient=asked.patient_id).values("site")
    return list(Site.objects.filter(pk__in=known).exclude(pk=asked.site_id).order_by("id"))


def _begin(asked: HereTooAsked, patient: Patient, site: Site, *, by: Person, at: datetime) -> None:
    if Registration.objects.filter(patient=patient, site=site).exists():
        raise Conflict("patients.registered_here")
    register.check_number(asked.number, site=site)
    row = Registration(patient=patient, site=site, number=asked.number, by_id=asked.by_id, **_common(site, at))
    row.save(force_insert=True)
    trail.wrote(row, action="registered_also", who=by.id, at=at, subject=patient.id, site=site.id)
    for version in Details.objects.filter(patient=patient):
        register.index(patient, identities.of(version).name, sites=[site.id])


def _ask_those_there(asked: HereTooAsked, *, at: datetime) -> None:
    for place in _own_sites(asked):
        tasks.make(
            source=_source(asked, place),
            kind=Kind.ACCESS,
            what="here_too.task",
            values={"name": asked.by.display_name, "site": asked.site.name},
            site=place,
            patient=asked.patient,
            level=Level.TODAY,
            due=at + timedelta(days=1),
            permission=Permission.REGISTER_PATIENTS,
            role=Role.FRONT_DESK,
            where=_where(asked),
            by=asked.by,
            at=at,
        )


def _tell_who_asked(asked: HereTooAsked, *, confirmed: bool, by: Person, at: datetime) -> None:
    tasks.make(
        source=f"here too {asked.id} answered",
        kind=Kind.OTHER,
        what="here_too.confirmed_task" if confirmed else "here_too.refused_task",
        values={"name": by.display_name},
        site=asked.site,
        level=Level.TODAY,
        due=at + timedelta(days=1),
        permission=Permission.REGISTER_PATIENTS,
        owner=asked.by,
        role=Role.FRONT_DESK,
        where=_where(asked),
        by=by,
        at=at,
    )


def _source(asked: HereTooAsked, place: Site) -> str:
    return f"here too {asked.id} {place.id}"


def _where(asked: HereTooAsked) -> str:
    return f"/patients/here-too/{asked.id}/"


def _common(site: Site, at: datetime) -> dict[str, object]:
    return {"id": ids.new(), "organisation_id": site.organisation_id, "created": at}
