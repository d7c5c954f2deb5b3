"""What is told of each step of an authorisation, and does it hold together?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daybreak.web.authorisation.models import What
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES, word

LONGEST = 2000
MOST = Decimal(1_000_000)
BENEFIT = {"medical": "authorisation.medical", "pharmacy": "authorisation.pharmacy"}
WAY = {"buy_and_bill": "authorisation.buy_and_bill", "specialty_pharmacy": "authorisation.specialty_pharmacy"}
UNITS = {"units": "authorisation.units", "mg": "authorisation.mg", "treatments": "authorisation.treatments"}
OUTCOME = {
    "agreed": "authorisation.agreed",
    "refused": "authorisation.refused",
    "open": "authorisation.still_open",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `kind` is `text`, `line`, `day`, `number` or `choice`."""

    name: str
    label: str
    kind: str
    required: bool = True
    options: Mapping[str, str] | None = None


class Unfit(Refused):
    """What stands in a field does not fit; the sentence names the field as the form does."""

    def __init__(self, id: str, field: Field) -> None:
        super().__init__(id, in_field=field.name, field=word(field.label, "en"))
        self.label = field.label

    def _said(self, language: str) -> str:
        return word(self.id, language, field=word(self.label, language))


_NOTE = Field("text", "authorisation.note", "text", required=False)
_MEMBER = Field("member", "authorisation.member", "line", required=False)
_PACKET = (_MEMBER, Field("dose", "packet.dose", "line", required=False))
_WHY = Field("text", "authorisation.why", "text")
_SUM = (
    Field("sum", "authorisation.sum", "number"),
    Field("currency", "authorisation.currency", "line"),
    Field("signed_by", "authorisation.signed_by", "line"),
    Field("language", "authorisation.language", "choice", options=dict.fromkeys(LANGUAGES, "")),
)
FIELDS: Mapping[What, tuple[Field, ...]] = {
    What.CHECKED: (
        Field("benefit", "authorisation.benefit", "choice", options=BENEFIT),
        Field("way", "authorisation.way", "choice", options=WAY),
        _MEMBER,
        _NOTE,
    ),
    What.SENT: (*_PACKET, _NOTE),
    What.MORE_ASKED: (
        Field("text", "authorisation.asked", "text"),
        Field("until", "authorisation.until_payer", "day", required=False),
    ),
    What.ANSWERED: (Field("text", "authorisation.answer", "text"), *_PACKET),
    What.APPROVED: (
        Field("number", "authorisation.number", "line"),
        Field("start", "authorisation.start", "day"),
        Field("until", "authorisation.until", "day"),
        Field("amount", "authorisation.amount", "number"),
        Field("unit", "authorisation.unit", "choice", options=UNITS),
        Field("dose", "authorisation.dose", "line", required=False),
        Field("place", "authorisation.place", "line", required=False),
    ),
    What.USED: (Field("amount", "authorisation.amount_used", "number"),),
    What.DENIED: (_WHY, Field("until", "authorisation.until_payer", "day", required=False)),
    What.PEER_TO_PEER: (Field("outcome", "authorisation.outcome", "choice", options=OUTCOME), _NOTE),
    What.APPEALED: (*_PACKET, _NOTE),
    What.SELF_PAY: _SUM,
    What.PENDING: _SUM,
    What.CLOSED: (_WHY,),
}


def read(what: What, typed: Mapping[str, str]) -> dict[str, str]:
    """What the form of that step says, each value as it is kept. Refused, naming the field, when one does not fit."""
    told = {field.name: _one(field, typed.get(field.name, "")) for field in FIELDS[what]}
    if what is What.APPROVED and told["until"] < told["start"]:
        raise Refused("authorisation.ends_before")
    if "currency" in told:
        told["currency"] = told["currency"].upper()
        if not re.fullmatch(r"[A-Z]{3}", told["currency"]):
            raise Refused("authorisation.no_currency", in_field="currency")
    return {name: value for name, value in told.items() if value}


def _one(field: Field, value: str) -> str:
    if not value:
        if field.required:
            raise Unfit("authorisation.field_missing", field)
        return ""
    if field.kind == "choice" and value not in (field.options or ()):
        raise Unfit("authorisation.field_wrong", field)
    if field.kind == "day":
        return _day(field, value)
    if field.kind == "number":
        return _number(field, value)
    if len(value) > (LONGEST if field.kind == "text" else 120):
        raise Unfit("authorisation.field_long", field)
    return value


def _day(field: Field, value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Unfit("authorisation.field_wrong", field) from None


def _number(field: Field, value: str) -> str:
    """A positive number with at most two places behind the point."""
    number = Decimal(value) if re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", value) else Decimal(0)
    if not 0 < number <= MOST:
        raise Unfit("authorisation.field_wrong", field)
    return str(number)
