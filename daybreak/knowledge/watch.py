"""How is somebody watched in a treatment, before a clinic asks for more? (`watch.yaml`)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from daybreak.clinical.treatment.checks import Check, Kind, Schedule
from daybreak.clinical.treatment.limits import Feed, Level, Limit, Pace, Sign, Watch
from daybreak.knowledge.store import digest_of, loaded


def _file() -> Mapping[str, Any]:
    return loaded("watch")["watch"]  # type: ignore[no-any-return]


def data(protocol: str) -> Mapping[str, Any]:
    """What the file says of one protocol. LookupError when it says nothing."""
    found = next((one for one in _file()["protocols"] if one["protocol"] == protocol), None)
    if found is None:
        raise LookupError(f"nothing about {protocol!r} in watch.yaml")
    return found  # type: ignore[no-any-return]


def signs() -> tuple[Mapping[str, Any], ...]:
    """The signs as they stand in the file, in its order, with their titles."""
    return tuple(_file()["signs"])


def digest(protocol: str) -> str:
    """The digest of all that a prescriber signs who signs how somebody is watched under this protocol."""
    return digest_of({**_file(), "protocols": data(protocol)})


@cache
def watch() -> Watch:
    """The limits, and how loud what is."""
    file = _file()
    return Watch(
        signs={one["id"]: _sign(one) for one in file["signs"]},
        paces={
            Level[one["id"].upper()]: Pace(timedelta(seconds=one["sound"]), timedelta(seconds=one["escalate"]))
            for one in file["levels"]
        },
        technical={one["id"]: Level[one["level"].upper()] for one in file["technical"]},
        roles=tuple(file["roles"]["in_order"]),
        pause_most=timedelta(seconds=file["pause"]["most"]),
        recheck_most=timedelta(seconds=file["recheck"]["most"]),
    )


def _sign(one: Mapping[str, Any]) -> Sign:
    return Sign(
        one["id"],
        frozenset(one["spelled"]),
        Decimal(one["least"]["is"]),
        Decimal(one["most"]["is"]),
        {each["id"]: _feed(each) for each in one["sources"]},
        tuple(_limit(each) for each in one["limits"]),
    )


def _feed(one: Mapping[str, Any]) -> Feed:
    lost, frozen = (timedelta(seconds=one[name]) if name in one else None for name in ("lost", "frozen"))
    return Feed(one["id"], timedelta(seconds=one["delay"]), timedelta(seconds=one["stale"]), lost, frozen)


def _limit(one: Mapping[str, Any]) -> Limit:
    away = Decimal(one["from_baseline"]) if "from_baseline" in one else None
    return Limit(one["side"], Level[one["level"].upper()], Decimal(one["is"]), away, Decimal(one["back"]))


def schedule(protocol: str) -> Schedule:
    """What is due when, and how long somebody is watched; what no source gives is None, and the clinic has to sign it."""
    told = data(protocol)
    return Schedule(
        from_first=_span(told["watch"].get("from_first")),
        from_last=_span(told["watch"].get("from_last")),
        between_devices=_span(told.get("between_devices")),
        checks=tuple(_check(one) for one in told["checks"]),
        device_late=timedelta(minutes=_file()["device"]["late"]),
    )


def titles(protocol: str) -> Mapping[str, Mapping[str, str]]:
    """What each check is called, by its id and the language."""
    return {one["id"]: one["title"] for one in data(protocol)["checks"]}


def measured_again(protocol: str) -> timedelta:
    """After how long a pressure that is too high before the dose is measured once more."""
    return timedelta(minutes=data(protocol)["gate"]["again"])


def silence() -> tuple[timedelta, timedelta]:
    """Without a word for so long a browser says that nobody is monitoring, and the server that nobody listens."""
    told = _file()["silence"]
    return timedelta(seconds=told["most"]), timedelta(seconds=told["listener"])


def followed() -> timedelta:
    """A session that began longer ago is over for the boards."""
    return timedelta(hours=_file()["followed"]["hours"])


def jump() -> timedelta:
    """A clock that went on by more than this between two looks, or back by more, was set, or stood still."""
    return timedelta(seconds=_file()["jump"]["most"])


def audible_per_hour() -> int:
    """More signals in an hour of one session are too many."""
    return int(_file()["audible"]["most_per_hour"])


def _span(one: Mapping[str, Any] | None) -> timedelta | None:
    return timedelta(minutes=one["minutes"]) if one else None


def _check(one: Mapping[str, Any]) -> Check:
    kind = next(name for name in get_args(Kind) if name in one)
    minutes = one["fresh"] if kind == "before" else 0 if kind == "leaving" else one[kind]
    return Check(
        one["id"],
        kind,
        tuple(one["rows"]),
        timedelta(minutes=minutes),
        early=timedelta(minutes=one["early"]),
        late=timedelta(minutes=one["late"]) if "late" in one else None,
        dosing=one.get("while") == "dosing",
    )
