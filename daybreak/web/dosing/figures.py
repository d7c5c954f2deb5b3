"""How does a prescriber sign what no source gives: the highest dose by a route, and the concentrations of an infusion?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from daybreak.clinical.treatment.ladders import Ladder, Signed
from daybreak.knowledge.dosing import ladders
from daybreak.web import ids
from daybreak.web.audit import trail
from daybreak.web.dosing.models import Figure
from daybreak.web.dosing.numbers import number
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form, as they were typed."""

    ceiling_mg: str
    least_mg_per_ml: str
    most_mg_per_ml: str
    reason: str


def newest(site_id: UUID) -> dict[str, Figure]:
    """What was signed last at a site, by ladder."""
    found = Figure.objects.filter(site=site_id, replaced_by__isnull=True).select_related("by")
    return {one.ladder: one for one in found}


def signed(row: Figure | None) -> Signed:
    """The figures of a version; none where nobody signed."""
    if row is None:
        return Signed()
    figures = (row.ceiling_mg, row.least_mg_per_ml, row.most_mg_per_ml)
    return Signed(*(Decimal(one) if one else None for one in figures))


def may_be_signed(ladder: Ladder) -> tuple[bool, bool]:
    """Whether a highest dose, and whether concentrations mean anything for it."""
    return not ladder.allowed or "ceiling" in ladder.signs, ladder.way in ("infusion", "injection")


def unsigned(ladder: Ladder, signed: Signed | None) -> tuple[str, ...]:
    """Which limits a clinic may sign for it and has not, each with what bounds a dose all the same; of what it must sign the
    dose itself says that it is missing."""
    has_ceiling, has_strength = may_be_signed(ladder)
    signed, found = signed or Signed(), []
    if has_ceiling and "ceiling" not in ladder.signs and signed.ceiling_mg is None:
        found.append("dosing.unsigned_ceiling" if ladder.ceiling_mg is None else "dosing.unsigned_ceiling_source")
    if has_strength and "concentration" not in ladder.signs and signed.most_mg_per_ml is None:
        found.append("dosing.unsigned_strength")
    return tuple(found)


@transaction.atomic
def sign(site: Site, ladder: str, typed: Typed, *, seen: UUID | None, by: Person, at: datetime, key: UUID) -> Figure:
    """From now on these figures bound the doses of the ladder at the site. `seen`: the version that the page showed."""
    site = locked(Site, pk=site.pk)
    require(by, Permission.ADOPT_PROTOCOL, at=at, site_id=site.id)
    content = {"site": site.id, "ladder": ladder, "typed": repr(typed), "seen": seen}
    if earlier := keys.known(key, action="dose_figure", content=content):
        return Figure.objects.get(pk=earlier)
    one = ladders().get(ladder)
    if one is None:
        raise Refused("error.bad_request")
    last = newest(site.id).get(ladder)
    if (last.id if last else None) != seen:
        raise Conflict("dosing.figure_meanwhile")
    figures = _figures(one, typed)
    if not typed.reason or len(typed.reason) > LONGEST:
        raise Refused("dosing.figure_reason", in_field="reason", most=LONGEST)
    row = Figure(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=at,
        site=site,
        ladder=ladder,
        reason=typed.reason,
        by=by,
        replaces=last,
        **figures,
    )
    row.save(force_insert=True)
    trail.wrote(row, action="dose_figure_signed", who=by.id, at=at, site=site.id)
    keys.remember(key, action="dose_figure", content=content, answer=row.id, organisation_id=row.organisation_id, at=at)
    return row


def _figures(ladder: Ladder, typed: Typed) -> dict[str, str]:
    """The figures as they are kept. A ceiling may only narrow what a source gives."""
    ceiling = number(typed.ceiling_mg, in_field="ceiling_mg")
    least = number(typed.least_mg_per_ml, in_field="least_mg_per_ml")
    most = number(typed.most_mg_per_ml, in_field="most_mg_per_ml")
    has_ceiling, has_strength = may_be_signed(ladder)
    if (least is None) != (most is None) or (least is not None and most is not None and least > most):
        raise Refused("dosing.figure_both_ends", in_field="least_mg_per_ml")
    needed = {"ceiling": ceiling, "concentration": least}
    if any(needed[one] is None for one in ladder.signs) or (ceiling is None and least is None):
        raise Refused("dosing.figure_missing")
    if (ceiling is not None and not has_ceiling) or (least is not None and not has_strength):
        raise Refused("error.bad_request")
    if ladder.ceiling_mg is not None and ceiling is not None and ceiling > ladder.ceiling_mg:
        raise Refused("dosing.figure_above", in_field="ceiling_mg", most=str(ladder.ceiling_mg))
    kept = {"ceiling_mg": ceiling, "least_mg_per_ml": least, "most_mg_per_ml": most}
    return {name: f"{value:f}" if value is not None else "" for name, value in kept.items()}
