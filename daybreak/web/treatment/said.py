"""How do the entries of one sentence come into the session? Each by its ordinary action, with every gate, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.said import Said, read
from daybreak.clinical.treatment.said import What as Told
from daybreak.knowledge import said as words
from daybreak.knowledge import sessions
from daybreak.web.locks import locked
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, queries, signed
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.saying import NotNow

LONGEST = 500
# What has its own page: a witness signs for a waste, and from which vial a dose came stands with what was taken.
ELSEWHERE = frozenset({Told.WASTE, Told.NO_WASTE, Told.SAME_VIAL})


def understood(sentence: str) -> Said:
    """What it says. Refused when it is longer than a sentence is."""
    if len(sentence) > LONGEST:
        raise Refused("treatment.said_too_long", in_field="sentence", most=LONGEST)
    return read(sentence, words.vocabulary())


@transaction.atomic
def confirm(
    session: Session,
    sentence: str,
    *,
    chosen: Collection[int],
    ordered_by: Mapping[int, str],
    by: Person,
    at: datetime,
    key: UUID,
) -> None:
    """What somebody chose of its entries, read again here: what the page sent back is never written. `ordered_by`: of a rescue
    medicine, by its place."""
    locked(Session, pk=session.pk)
    entries = understood(sentence).entries
    if not chosen or any(not 0 <= n < len(entries) or entries[n].what in ELSEWHERE for n in chosen):
        raise Refused("treatment.said_nothing")
    for n in sorted(chosen):
        about = {"by": by, "at": at, "key": uuid5(key, str(n))}
        _DOES[entries[n].what](session, {**entries[n].told, "ordered_by": ordered_by.get(n, "")}, about)


def _dose(session: Session, told: Mapping[str, str], about: Mapping[str, Any]) -> None:
    """Only what is ordered, in full; anything else has its form. Of an infusion it says that it has run in."""
    order, mg = signed.order(session, at=about["at"]), Decimal(told["mg"])
    running = queries.now(session).state.running
    if order is None:
        raise NotNow((Reason("session.no-order"),))
    if told["route"] and order.told["ladder"] not in words.ladders(told["route"]):
        raise Refused("treatment.said_route", in_field="sentence")
    if mg != (running.mg_high if running else order.mg):
        raise Refused("treatment.said_other_dose", in_field="sentence", said=told["mg"], ordered=f"{order.mg:f}")
    if running:
        actions.end_infusion(session, {}, **about)
    elif order.by_pump:
        raise Refused("treatment.said_infusion", in_field="sentence")
    else:
        actions.give(session, {}, **about)


def _check(session: Session, told: Mapping[str, str], about: Mapping[str, Any]) -> None:
    row = told["row"]
    if "level" in told:
        levels = {str(one["value"]): one["value"] for one in sessions.rows()[row]["levels"]}
        value: Any = levels[told["level"]]
    else:
        figures = {name: value for name, value in told.items() if name not in ("row", "ordered_by")}
        value = figures.get(sessions.VALUE, figures)
    actions.act(session, What.CHECK, {"row": row, "value": value}, **about)


def _rescue(session: Session, told: Mapping[str, str], about: Mapping[str, Any]) -> None:
    again = sessions.rescues()[told["kind"]]["watch_again"]
    actions.act(session, What.RESCUE, {**told, "watch_again": again}, **about)


def _event(session: Session, told: Mapping[str, str], about: Mapping[str, Any]) -> None:
    actions.act(session, What.EVENT, {"text": told["text"]}, **about)


_DOES: Mapping[Told, Callable[[Session, Mapping[str, str], Mapping[str, Any]], None]] = {
    Told.DOSE: _dose,
    Told.CHECK: _check,
    Told.RESCUE: _rescue,
    Told.EVENT: _event,
}
