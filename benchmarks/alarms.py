"""How often is somebody called in an hour of a session, and is any value missed that should have called them?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from benchmarks.measure import Row
from daybreak.clinical.treatment.alarms import Acknowledge, State, What, begin, step, with_baseline
from daybreak.clinical.treatment.limits import Level, Watch, beyond
from daybreak.clinical.treatment.vitals import Reading
from daybreak.knowledge.watch import audible_per_hour, watch

IDS = ("alarms-per-hour",)
HOURS = 1_000
PLAIN_HOURS = 100
SESSION = timedelta(hours=2)
BEGINS = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=1)  # everything by hand, more often than anybody writes it down; pressure every five minutes
PRESSURE_EVERY = 5
SEEN_AFTER = (20, 90)  # seconds until a nurse acknowledges
# How far infusions raised the pressure: mean and deviation as Yale published them (knowledge: yale-pressure).
RISE = {"systolic": (16.0, 11.2), "diastolic": (11.0, 8.45)}
UNIT = {"systolic": "mm[Hg]", "diastolic": "mm[Hg]", "heart_rate": "/min", "spo2": "%"}


def rows(only: str | None = None) -> list[Row]:
    """The one figure."""
    return [per_hour()] if only in (None, *IDS) else []


def per_hour(hours: int = HOURS) -> Row:
    """As it is shipped, against the same limits without hysteresis."""
    heard, missed = _replay(watch(), hours)
    plain, _ = _replay(_plain(watch()), min(hours, PLAIN_HOURS))
    ours, theirs = heard / hours, plain / min(hours, PLAIN_HOURS)
    goal = audible_per_hour()
    return Row(
        id="alarms-per-hour",
        what=f"signals in an hour of a session over {hours:,} made-up hours, {missed} values missed",
        unit="1/h",
        ours=ours,
        against="the same without hysteresis",
        theirs=theirs,
        ratio=ours / theirs if theirs else 0.0,
        goal=f"under {goal}, none missed",
        reached=ours < goal and missed == 0,
        n=hours,
        spread=0.0,
    )


def _plain(found: Watch) -> Watch:
    signs = {
        id: replace(sign, limits=tuple(replace(one, back=Decimal(0)) for one in sign.limits))
        for id, sign in found.signs.items()
    }
    return replace(found, signs=signs)


def _replay(found: Watch, hours: int) -> tuple[int, int]:
    """Signals, and values beyond an alarm limit without an open alarm."""
    chance = random.Random(14)
    heard = missed = 0
    for _ in range(hours * 3600 // int(SESSION.total_seconds())):
        one, two = _session(found, chance)
        heard, missed = heard + one, missed + two
    return heard, missed


def _session(found: Watch, chance: random.Random) -> tuple[int, int]:
    own = {"systolic": chance.gauss(124, 11), "diastolic": chance.gauss(78, 7), "heart_rate": chance.gauss(74, 9)}
    own["spo2"] = min(99.0, chance.gauss(97.5, 1))
    state = with_baseline(begin("p", at=BEGINS), {sign: Decimal(round(value)) for sign, value in own.items()})
    heard = missed = 0
    waits: dict[str, datetime] = {}
    for now, event in _sent(own, chance):
        state, changes = step(state, event, found, now)
        heard += sum(one.what is What.SOUNDED for one in changes)
        missed += _missed(state, event, found)
        for id, alarm in state.alarms.items():
            if alarm.acknowledged is None:
                waits.setdefault(id, now + timedelta(seconds=chance.randint(*SEEN_AFTER)))
        for id in [id for id, when in waits.items() if when <= now]:
            del waits[id]
            if id in state.alarms and state.alarms[id].acknowledged is None:
                state, changes = step(state, Acknowledge(id, "nurse", did="looked"), found, now)
                heard += sum(one.what is What.SOUNDED for one in changes)
    return heard, missed


def _sent(own: dict[str, float], chance: random.Random) -> Iterator[tuple[datetime, Reading]]:
    """A session: the pressure rises until 40 minutes and falls, the pulse goes with it, breathing dips now and then."""
    rise = {sign: chance.gauss(mean, spread) for sign, (mean, spread) in RISE.items()}
    dip = chance.randrange(0, 120) if chance.random() < 0.05 else None
    for n in range(SESSION // EVERY):
        now = BEGINS + n * EVERY
        minutes = n * EVERY.total_seconds() / 60
        shape = minutes / 40 if minutes < 40 else max(0.0, 1 - (minutes - 40) / 60)
        low = 7.0 if dip is not None and 0 <= n - dip < 2 else 0.0
        values = {"heart_rate": own["heart_rate"] + 4 * shape + chance.gauss(0, 2.5)}
        values["spo2"] = min(100.0, own["spo2"] - low - shape + chance.gauss(0, 0.6))
        if n % PRESSURE_EVERY == 0:
            values |= {sign: own[sign] + rise[sign] * shape + chance.gauss(0, 5) for sign in rise}
        for sign, value in values.items():
            yield now, Reading(sign, round(value), UNIT[sign], "hand", "p", n, now)


def _missed(state: State, event: Reading, found: Watch) -> int:
    """Alarm limits that the value is beyond without an alarm that says so."""
    sign = found.signs[event.sign]
    count = 0
    for limit in (one for one in sign.limits if one.level is Level.ALARM):
        id = f"{sign.id}.{limit.side}"
        if not beyond(limit, Decimal(event.value), state.baseline[sign.id]):
            continue
        there = state.alarms.get(id)
        count += there is None or event.source not in there.present
    return count
