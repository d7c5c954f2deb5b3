"""What does a clinic sign of half a year: counts of its volunteers, once, each of whom sees that they were counted?

A half-year that is over is signed once: two summaries that differ by what was written down between them could give a small count
away. Half-years do not overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from daybreak.knowledge import outcomes
from daybreak.outcomes.cells import Rule
from daybreak.outcomes.summary import document
from daybreak.outcomes.tables import Patient, Session
from daybreak.web import signing
from daybreak.web.audit import trail
from daybreak.web.audit.models import Entry
from daybreak.web.locks import locked
from daybreak.web.patients import models as patients
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.registry.giving import known
from daybreak.web.registry.stored import rows, today

SUMMARY, WHO = "registry_summary", "volunteers of the registry"


def half(year: int, n: int) -> tuple[date, date]:
    """The first and the last day of the first or the second half of a year."""
    return (date(year, 1, 1), date(year, 6, 30)) if n == 1 else (date(year, 7, 1), date(year, 12, 31))


def counted(
    site: Site, first: date, last: date, *, at: datetime
) -> tuple[set[str], dict[str, dict[str, dict[str, int]]]]:
    """Whose facts are in it, and the counts: of treatments by route and by what was heard of harm, of people by sex."""
    told = {table: list(those) for table, those in rows([site], at=at)}
    agreed: Mapping[str, Patient] = {one.patient: one for one in told["patients"] if one.volunteer}
    treatments: list[Session] = [one for one in told["sessions"] if one.patient in agreed and first <= one.day <= last]
    whose = {one.patient for one in treatments}
    harmed = {one.session for one in told["events"]}
    harm = Counter(
        "event" if one.session in harmed else "none told" if one.heard else "nobody heard" for one in treatments
    )
    words = known()
    routes = Counter(one.route for one in treatments)
    sexes = Counter(agreed[id].sex or "not recorded" for id in whose)
    return whose, {
        "treatments": {
            "harm": {group: harm[group] for group in ("event", "none told", "nobody heard")},
            "route": {route: routes[route] for route in sorted(words["route"])},
        },
        "people": {"sex": {sex: sexes[sex] for sex in ("female", "male", "other", "not recorded")}},
    }


@transaction.atomic
def sign(site: Site, year: int, n: int, *, seen: int, by: Person, at: datetime) -> bytes:
    """The signed file. `seen`: how many people somebody was shown before they confirmed it."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    first, last = half(year, n)
    if today([site], at=at) <= last:
        raise Refused("registry.not_over", half=f"{year}-{n}")
    about = uuid5(site.id, f"{SUMMARY} {year}-{n}")
    if Entry.objects.filter(object_type=SUMMARY, object_id=about).exists():
        raise Conflict("registry.signed_already", half=f"{year}-{n}")
    whose, counts = counted(site, first, last, at=at)
    if not whose:
        raise Refused("registry.no_volunteers")
    if len(whose) != seen:
        raise Conflict("registry.changed", n=len(whose), seen=seen)
    for one in patients.Patient.objects.filter(pk__in=[UUID(id) for id in whose]).order_by("pk"):
        trail.happened("registry_counted", who=by.id, at=at, to=one, subject=one.pk, site=site.id)
    trail.read(SUMMARY, who=by.id, at=at, object_id=about, site=site.id)
    told = outcomes.summary()
    rule = Rule(told["least"], told["doubt"])
    made = document(counts, site=site.name, first=first, last=last, who=WHO, rule=rule)
    until = at + timedelta(days=told["holds_days"])
    return signing.sign(made, where=settings.PLACE, what="summary", site=site.name, at=at, until=until)
