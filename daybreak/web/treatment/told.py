"""Is what somebody tells with an event complete, and within what can be? (a report that is not is refused like any bad input)"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.events import Outcome, What, decimal
from daybreak.knowledge import sessions
from daybreak.web.courses.models import WayHome
from daybreak.web.refusals import Refused

WHOM = ("escort", "contact", "transport")  # who is called when the way home does not come
LONGEST = 1000  # letters of what is told in words
Told = Mapping[str, Any]


def checked(what: What, told: Told, *, protocol: str) -> dict[str, Any]:
    """The same without what is empty. Refused with the one sentence of what is wrong."""
    found = {key: value.strip() if isinstance(value, str) else value for key, value in told.items()}
    found = {key: value for key, value in found.items() if value not in ("", None)}
    for value in found.values():
        if isinstance(value, str) and len(value) > LONGEST:
            raise Refused("treatment.too_long", most=LONGEST)
    if what in _CHECKS:
        _CHECKS[what](found, protocol)
    return found


def _answered(told: Told, protocol: str) -> None:
    lines = {one["id"]: one for moment in ("before", "leaving") for one in sessions.questions(protocol, moment)}
    line = lines.get(told.get("question", ""))
    if line is None:
        raise Refused("treatment.no_question")
    if "decided" in told:
        if told["decided"] not in ("go", "stop") or not told.get("why"):
            raise Refused("treatment.decide_why", in_field="why")
        return
    given = next((one for one in line["answers"] if one["id"] == told.get("answer")), None)
    if given is None:
        raise Refused("treatment.choose_answer", in_field="answer")
    if given["tell"] and not told.get("text"):
        raise Refused("treatment.tell_when", in_field="text")


def _pressure_decided(told: Told, protocol: str) -> None:
    if not isinstance(told.get("go"), bool) or not told.get("why"):
        raise Refused("treatment.decide_why", in_field="why")


def _check(told: Told, protocol: str) -> None:
    line = sessions.rows().get(told.get("row", ""))
    if line is None:
        raise Refused("treatment.no_row")
    value = told.get("value")
    if line["levels"]:
        if value not in [one["value"] for one in line["levels"]]:
            raise Refused("treatment.choose_level")
        return
    for part in line["parts"]:
        typed = value.get(part["id"]) if isinstance(value, Mapping) else value
        figure = decimal(typed)
        least, most = sessions.believed(line["id"], part["id"])
        if figure is None or not least <= figure <= most:
            shown = "" if typed is None else str(typed)[:30]
            bounds = {"least": f"{least:f}", "most": f"{most:f}", "unit": line["unit"]}
            raise Refused("treatment.no_figure", in_field=_field(line["id"], part["id"]), typed=shown, **bounds)


def _field(row: str, part: str) -> str:
    return row if part == "value" else part


def _amount(told: Told, protocol: str) -> None:
    low, high = decimal(told.get("mg_low")), decimal(told.get("mg_high"))
    if low is None or high is None or low > high:
        raise Refused("treatment.amount", in_field="mg_high")
    if told.get("full") is False and not told.get("why"):
        raise Refused("treatment.not_full_why", in_field="why")


def _started(told: Told, protocol: str) -> None:
    high = decimal(told.get("mg_high"))
    if high is None or high == Decimal(0):
        raise Refused("treatment.amount", in_field="mg_high")


def _why(told: Told, protocol: str) -> None:
    if not told.get("why"):
        raise Refused("treatment.say_why", in_field="why")


def _rescue(told: Told, protocol: str) -> None:
    if told.get("kind") not in sessions.rescues() or not told.get("drug"):
        raise Refused("treatment.rescue_what", in_field="drug")
    if told["kind"] != "oxygen" and not decimal(told.get("mg")):
        raise Refused("treatment.rescue_mg", in_field="mg")
    if not told.get("route"):
        raise Refused("treatment.rescue_route", in_field="route")
    if not told.get("ordered_by"):
        raise Refused("treatment.rescue_who", in_field="ordered_by")


def _tried(told: Told, protocol: str) -> None:
    if told.get("whom") not in WHOM or not isinstance(told.get("reached"), bool):
        raise Refused("treatment.tried_whom", in_field="whom")


def _escort_decided(told: Told, protocol: str) -> None:
    if told.get("home") not in set(WayHome) - {WayHome.NOT_KNOWN}:
        raise Refused("treatment.escort_home", in_field="home")
    _why(told, protocol)


def _text(told: Told, protocol: str) -> None:
    if told.get("discarded"):
        _why(told, protocol)
    elif not (told.get("text") or told.get("card") in sessions.cards() or told.get("emergency")):
        raise Refused("treatment.say_what", in_field="text")


def _ended(told: Told, protocol: str) -> None:
    if told.get("outcome") not in list(Outcome):
        raise Refused("treatment.choose_end", in_field="outcome")
    if told["outcome"] == Outcome.NOT_TODAY and told.get("home") == WayHome.NOT_KNOWN:
        raise Refused("treatment.escort_home", in_field="home")


_CHECKS: Mapping[What, Callable[[Told, str], None]] = {
    What.ANSWERED: _answered,
    What.PRESSURE_DECIDED: _pressure_decided,
    What.CHECK: _check,
    What.DOSE: _amount,
    What.INFUSION_STARTED: _started,
    What.INFUSION_ENDED: _amount,
    What.STOPPED: _why,
    What.RESCUE: _rescue,
    What.ESCORT_TRIED: _tried,
    What.ESCORT_DECIDED: _escort_decided,
    What.EVENT: _text,
    What.ENDED: _ended,
    What.REOPENED: _why,
}
