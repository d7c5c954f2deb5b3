"""What was typed about how somebody is reached, and can it be taken?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from daybreak.web import zones
from daybreak.web.outbox import actions as outbox
from daybreak.web.patients.identity import Wrong
from daybreak.web.reach import numbers
from daybreak.web.reach.models import ASKED, ROLES, WAYS, YES, Outsider, Reach
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Reached:
    """The fields of `Reach` that people fill in. Empty is "not known", or "not asked"."""

    email: str = ""
    phone: str = ""
    way: str = ""
    language: str = ""
    zone: str = ""
    may_write: str = ""
    mobile: str = ""
    may_text: str = ""
    note: str = ""
    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""
    contact_may_call: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The fields of `Outsider` that people fill in."""

    role: str = ""
    name: str = ""
    practice: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    may_tell: str = ""
    ended: str = ""  # "yes": no longer


def of(row: Reach | Outsider | None) -> dict[str, str]:
    """What a row holds, as somebody would have typed it."""
    if row is None:
        return {}
    made = Reached if isinstance(row, Reach) else Known
    held = {one.name: getattr(row, one.name) for one in fields(made)}
    return {name: (YES if value else "") if isinstance(value, bool) else value for name, value in held.items()}


def check_reached(told: Reached) -> None:
    """Wrong with every problem: no mail can go there, it is too long, or a yes has nothing to be used for."""
    problems = _common(told, Reach)
    if (
        told.way not in WAYS
        or told.contact_may_call not in ASKED
        or told.may_write not in ASKED
        or told.may_text not in ASKED
    ):
        problems.append(Refused("error.bad_request"))
    if told.zone:
        problems += _refused(zones.check, told.zone)
    if told.may_write == YES and not told.email:
        problems.append(Refused("reach.yes_needs_address", in_field="email"))
    if told.mobile:
        problems += _refused(numbers.check, told.mobile)
    elif told.may_text == YES:
        problems.append(Refused("reach.yes_needs_mobile", in_field="mobile"))
    if told.contact_may_call == YES and not told.contact_phone:
        problems.append(Refused("reach.call_needs_number", in_field="contact_phone"))
    if problems:
        raise Wrong(problems)


def check_outsider(told: Known) -> None:
    """Wrong with every problem of it."""
    problems = _common(told, Outsider)
    if told.role not in ROLES or told.may_tell not in ASKED or told.ended not in (YES, ""):
        problems.append(Refused("reach.role_missing", in_field="role"))
    if not told.name:
        problems.append(Refused("reach.name_missing", in_field="name"))
    if problems:
        raise Wrong(problems)


def _common(told: Any, model: type[Reach] | type[Outsider]) -> list[Refused]:
    problems = _refused(outbox.check, told.email) if told.email else []
    if told.language not in ("", *LANGUAGES):
        problems.append(Refused("error.bad_request"))
    for one in fields(told):
        most = getattr(model._meta.get_field(one.name), "max_length", None)
        if most and one.name not in ("email", "zone", "mobile") and len(getattr(told, one.name)) > most:
            problems.append(
                Refused("patients.too_long", in_field=one.name, typed=getattr(told, one.name)[:30], most=most)
            )
    return problems


def _refused(check: Any, *typed: str) -> list[Refused]:
    try:
        check(*typed)
    except Refused as refused:
        return [refused]
    return []


def reached(typed: Mapping[str, str]) -> Reached:
    """What the form said; the number of a phone without what people write between its digits."""
    told = {one.name: typed.get(one.name, "") for one in fields(Reached)}
    return Reached(**told | {"mobile": numbers.plain(told["mobile"])})


def outsider(typed: Mapping[str, str]) -> Known:
    """What the form said."""
    return Known(**{one.name: typed.get(one.name, "") for one in fields(Known)})
