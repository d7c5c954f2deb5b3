"""What does an event keep of the order as it stood then: what was gone through, and how the pump differed from it?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.events import What
from daybreak.clinical.treatment.ladders import Strength
from daybreak.web.dosing import pump
from daybreak.web.dosing import queries as dosing
from daybreak.web.people.models import Person
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import context, payload, presence, signed
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.saying import NotNow, sentence
from daybreak.web.treatment.signed import Order
from daybreak.web.words import known, word

Told = Mapping[str, Any]


class PumpDiffers(Refused):
    """Weights that are missing or differ, and nobody wrote why the infusion begins all the same."""

    def __init__(self, reasons: list[Reason]) -> None:
        self.reasons = reasons
        super().__init__("treatment.pump_why", in_field="why", what=self._what("en"))

    def _what(self, language: str) -> str:
        return " ".join(sentence(one, language) for one in self.reasons)

    def _said(self, language: str) -> str:
        return word(self.id, language, what=self._what(known(language)))


def seen(order: Order | None) -> str:
    """Changes when any figure of the order does: nobody signs what they have not seen."""
    told = dict(order.told) if order else None
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def of_now(session: Session, what: What, given: Told, *, by: Person, at: datetime) -> dict[str, Any]:
    """What is told, and what the event keeps beside it."""
    if what is What.TIMED_OUT:
        return _timed_out(session, given, by=by, at=at)
    return _compared(session, given, at=at) if what is What.PUMP_COMPARED else dict(given)


def _timed_out(session: Session, given: Told, *, by: Person, at: datetime) -> dict[str, Any]:
    """Where the route asks for a second person, nobody is alone beside somebody who could be it; whoever is, is counted."""
    order = signed.order(session, at=at)
    kept = {key: value for key, value in given.items() if key != "seen"}
    if "seen" in given and given["seen"] != seen(order):
        raise Conflict("treatment.order_changed")
    if not given.get("second") and given.get("alone_because") and context.rules(session, at=at).second_person:
        if n := presence.free_beside(by, session.site, at=at):
            raise Refused("treatment.not_alone", in_field="second", n=n)
        kept["lacking"] = payload.lacking([Reason("treatment.was_alone")])
    return {**kept, "order": dict(order.told)} if order else kept


def _compared(session: Session, given: Told, *, at: datetime) -> dict[str, Any]:
    """What is a slip of the programme, or pounds for kilograms, is refused until the pump shows what is ordered: that is kept,
    and opens nothing. A weight that is missing or differs otherwise is given all the same for a reason, and counted."""
    order, found = signed.order(session, at=at), dosing.order_for(session.booking, at)
    ordered = pump.programme(found) if found else None
    if order is None or found is None or ordered is None:
        raise NotNow((Reason("session.no-order"),))
    findings = pump.held_against(found, ordered, given)
    refused = [one.reason for one in findings if one.strength is Strength.REFUSES]
    differs = [one.reason for one in findings if one.strength is Strength.REASON]
    if differs and not refused and not given.get("why"):
        raise PumpDiffers(differs)
    kept = {**given, "order": dict(order.told), "refused": payload.lacking(refused)}
    return {**kept, "lacking": payload.lacking(() if refused else differs)}
