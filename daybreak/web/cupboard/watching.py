"""Who has to see it when something is wasted or destroyed, and who looks at it when nobody did?"""

from __future__ import annotations

from datetime import datetime

from daybreak.clinical.treatment.ledger import Kind
from daybreak.knowledge import cupboard as knowledge
from daybreak.web.cupboard import rules
from daybreak.web.cupboard.models import Entry
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, may
from daybreak.web.people.queries import all_in_force
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind as TaskKind
from daybreak.web.tasks.models import Level

LONGEST = 1000


def required(site: Site, kind: Kind) -> bool:
    """Is a second person asked for? For a waste as the site signed; for what is destroyed always."""
    if kind is Kind.WASTED:
        return rules.in_force(site.id).waste_witness
    return kind is Kind.DESTROYED and knowledge.witness_required("destroy")


def demand(site: Site, kind: Kind, *, witness: Person | None, alone: str, by: Person, at: datetime) -> None:
    """Refused without a witness who is somebody else and works with the cupboard, or (of a waste) why there is none."""
    if witness is not None:
        if witness.pk == by.pk or not may(witness, Permission.USE_CUPBOARD, at=at, site_id=site.id):
            raise Refused("cupboard.no_such_witness", in_field="witness")
    elif required(site, kind) and (kind is Kind.DESTROYED or not alone or len(alone) > LONGEST):
        raise Refused("cupboard.witness_needed", in_field="witness")


def look_at(row: Entry, *, at: datetime) -> None:
    """Something was wasted without the witness that the site asks for: whoever keeps the cupboard looks at it."""
    if row.kind != Kind.WASTED or row.witness_id or not required(row.site, Kind.WASTED):
        return
    tasks.make(
        source=f"waste {row.id}",
        kind=TaskKind.REVIEW,
        what="cupboard.waste_unwitnessed",
        site=row.site,
        level=Level.BY,
        due=at + knowledge.time("witness-missing"),
        permission=Permission.KEEP_CUPBOARD,
        role=keeper(row.site, at=at),
        where=f"/cupboard/lots/{row.lot_id}/",
        hidden_from=() if _alone(row, at=at) else (row.by_id,),
        by=row.by,
        at=at,
    )


def keeper(site: Site, *, at: datetime) -> Role:
    """Who answers for the cupboard there: a pharmacist, or the prescriber of a clinic that has none."""
    there = any(one.site_id == site.id and one.role == Role.PHARMACIST for one in all_in_force(at=at))
    return Role.PHARMACIST if there else Role.PRESCRIBER


def _alone(row: Entry, *, at: datetime) -> bool:
    """Is whoever wasted it the only one who keeps the cupboard? Then nobody else could look at it."""
    others = (one.person for one in all_in_force(at=at) if one.site_id == row.site_id)
    return not any(
        one.pk != row.by_id and may(one, Permission.KEEP_CUPBOARD, at=at, site_id=row.site_id) for one in others
    )
