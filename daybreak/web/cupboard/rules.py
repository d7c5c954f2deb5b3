"""What was signed for the cupboard of a site: does a waste need a witness, how often is it counted and taken stock of?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from daybreak.knowledge import cupboard as knowledge
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.cupboard.models import Rule
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

LONGEST = 1000
DIGITS = 3
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds at a site. `signed` None: nobody signed, it is what Daybreak ships."""

    waste_witness: bool
    count_hours: int
    inventory_months: int
    signed: Rule | None


def newest(site_id: UUID) -> Rule | None:
    """What was signed last for the site; None: nothing."""
    return Rule.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by").first()


def in_force(site_id: UUID) -> InForce:
    """What was signed, else what ships."""
    row = newest(site_id)
    if row is None:
        hours = knowledge.time("count-every") // HOUR
        return InForce(knowledge.witness_required("waste"), hours, knowledge.months("inventory-most"), None)
    return InForce(row.waste_witness, row.count_hours, row.inventory_months, row)


@transaction.atomic
def sign(
    site: Site,
    *,
    waste_witness: bool,
    count_hours: str,
    inventory_months: str,
    reason: str,
    seen: UUID | None,
    by: Person,
    at: datetime,
    key: UUID,
) -> Rule:
    """From now on this holds. `seen`: the version that the page showed, None when it was what ships."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.KEEP_CUPBOARD, at=at, site_id=site.id)
    content = {"site": site.id, "by": by.id, "seen": seen, "reason": reason, "waste_witness": waste_witness}
    content |= {"count_hours": count_hours, "inventory_months": inventory_months}
    if earlier := keys.known(key, action="cupboard_rule", content=content):
        return Rule.objects.get(pk=earlier)
    last = newest(site.id)
    if (last.id if last else None) != seen:
        raise Conflict("cupboard.rule_meanwhile")
    if not reason or len(reason) > LONGEST:
        raise Refused("cupboard.why_missing", in_field="reason", most=LONGEST)
    row = Rule(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        waste_witness=waste_witness,
        count_hours=_number(count_hours, "count_hours", most=knowledge.time("count-most") // HOUR),
        inventory_months=_number(inventory_months, "inventory_months", most=knowledge.months("inventory-most")),
        reason=reason,
        by=by,
        replaces=last,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="cupboard_rule_signed", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="cupboard_rule", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _number(text: str, field: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and 1 <= int(text) <= most):
        raise Refused("cupboard.rule_number", in_field=field, typed=text[:20], most=most)
    return int(text)
