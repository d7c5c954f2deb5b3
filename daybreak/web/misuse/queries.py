"""What was written down about a patient, what is each sign worth beside what was given here, and what does that propose?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from daybreak.clinical.followup.misuse import Dose, Proposal, Seen, Standing, judge, proposal
from daybreak.knowledge import misuse as knowledge
from daybreak.web.misuse.models import NONE, Answer, Explanation, Review, Sign, Test
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.treatment.given import with_times
from daybreak.web.treatment.models import Session


@dataclass(frozen=True, slots=True)
class Known:
    """Everything, the newest first; each sign with what it is worth."""

    signs: tuple[tuple[Sign, Standing], ...]
    tests: tuple[Test, ...]
    reviews: tuple[Review, ...]
    answers: tuple[Answer, ...]
    proposal: Proposal


def known(patient: Patient, *, at: datetime) -> Known:
    """Of the records that are one person."""
    who = list(patients.together(patient))
    signs, reviews = _of(Sign, who), _of(Review, who)
    doses, rule = _doses(who), knowledge.rule()
    seen = [_seen(one) for one in signs]
    since = reviews[0].created if reviews else None
    return Known(
        tuple((one, judge(what, doses, rule)) for one, what in zip(signs, seen, strict=True)),
        tuple(_of(Test, who)),
        tuple(reviews),
        tuple(_of(Answer, who)),
        proposal(seen, doses, rule, at=at, since=since),
    )


def explained(sign: Sign) -> Explanation | None:
    """What was said last of where it comes from."""
    return max(sign.explanations.all(), key=lambda one: (one.created, one.id), default=None)


def _of(model: Any, who: list[Any]) -> list[Any]:
    rows = model.objects.filter(patient__in=who).select_related("by", "site").order_by("-created", "-id")
    if model is Sign:
        rows = rows.prefetch_related(Prefetch("explanations", Explanation.objects.select_related("by")))
    return list(rows)


def _seen(sign: Sign) -> Seen:
    last = explained(sign)
    lasting = knowledge.signs().get(sign.sign, {}).get("lasting", False)
    noted, found = (last.created, last.what != NONE) if last else (sign.created, None)
    return Seen(sign.sign, sign.earliest, sign.latest, noted, found, lasting)


def _doses(who: list[Any]) -> list[Dose]:
    rows = with_times(Session.objects.filter(patient__in=who)).filter(first__isnull=False)
    return [Dose(one.first, one.last) for one in rows]
