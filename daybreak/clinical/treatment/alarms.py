"""Which alarms are there, who has seen to them, and who is called next?

Pure: what happens comes in one by one with the time at which it is known here, and changes come out. An alarm is latched: it
stays until a named person acknowledges it, also when its cause is gone. Nothing late, unreadable or absent ends one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from daybreak.clinical.answers import Reason
from daybreak.clinical.treatment.limits import Level, Limit, Line, Side, Sign, Watch, beyond, inside, line
from daybreak.clinical.treatment.vitals import Condition, Latest, Reading, condition, follow, newer, read

EVERYBODY = "everybody"
ZERO = timedelta(0)
SIDES: tuple[Side, ...] = ("above", "below")


class What(StrEnum):
    """What may change."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    EASED = "eased"
    RESOLVED = "resolved"
    SOUNDED = "sounded"
    PAUSED = "paused"
    SOUND_ON = "sound_on"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who has seen to it, when, what they did about it, and when it comes back if it is still there."""

    by: str
    at: datetime
    did: str
    again: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. `present`: the sources that still say so; `escalated`: how many roles after the first were called."""

    id: str
    level: Level
    raised: datetime
    present: frozenset[str]
    value: Decimal | None = None
    line: Line | None = None
    escalated: int = 0
    acknowledged: Acknowledged | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed, of which alarm (None: of the sound); `role`: who is called now."""

    what: What
    at: datetime
    alarm: Alarm | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Somebody sees to an alarm: with what they do, or with when they look again (`within`), or both."""

    alarm: str
    by: str
    did: str = ""
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Somebody switches the sound off for a while."""

    by: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Instead:
    """What was told of a sign from one source is corrected: its newest value is that of `reading`, or there is none."""

    sign: str
    source: str
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Says:
    """What was judged elsewhere, from a device that sends by itself: which of its sources say so now, which no longer do."""

    alarm: str
    level: Level
    sources: frozenset[str]
    gone: frozenset[str] = frozenset()
    value: Decimal | None = None
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """The checks that are overdue now, all of them."""

    checks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Called:
    """The patient calls: `what` they tapped."""

    what: str


Happened = Reading | Acknowledge | Pause | Instead | Says | Overdue | Called | None  # None: time went on


@dataclass(frozen=True, slots=True)
class State:
    """All that has to be known to go on. `baseline`: the patient's own values; `loudest`: the highest level of each
    alarm so far, and when the newest value was taken that was beyond it; `clock`: what the clock said last."""

    patient: str
    now: datetime
    baseline: Mapping[str, Decimal] = field(default_factory=dict)
    latest: Mapping[tuple[str, str], Latest] = field(default_factory=dict)
    pending: Mapping[tuple[str, str, Level], datetime] = field(default_factory=dict)
    alarms: Mapping[str, Alarm] = field(default_factory=dict)
    loudest: Mapping[str, tuple[Level, datetime]] = field(default_factory=dict)
    sounded: datetime | None = None
    silent_by: str = ""
    silent_until: datetime | None = None
    clock: datetime | None = None


class NotTaken(Exception):
    """An acknowledgement or a pause that cannot be taken, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.id)
        self.reason = reason


def step(state: State, event: Happened, watch: Watch, now: datetime) -> tuple[State, tuple[Change, ...]]:
    """The state after the event, and what changed. A clock that was set back moves nothing back, and time goes on by it
    all the same: nothing falls silent for an hour. Raises `NotTaken`."""
    return steps(state, (event,), watch, now)


def steps(state: State, events: Iterable[Happened], watch: Watch, now: datetime) -> tuple[State, tuple[Change, ...]]:
    """The same after several that came at one moment, as the values of one message do."""
    went = max(now - (state.clock or now), ZERO)
    draft = _Draft(replace(state, clock=now), watch, now if now >= state.now else state.now + went)
    for event in events:
        draft.take(event)
    draft.time()
    return draft.state(), tuple(draft.changes)


class _Draft:
    """The state while one event is worked in."""

    def __init__(self, state: State, watch: Watch, now: datetime) -> None:
        self.before, self.watch, self.now = state, watch, now
        self.latest, self.pending = dict(state.latest), dict(state.pending)
        self.alarms, self.loudest = dict(state.alarms), dict(state.loudest)
        self.sounded, self.silent_by, self.silent_until = state.sounded, state.silent_by, state.silent_until
        self.new = False  # was something raised that has not sounded yet?
        self.changes: list[Change] = []

    def state(self) -> State:
        return replace(
            self.before,
            now=self.now,
            latest=self.latest,
            pending=self.pending,
            alarms=self.alarms,
            loudest=self.loudest,
            sounded=self.sounded,
            silent_by=self.silent_by,
            silent_until=self.silent_until,
        )

    def tell(self, what: What, alarm: Alarm | None = None, role: str = "") -> None:
        self.changes.append(Change(what, self.now, alarm, role))

    # What comes in

    def take(self, event: Happened) -> None:
        if isinstance(event, Reading):
            self.reading(event)
        elif isinstance(event, Acknowledge):
            self.acknowledge(event)
        elif isinstance(event, Pause):
            self.pause(event)
        elif isinstance(event, Instead):
            self.instead(event)
        elif isinstance(event, Says):
            self.says(event)
        elif isinstance(event, Overdue):
            self.overdue(event.checks)
        elif isinstance(event, Called):
            self.called(event.what)

    def reading(self, event: Reading) -> None:
        sign = self.watch.signs[event.sign]
        place = (event.sign, event.source)
        before = self.latest.get(place)
        value, found = read(event, sign, patient=self.before.patient)
        taken = self.now - max(event.age, ZERO)
        if before and (before.sequence, before.value, before.condition) == (event.sequence, value, found):
            return  # the same once more
        late = not newer(event, before, taken=taken)
        if not late:
            self.latest[place] = follow(event, before, value=value, condition=found, taken=taken)
        if value is None:
            self.unusable(sign, event.source, found, late=late)
            return
        for side in SIDES:
            if late:
                self.late(sign, side, event.source, value, taken=taken)
            else:
                self.newest(sign, side, event.source, value)

    def instead(self, event: Instead) -> None:
        """What was corrected is forgotten as if it had not been said; no alarm ends by it, and what is left may raise one."""
        self.latest.pop((event.sign, event.source), None)
        own = {key for key in self.pending if key[0].startswith(f"{event.sign}.") and key[1] == event.source}
        self.pending = {key: at for key, at in self.pending.items() if key not in own}
        if event.reading is not None:
            self.reading(event.reading)

    def says(self, event: Says) -> None:
        """It raises what is not there yet, or louder than it is; when no source says so any more it ends as any other."""
        alarm = self.alarms.get(event.alarm)
        present = ((alarm.present if alarm else frozenset()) - event.gone) | event.sources
        if event.sources and (alarm is None or event.level > alarm.level):
            self.raise_(event.alarm, event.level, present, event.value, event.line, taken=self.now)
        elif alarm is not None:
            self.alarms[event.alarm] = replace(alarm, present=present)

    def acknowledge(self, event: Acknowledge) -> None:
        alarm = self.alarms.get(event.alarm)
        if alarm is None:
            raise NotTaken(Reason("alarm.over"))
        if alarm.acknowledged is not None:
            raise NotTaken(Reason("alarm.acknowledged_already"))
        if not event.did.strip() and event.within is None:
            raise NotTaken(Reason("alarm.nothing_done"))
        most = self.watch.recheck_most
        within = most if event.within is None else max(ZERO, min(event.within, most))
        seen = Acknowledged(event.by, self.now, event.did.strip(), self.now + within)
        self.alarms[alarm.id] = replace(alarm, acknowledged=seen)
        self.tell(What.ACKNOWLEDGED, self.alarms[alarm.id])

    def pause(self, event: Pause) -> None:
        if self.silent_until is not None and self.now < self.silent_until:
            raise NotTaken(Reason("alarm.paused_already"))
        if self.silent_until is not None:  # it has just ended: between two pauses it is heard
            self.sound_on()
            self.sound()
        self.silent_by = event.by
        self.silent_until = self.now + max(ZERO, min(event.lasts, self.watch.pause_most))
        self.tell(What.PAUSED)

    def overdue(self, checks: frozenset[str]) -> None:
        told = {f"check.{one}" for one in checks}
        for id in sorted(told - self.alarms.keys()):
            self.raise_(id, self.watch.technical["overdue"], frozenset({"clock"}), taken=self.now)
        for id, alarm in self.alarms.items():
            if id.startswith("check."):
                self.alarms[id] = replace(alarm, present=frozenset({"clock"}) if id in told else frozenset())

    def called(self, what: str) -> None:
        """Another call of somebody who waits sounds again, and does not begin the wait anew."""
        alarm = self.alarms.get(f"patient.{what}")
        if alarm is None or alarm.acknowledged is not None:
            self.raise_(f"patient.{what}", self.watch.technical["called"], frozenset(), taken=self.now)
        if self.silent_until is not None:
            self.sound_on()
        self.new = True

    # What it means

    def newest(self, sign: Sign, side: Side, source: str, value: Decimal) -> None:
        """The newest value of a source raises, keeps, eases or ends its alarm of that side."""
        id, limits, own = f"{sign.id}.{side}", sign.of(side), self.before.baseline.get(sign.id)
        for limit in limits:
            if beyond(limit, value, own):
                self.pending.setdefault((id, source, limit.level), self.now)
            else:
                self.pending.pop((id, source, limit.level), None)
        self.lasted(sign, side, source)
        alarm = self.alarms.get(id)
        if alarm is None:
            return
        if all(inside(one, value, own) for one in limits):
            self.alarms[id] = replace(alarm, present=alarm.present - {source})
            return
        left = max(self.left(sign, side, one) for one in alarm.present | {source})
        if alarm.acknowledged is not None and left < alarm.level:
            self.alarms[id] = replace(alarm, level=left)
            self.tell(What.EASED, self.alarms[id])

    def left(self, sign: Sign, side: Side, source: str) -> Level:
        """How loud what the source says is by now; what nobody can read, or is corrected away, is as loud as can be."""
        latest, own = self.latest.get((sign.id, source)), self.before.baseline.get(sign.id)
        if latest is None or latest.value is None:
            return Level.ALARM
        value = latest.value
        return max((one.level for one in sign.of(side) if not inside(one, value, own)), default=Level.CAUTION)

    def lasted(self, sign: Sign, side: str, source: str) -> None:
        """The furthest limit that the source's value has been beyond for long enough is passed."""
        id, value = f"{sign.id}.{side}", self.latest[sign.id, source].value
        since = {one: self.pending.get((id, source, one.level)) for one in sign.limits if one.side == side}
        over = [one for one, at in since.items() if at is not None and self.now - at >= sign.feed(source).delay]
        if over and value is not None:
            self.cross(id, max(over, key=lambda one: one.level), source, value)

    def cross(self, id: str, limit: Limit, source: str, value: Decimal) -> None:
        """A limit is passed for long enough: another alarm, or the same one louder, or one more source that says so."""
        alarm, taken = self.alarms.get(id), self.latest[id.partition(".")[0], source].taken
        if alarm is None or limit.level > alarm.level:
            present = {source} | (alarm.present if alarm else frozenset())
            own = self.before.baseline.get(id.partition(".")[0])
            self.raise_(id, limit.level, frozenset(present), value, line(limit, own), taken=taken)
        else:
            self.alarms[id] = replace(alarm, present=alarm.present | {source})
            level, until = self.loudest[id]
            self.loudest[id] = (level, max(taken, until))

    def late(self, sign: Sign, side: Side, source: str, value: Decimal, *, taken: datetime) -> None:
        """What comes late ends nothing. It raises what was not known yet, if one value is enough, and as ended if it is."""
        id, own = f"{sign.id}.{side}", self.before.baseline.get(sign.id)
        passed = [one for one in sign.of(side) if beyond(one, value, own)]
        if not passed or sign.feed(source).delay:
            return
        worst, alarm = max(passed, key=lambda one: one.level), self.alarms.get(id)
        level, until = self.loudest.get(id, (0, taken))
        if worst.level > level or (alarm is None and taken > until):
            last = self.latest[sign.id, source].value
            over = last is not None and all(inside(one, last, own) for one in sign.of(side))
            present = alarm.present if alarm else frozenset()
            self.raise_(id, worst.level, present if over else present | {source}, value, line(worst, own), taken=taken)

    def unusable(self, sign: Sign, source: str, found: Condition, *, late: bool) -> None:
        """A value that cannot be used is an alarm; what it would have said is not known, so it ends none."""
        id = f"{sign.id}.{found.value}"
        if id not in self.alarms and not (late and id in self.loudest):
            present = frozenset() if late else frozenset({source})
            self.raise_(id, self.watch.technical[found.value], present, taken=self.now)

    def raise_(
        self,
        id: str,
        level: Level,
        present: frozenset[str],
        value: Decimal | None = None,
        line: Line | None = None,
        *,
        taken: datetime,
    ) -> None:
        """A new alarm under that name, unseen and not escalated; also in the place of one that was seen."""
        alarm = Alarm(id, level, self.now, present, value, line)
        self.alarms[id] = alarm
        highest, until = self.loudest.get(id, (level, taken))
        self.loudest[id] = (max(level, highest), max(taken, until))
        self.new = True
        if level is Level.ALARM and self.silent_until is not None:
            self.sound_on()  # a new alarm is not hidden behind the pause of an older one
        self.tell(What.RAISED, alarm, self.watch.roles[0])

    def sound_on(self) -> None:
        """The pause is over: what was raised meanwhile is heard now."""
        self.new = True
        self.silent_by, self.silent_until = "", None
        self.tell(What.SOUND_ON)

    # What time does

    def time(self) -> None:
        """What is due by now: delays that are over, values that grew old, alarms that come back, end, escalate and sound."""
        for id, source in sorted({(id, source) for id, source, _ in self.pending}):
            name, _, side = id.partition(".")
            self.lasted(self.watch.signs[name], side, source)
        self.old()
        for alarm in list(self.alarms.values()):
            seen = alarm.acknowledged
            if seen is None:
                self.escalate(alarm)
            elif not alarm.present:
                del self.alarms[alarm.id]
                self.tell(What.RESOLVED, alarm)
            elif self.now >= seen.again:
                self.raise_(alarm.id, alarm.level, alarm.present, alarm.value, alarm.line, taken=alarm.raised)
        if self.silent_until is not None and self.now >= self.silent_until:
            self.sound_on()
        self.sound()

    def old(self) -> None:
        """What a source's newest value is worth now. What a hand wrote down grows old by itself: the check that is due alarms."""
        for (name, source), latest in self.latest.items():
            feed = self.watch.signs[name].feed(source)
            found = condition(latest, feed, self.now)
            if found is Condition.STALE and feed.lost is None:
                continue
            for one in (x for x in Condition if x is not Condition.OK):
                id = f"{name}.{one.value}"
                alarm = self.alarms.get(id)
                if alarm is None and one is found:
                    self.raise_(id, self.watch.technical[one.value], frozenset({source}), taken=self.now)
                elif alarm is not None:
                    says = alarm.present | {source} if one is found else alarm.present - {source}
                    self.alarms[id] = replace(alarm, present=says)

    def escalate(self, alarm: Alarm) -> None:
        """The next role for each interval that went by; after the last one everybody, once."""
        roles = (*self.watch.roles, EVERYBODY)
        steps = min((self.now - alarm.raised) // self.watch.paces[alarm.level].escalate, len(roles) - 1)
        for n in range(alarm.escalated, steps):
            self.alarms[alarm.id] = replace(alarm, escalated=n + 1)
            self.tell(What.ESCALATED, self.alarms[alarm.id], roles[n + 1])

    def sound(self) -> None:
        """One signal for all that nobody has seen to: at once for what is new, then at the pace of the loudest."""
        open_ = [one.level for one in self.alarms.values() if one.acknowledged is None]
        if not open_ or self.silent_until is not None:
            return
        if self.new or self.sounded is None or self.now - self.sounded >= self.watch.paces[max(open_)].sound:
            self.sounded = self.now
            self.tell(What.SOUNDED)


def begin(patient: str, *, at: datetime, baseline: Mapping[str, Decimal] | None = None) -> State:
    """Nothing is known yet."""
    return State(patient, at, baseline or {})


def with_baseline(state: State, baseline: Mapping[str, Decimal]) -> State:
    """The same with the patient's own values, once they are known."""
    return replace(state, baseline=baseline)
