"""How does the cupboard of a site stand when its day ends: was it counted, what is still out, which wastes had no witness?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Subquery, Sum

from daybreak.clinical.treatment.ledger import TAKES, Kind, Place
from daybreak.knowledge import cupboard as knowledge
from daybreak.web import zones
from daybreak.web.cupboard.models import Counted, Entry
from daybreak.web.people.models import Site

A_DAY = timedelta(days=1)
NOTHING = Decimal(0)
LEAST = Decimal("0.0001")  # one database adds amounts as binary fractions


@dataclass(frozen=True, slots=True)
class Evening:
    """`counted`: how many people counted together that day (two is a count); `out`: how many takes nobody has accounted for,
    and one more while anything is open; `wastes` of the day, and how many of them were `unseen`."""

    counted: int
    out: int
    wastes: int
    unseen: int


def evening(site: Site, day: date) -> Evening:
    """By one question: the page that asks has many others. What came in is among the rows however long ago, so that there is
    one as soon as there is anything to count."""
    begins, ends = zones.midnight(day, site.zone), zones.midnight(day + A_DAY, site.zone)
    counted = Counted.objects.filter(count__site=site, created__gte=begins, created__lt=ends).values("count")
    together = counted.annotate(people=Count("by", distinct=True)).order_by("-people").values("people")
    recent = Q(created__gte=begins - knowledge.time("patterns"))
    rows = Entry.objects.filter(recent | Q(kind=Kind.RECEIVED), site=site, created__lt=ends)
    wasted = Q(kind=Kind.WASTED, created__gte=begins)
    by_take = list(
        rows.values("take")
        .annotate(
            taken=Sum("mg", filter=Q(kind__in=TAKES)),
            gone=Sum("mg", filter=~Q(kind__in=TAKES)),
            opened=Sum("mg", filter=Q(kind=Kind.OPENED)),
            used=Sum("mg", filter=Q(source=Place.OPEN)),
            wastes=Count("id", filter=wasted),
            unseen=Count("id", filter=wasted & Q(witness=None)),
            people=Subquery(together[:1]),
        )
        .order_by()
    )
    out = sum(
        (one["taken"] or NOTHING) - (one["gone"] or NOTHING) >= LEAST for one in by_take if one["take"] is not None
    )
    out += sum((one["opened"] or NOTHING) - (one["used"] or NOTHING) for one in by_take) >= LEAST
    people = by_take[0]["people"] if by_take else 0
    wastes, unseen = (sum(one[name] for one in by_take) for name in ("wastes", "unseen"))
    return Evening(people or 0, out, wastes, unseen)
