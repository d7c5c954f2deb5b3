"""How do the entries of one sentence come into the session? Each by its ordinary action, with every gate, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.said import Said, read
from daybreak.clinical.treatment.said import What as Told
from daybreak.clinical.treatment.units import written
from daybreak.knowledge import said as words
from daybreak.knowledge import sessions
from daybreak.web.cupboard import queries as taken
from daybreak.web.locks import locked
from daybreak.web.people.models import Person
from daybreak.web.refusals import Refused
from daybreak.web.treatment import actions, queries, signed, stock
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.saying import NotNow

LONGEST = 500
# What has its own page: a witness signs for a waste.
ELSEWHERE = frozenset({Told.WASTE})


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
    chosen: Set[int],
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
    told = {n: dict(entries[n].told) for n in chosen}
    doses = [n for n in chosen if entries[n].what is Told.DOSE]
    vials = [n for n in chosen if entries[n].what is Told.SAME_VIAL]
    if vials and not doses:
        raise Refused("treatment.said_vial_of_nothing", in_field="sentence")
    for n in doses:
        told[n] |= {"lot": _vial(session)} if vials else {}
    # Whether something is left is asked when the dose is written.
    for n in sorted(chosen - set(vials), key=lambda n: (entries[n].what is Told.NO_WASTE, n)):
        about = {"by": by, "at": at, "key": uuid5(key, str(n))}
        _DOES[entries[n].what](session, {**told[n], "ordered_by": ordered_by.get(n, "")}, about)


def drawn(session: Session) -> str:
    """The page of the one vial of which something is still drawn up, else that of the cupboard."""
    left = stock.usable(session.pk, recalled=True)
    return f"/cupboard/takes/{left[0].first.pk}/" if len(left) == 1 else "/cupboard/"


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
    given = {"lot": told["lot"]} if "lot" in told else {}
    if running:
        actions.end_infusion(session, given, **about)
    elif order.by_pump:
        raise Refused("treatment.said_infusion", in_field="sentence")
    else:
        actions.give(session, given, **about)


def _vial(session: Session) -> str:
    """The lot of the one vial that was taken for the session. Refused when none was, or several: then nobody can say which."""
    takes = [one.first for one in taken.of_session(session.pk)]
    if len(takes) != 1:
        there = ", ".join(dict.fromkeys(one.lot.number for one in takes)) or "–"
        raise Refused("treatment.said_which_vial", in_field="sentence", n=len(takes), taken=there)
    return takes[0].lot.number


def _no_waste(session: Session, told: Mapping[str, str], about: Mapping[str, Any]) -> None:
    """Written only where the book of the cupboard says the same: something was taken for the session, and all of it is accounted
    for."""
    takes = taken.of_session(session.pk)
    left = sum((one.left.mg for one in takes), Decimal(0))
    if left or not takes:
        raise Refused(
            "treatment.said_not_all" if left else "treatment.said_not_taken", in_field="sentence", mg=written(left)
        )
    _event(session, told, about)


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
    Told.NO_WASTE: _no_waste,
}
