"""What is done at a site when nobody answers: who signed it, or is it still what Daybreak ships?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.knowledge.suicide import calling
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.tasks.models import STEPS, UnreachedRule

ENDS = ("welfare_check", "emergency_services")  # one of them is in every rule: somebody goes there
DIGITS = 2  # of a number of tries


def signed(site_id: UUID) -> UnreachedRule | None:
    """What a prescriber signed last for the site; None: nobody has."""
    rows = UnreachedRule.objects.filter(site=site_id, replaced_by__isnull=True)
    return rows.select_related("by", "site").first()


def steps(rule: UnreachedRule | None) -> tuple[tuple[int, str], ...]:
    """After how many tries what is done: as signed, else as shipped."""
    return rule.steps if rule else calling().unreached


def read(typed: Mapping[str, str]) -> dict[str, int | None]:
    """The numbers of the form; empty is "not by number". Refused when one is none."""
    found: dict[str, int | None] = {}
    for does in STEPS:
        text = typed.get(does, "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text)):
            raise Refused("tasks.rule_number", in_field=does, typed=text[:20])
        found[does] = int(text) if text else None
    return found


@transaction.atomic
def sign(
    site: Site, after: Mapping[str, int | None], *, seen: UUID | None, by: Person, at: datetime, key: UUID
) -> UnreachedRule:
    """From now on this is the site's rule. `seen`: the version that the page showed, None when it was the shipped one."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "seen": seen, "by": by.id, **after}
    if earlier := keys.known(key, action="unreached_rule", content=content):
        return UnreachedRule.objects.get(pk=earlier)
    last = signed(site.id)
    if (last.id if last else None) != seen:
        raise Conflict("tasks.rule_signed_meanwhile")
    if not any(after[does] for does in ENDS):
        raise Refused("tasks.rule_sends_nobody", in_field=ENDS[0])
    told = [n for does in STEPS if (n := after[does])]
    if told != sorted(told):
        raise Refused("tasks.rule_out_of_order")
    row = UnreachedRule(
        id=ids.new(), organisation_id=site.organisation_id, created=at, site=site, by=by, replaces=last, **after
    )
    row.save(force_insert=True)
    trail.wrote(row, action="unreached_rule_signed", who=by.id, at=at, site=site.id)
    keys.remember(
        key, action="unreached_rule", content=content, answer=row.id, organisation_id=site.organisation_id, at=at
    )
    return row
