"""Do the answers to the questions of one form make its total?"""

from __future__ import annotations

from decimal import Decimal

from daybreak.clinical.answers import UNREADABLE, Term, Unreadable
from daybreak.exchange.fhir.record import Record

# Scales whose total is the plain sum of their items: the LOINC code of the whole form, by the id of the scale.
FORMS = {"phq-9": "44249-1"}
Answer = Decimal | str | Unreadable | None


def complete(record: Record, answers: dict[str, Answer], *, form: str) -> None:
    """Add the totals that these answers (by kind) make. `form` names the form, by its code or an address with it."""
    for scale, whole in FORMS.items():
        _total(record, answers, scale=scale, whole=whole in form)


def _total(record: Record, answers: dict[str, Answer], *, scale: str, whole: bool) -> None:
    """Add the total; where it cannot be made, say that it exists but cannot be known, so that no older one stands in.

    A short form shares its items with the long one: without the long form's name, a missing item makes no total at all.
    """
    items = [id_ for id_ in record.terms.kinds if id_.startswith(f"{scale}.item-")]
    values = [answers.get(id_) for id_ in items]
    if not whole and not any(id_ in answers for id_ in items):
        return
    if whole:
        for id_ in items:
            answers.setdefault(id_, None)
    readable = [v for v in values if isinstance(v, Decimal)]
    if len(readable) < len(items):
        if whole or UNREADABLE in values:
            answers.setdefault(scale, UNREADABLE)
        return
    total = sum(readable, Decimal(0))
    if answers.setdefault(scale, total) != total:
        answers[scale] = record.trouble("fhir.total", scale=Term(f"observation.{scale}"), sum=str(total))
