"""By which limits is somebody watched at a site, and how does that differ from the protocol?"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.clinical.treatment.checks import Schedule
from daybreak.clinical.treatment.limits import Watch
from daybreak.clinical.treatment.stricter import laid_over
from daybreak.knowledge import watch as knowledge
from daybreak.web.limits.models import Signed


@dataclass(frozen=True, slots=True)
class InForce:
    """What a prescriber signed, as it is judged by."""

    row: Signed
    watch: Watch
    schedule: Schedule


def signed(site_id: UUID, protocol: str, *, at: datetime, read: Sequence[Signed] | None = None) -> InForce | None:
    """What was in force at that moment. None: nobody had signed, or the knowledge is another one since, so nothing starts.
    `read`: every version of the site, the newest first, where they were read anyway."""
    if read is None:
        rows = Signed.objects.filter(site=site_id, protocol=protocol, created__lte=at).select_related("by")
        row = rows.order_by("-created", "-id").first()
    else:
        row = next((one for one in read if one.protocol == protocol and one.created <= at), None)
    return in_force(row) if row is not None else None


def of_site(site_id: UUID) -> list[Signed]:
    """Every version under every protocol, the newest first."""
    return list(Signed.objects.filter(site=site_id).select_related("by").order_by("-created", "-id"))


def in_force(row: Signed) -> InForce | None:
    """What the row says; None when it rests on another knowledge than today's."""
    if row.digest != knowledge.digest(row.protocol):
        return None
    watch, schedule = laid_over(knowledge.watch(), knowledge.schedule(row.protocol), numbers(row))
    return InForce(row, watch, schedule)


def numbers(row: Signed) -> Mapping[str, Decimal]:
    """Every number that was signed, by its name."""
    return {name: Decimal(value) for name, value in json.loads(row.numbers).items()}


def newest(site_ids: Collection[UUID], protocol: str) -> dict[UUID, Signed]:
    """What was signed last at each of the sites."""
    rows = Signed.objects.filter(site__in=list(site_ids), protocol=protocol, replaced_by__isnull=True)
    return {row.site_id: row for row in rows.select_related("by")}


def history(site_id: UUID, protocol: str) -> list[Signed]:
    """Every version, the newest first."""
    rows = Signed.objects.filter(site=site_id, protocol=protocol).select_related("by")
    return list(rows.order_by("-created", "-id"))
