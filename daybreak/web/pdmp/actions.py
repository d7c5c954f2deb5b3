"""How does somebody write down what the programme showed, and how does a prescriber sign how often it is looked at?"""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.spans import span
from daybreak.web import ids, zones
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.patients.models import Patient
from daybreak.web.pdmp import queries
from daybreak.web.pdmp.models import Look, Result, Rule
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may, require
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks import due
from daybreak.web.tasks.models import Kind, Level

LONGEST = 1000
ADDRESS = 300


@transaction.atomic
def look(
    patient: Patient, site: Site, *, day: date | None, result: str, text: str, by: Person, at: datetime, key: UUID
) -> Look:
    """It was looked at. What nobody expected is told, and a prescriber sees to it today, unless it was one who looked."""
    patient = locked(Patient, pk=patient.pk)
    require(by, Permission.RUN_SESSIONS, at=at, site_id=site.id)
    content = {"patient": patient.id, "site": site.id, "day": day, "result": result, "text": text, "by": by.id}
    if earlier := keys.known(key, action="pdmp_look", content=content):
        return Look.objects.get(pk=earlier)
    today = zones.day(at, site.zone)
    if result not in Result.values:
        raise Refused("pdmp.choose_result", in_field="result")
    if day is None or not today - span("pdmp-most") <= day <= today:
        raise Refused("pdmp.which_day", in_field="day", most=span("pdmp-most").days)
    if len(text) > LONGEST or (result == Result.UNEXPECTED and not text):
        raise Refused("pdmp.say_what", in_field="text", most=LONGEST)
    about = {"organisation_id": patient.organisation_id, "created": at, "patient": patient, "site": site, "by": by}
    row = Look(id=ids.new(), day=day, result=result, text=text, **about)
    row.save(force_insert=True)
    trail.wrote(row, action="pdmp_looked", who=by.id, at=at, subject=patient.id, site=site.id)
    if result == Result.UNEXPECTED and not may(by, Permission.DECIDE_DOSE, at=at, site_id=site.id):
        _see_to_it(row, at=at)
    keys.remember(key, action="pdmp_look", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


@transaction.atomic
def sign(
    site: Site, *, days: str, address: str, reason: str, seen: UUID | None, by: Person, at: datetime, key: UUID
) -> Rule:
    """From now on a look is at most so many days old when a dose is given; without a number none is asked for. `seen`: the
    version that the page showed."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "days": days, "address": address, "reason": reason, "seen": seen, "by": by.id}
    if earlier := keys.known(key, action="pdmp_rule", content=content):
        return Rule.objects.get(pk=earlier)
    last = queries.newest_rule(site.id)
    if (last.id if last else None) != seen:
        raise Conflict("pdmp.meanwhile")
    if not reason or len(reason) > LONGEST:
        raise Refused("pdmp.why_missing", in_field="reason", most=LONGEST)
    row = Rule(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        days=_days(days),
        address=_address(address),
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="pdmp_rule_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="pdmp_rule", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _days(typed: str) -> int | None:
    most = span("pdmp-most").days
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(most)) and 1 <= int(typed) <= most):
        raise Refused("pdmp.how_many_days", in_field="days", typed=typed[:20], most=most)
    return int(typed)


def _address(typed: str) -> str:
    """An address of the web that is encrypted, or none."""
    if not typed:
        return ""
    try:
        parts = urlsplit(typed)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or len(typed) > ADDRESS or any(one.isspace() for one in typed):
        raise Refused("pdmp.which_address", in_field="address", typed=typed[:60])
    return typed


def _see_to_it(row: Look, *, at: datetime) -> None:
    tasks.make(
        source=f"pdmp {row.id}",
        kind=Kind.REVIEW,
        what="pdmp.task_unexpected",
        site=row.site,
        patient=row.patient,
        level=Level.TODAY,
        due=due.today(row.site.zone, at),
        permission=Permission.READ_PATIENTS,
        role=Role.PRESCRIBER,
        where=f"/patients/{row.patient_id}/pdmp/",
        by=row.by,
        at=at,
    )
