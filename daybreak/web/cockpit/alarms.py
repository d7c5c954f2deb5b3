"""Which alarms are open in a session, who has seen to them, and who is called next, as they stand on the screen?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daybreak.clinical.treatment.events import Event, What, decimal
from daybreak.clinical.treatment.limits import Level, Watch
from daybreak.clinical.treatment.watching import SOUND, silent
from daybreak.knowledge import sessions
from daybreak.knowledge import watch as watching
from daybreak.knowledge.sentences import number
from daybreak.web import ids
from daybreak.web.bedside import telling
from daybreak.web.bedside.apart import RUNS, STANDS
from daybreak.web.bedside.judging import LOST, OTHER_PATIENT, OWN, SAME_ID, TWO_SENDERS, UNREADABLE, UNSTORED, of
from daybreak.web.bedside.models import Kind
from daybreak.web.cockpit.shown import OpenAlarm
from daybreak.web.cockpit.vitals import age
from daybreak.web.people.models import Person
from daybreak.web.treatment import seeing
from daybreak.web.treatment.alarms import JUMPED, UNCOVERED, UNHEARD
from daybreak.web.treatment.queries import Now
from daybreak.web.treatment.timeline import names
from daybreak.web.words import known, word

OF_ALARMS = frozenset({What.ALARM_RAISED, What.ALARM_ACKNOWLEDGED, What.ALARM_ESCALATED, What.ALARM_RESOLVED})
SIDES = {"above": "cockpit.alarm_above", "below": "cockpit.alarm_below"}
UNUSABLE = "cockpit.alarm_unusable"
# What is so of the site, or of a device, and of no value.
NAMED = {
    UNCOVERED: "cockpit.alarm_no_prescriber",
    UNHEARD: "cockpit.alarm_unheard",
    LOST: "bedside.alarm_lost",
    UNREADABLE: "bedside.alarm_unreadable",
    UNSTORED: "bedside.alarm_unstored",
    of(UNSTORED, Kind.PUMP): "bedside.alarm_unstored",
    SAME_ID: "bedside.alarm_same_id",
    of(SAME_ID, Kind.PUMP): "bedside.alarm_same_id",
    OTHER_PATIENT: "bedside.alarm_patient",
    TWO_SENDERS: "bedside.alarm_two",
    of(LOST, Kind.PUMP): "bedside.pump_lost",
    of(UNREADABLE, Kind.PUMP): "bedside.pump_sends_nonsense",
    of(OTHER_PATIENT, Kind.PUMP): "bedside.pump_patient",
    of(TWO_SENDERS, Kind.PUMP): "bedside.pump_two",
    RUNS: "bedside.pump_runs",
    STANDS: "bedside.pump_stands",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One alarm from the events: when it was raised, how many roles were called after the first, and who has seen to it."""

    id: str
    level: str
    raised: datetime
    told: Mapping[str, Any]
    called: int = 0
    seen: Event | None = None


def standing(now: Now) -> list[Standing]:
    """What was raised and did not end, the loudest and newest first; what nobody has seen to before the rest."""
    found: dict[str, Standing] = {}
    for one in now.events:
        id = str(one.told.get("alarm", ""))
        if one.what == What.ALARM_RAISED:
            found[id] = Standing(id, str(one.told.get("level", "alarm")), one.happened, one.told)
        elif one.what == What.ALARM_RESOLVED:
            found.pop(id, None)
        elif id in found and one.what == What.ALARM_ACKNOWLEDGED:
            found[id] = replace(found[id], seen=one)
        elif id in found and one.what == What.ALARM_ESCALATED:
            found[id] = replace(found[id], called=found[id].called + 1)
    return sorted(found.values(), key=lambda one: (one.seen is not None, one.level != "alarm", -one.raised.timestamp()))


def told(now: Now, *, at: datetime, language: str) -> tuple[OpenAlarm, ...]:
    """The strip of the cockpit."""
    watch, open_ = watching.watch(), standing(now)
    by = [one.seen.by for one in open_ if one.seen and one.seen.by]
    names = dict(Person.objects.filter(pk__in=by).values_list("pk", "display_name")) if by else {}
    who = {str(key): name for key, name in names.items()}
    zone = ZoneInfo(now.session.site.zone)
    return tuple(
        OpenAlarm(
            one.id,
            one.level,
            said(one.id, one.told, language),
            age(at - one.raised, language),
            _called(one, watch, at=at, language=language),
            _seen(one.seen, who, zone, language),
            ids.new(),
        )
        for one in open_
    )


@dataclass(frozen=True, slots=True)
class Quiet:
    """Who has switched the sound off, for how many seconds more, and the same as it is read."""

    who: str
    seconds: int
    left: str


def quiet(now: Now, *, at: datetime, named: bool = True) -> Quiet | None:
    """Is the sound of the session off? `named`: also by whom."""
    found = silent(now.events, watching.watch(), at) if now.open else None
    if found is None:
        return None
    left = math.ceil((found.until - at).total_seconds())
    who = names([found.by]).get(found.by, "–") if named else ""
    return Quiet(who, left, f"{left // 60}:{left % 60:02}")


def said(id: str, told: Mapping[str, Any], language: str) -> str:
    """What an alarm is, in words: a sign with its value and the side, a check that is overdue, or a patient who calls."""
    language = known(language)
    name, _, what = id.partition(".")
    if id == SOUND:
        return word("cockpit.sound_off", language)
    if id == JUMPED:
        which = "cockpit.alarm_set_back" if told.get("back") else "cockpit.alarm_unwatched"
        return word(which, language, minutes=told.get("minutes", "?"))
    if id in NAMED:
        return word(NAMED[id], language)
    if name in (OWN, "pump"):
        return telling.alarm(id, told, language)
    if id == "check.device":
        return word("cockpit.alarm_device", language)
    if name == "check":
        return word("cockpit.alarm_overdue", language)
    if name == "patient":
        call = sessions.calls().get(what)
        return word("cockpit.alarm_called", language, what=call["title"][language] if call else what)
    titles = {one["id"]: one for one in watching.signs()}
    if name not in titles:
        return word("cockpit.alarm_other", language)
    sign, value = titles[name], decimal(told.get("value"))
    title = sign["title"][language]
    if what not in SIDES:
        return word(UNUSABLE, language, sign=title)
    figure = "" if value is None else number(value)
    return word(SIDES[what], language, sign=title, value=figure)


def beside(events: Iterable[Event], language: str) -> dict[int, tuple[str, ...]]:
    """Beside each event of an alarm, by its number: which alarm it is, what was done, and in how many minutes somebody looks."""
    raised: dict[str, Mapping[str, Any]] = {}
    found = {}
    for one in events:
        if one.what not in OF_ALARMS:
            continue
        id = str(one.told.get("alarm", ""))
        if one.what == What.ALARM_RAISED:
            raised[id] = one.told
        within = one.told.get("within")
        again = word("chronicle.looks_again", language, minutes=within) if within else ""
        parts = (said(id, raised.get(id, one.told), language), seeing.said(one.told, language), again)
        found[one.seq] = tuple(part for part in parts if part)
    return found


def _called(one: Standing, watch: Watch, *, at: datetime, language: str) -> str:
    """Who is called next, and when; after the last role everybody has been."""
    if one.called >= len(watch.roles):
        return word("cockpit.called_everybody", language)
    pace = watch.paces[Level.CAUTION if one.level == "caution" else Level.ALARM]
    roles = [word(f"role.{role}", language) for role in watch.roles]
    next_ = roles[one.called + 1] if one.called + 1 < len(roles) else word("cockpit.everybody", language)
    left = max(one.raised + pace.escalate * (one.called + 1) - at, timedelta(0))
    seconds = int(left.total_seconds())
    return word("cockpit.calls_next", language, who=next_, left=f"{seconds // 60}:{seconds % 60:02}")


def _seen(event: Event | None, who: Mapping[str, str], zone: ZoneInfo, language: str) -> str:
    if event is None:
        return ""
    did = seeing.said(event.told, language) or word("cockpit.will_look_again", language)
    told = {"who": who.get(event.by or "", "–"), "did": did, "at": f"{event.happened.astimezone(zone):%H:%M}"}
    return word("cockpit.seen_by", language, **told)
