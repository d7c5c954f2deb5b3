"""How is somebody watched in a treatment: what alarms, how loudly, and what is due when?"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from daybreak.knowledge.schema.common import Fact, Id, Strict, Words

Level = Literal["caution", "alarm"]
SignName = Literal["systolic", "diastolic", "heart_rate", "spo2", "breaths", "moaa-s", "distress"]
Row = Literal["pressure", "heart_rate", "spo2", "breaths", "moaa-s", "dissociation", "distress"]
Condition = Literal[
    "not_a_number",
    "unit_unknown",
    "implausible",
    "wrong_patient",
    "frozen",
    "stale",
    "lost",
    "overdue",
    "called",
    "unheard",
]
Seconds = Annotated[int, Field(gt=0, le=3600)]
Minutes = Annotated[int, Field(gt=0, le=24 * 60)]
Distance = Annotated[Decimal, Field(gt=0)]


class Number(Fact):
    """One value in the unit of its sign."""

    is_: Decimal = Field(alias="is")


class Source(Fact):
    """How a value from one kind of source ages, and how long it has to lie beyond a limit (seconds)."""

    id: Literal["hand", "cuff", "monitor"]
    delay: Annotated[int, Field(ge=0, le=60)] = 0
    stale: Seconds
    lost: Seconds | None = None
    frozen: Seconds | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Source:
        if self.lost is not None and self.lost <= self.stale:
            raise ValueError(f"{self.id}: a value is stale before it is lost")
        if self.id == "hand" and self.delay:
            raise ValueError("hand: nobody writes a value down twice, so it cannot have to last")
        return self


class Limit(Fact):
    """Beyond `is`, or further than `from_baseline` from the patient's own value, whichever is nearer; ended `back` inside it."""

    side: Literal["above", "below"]
    level: Level
    is_: Decimal = Field(alias="is")
    from_baseline: Distance | None = None
    back: Annotated[Decimal, Field(ge=0)]


class Sign(Strict):
    """One number that is watched; in no other unit is it read."""

    id: SignName
    title: Words
    unit: str
    spelled: Annotated[tuple[str, ...], Field(min_length=1)]
    step: Distance
    least: Number
    most: Number
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    limits: Annotated[tuple[Limit, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _limits_fit(self) -> Sign:
        sides: dict[str, dict[str, Limit]] = {}
        for one in self.limits:
            if one.level in sides.setdefault(one.side, {}):
                raise ValueError(f"{self.id}: {one.level} {one.side} stands twice")
            sides[one.side][one.level] = one
            if not self.least.is_ <= one.is_ <= self.most.is_:
                raise ValueError(f"{self.id}: the limit {one.is_} is not among the values that are believed")
        for side, levels in sides.items():
            if set(levels) != {"caution", "alarm"}:
                raise ValueError(f"{self.id}: {side} needs a caution and an alarm")
            near, far = levels["caution"], levels["alarm"]
            if (near.is_ >= far.is_) if side == "above" else (near.is_ <= far.is_):
                raise ValueError(f"{self.id}: the caution {side} comes before the alarm")
            if (near.from_baseline is None) != (far.from_baseline is None):
                raise ValueError(f"{self.id}: {side} counts from the own value at both levels or at none")
            if near.from_baseline and far.from_baseline and near.from_baseline >= far.from_baseline:
                raise ValueError(f"{self.id}: the caution {side} comes before the alarm")
        return self


class Pace(Fact):
    """How often a level sounds, and when the next role is called (seconds)."""

    id: Level
    sound: Seconds
    escalate: Seconds


class Technical(Fact):
    """How loud a value is that cannot be used, a check that nobody did, a patient who calls, or a site where nobody listens."""

    id: Condition
    level: Level


class Roles(Fact):
    """Who is called one after the other."""

    in_order: Annotated[tuple[Literal["nurse", "prescriber"], ...], Field(min_length=1)]


class Most(Fact):
    """At most so many seconds."""

    most: Seconds


class Late(Fact):
    """So many minutes after its time."""

    late: Annotated[int, Field(gt=0, le=60)]


class Silence(Fact):
    """So long without the server a browser says it, and so long without a browser the server does (seconds)."""

    most: Seconds
    listener: Seconds


class Audible(Fact):
    """More signals in an hour of one session are too many."""

    most_per_hour: Annotated[int, Field(gt=0)]


class Followed(Fact):
    """For so many hours after a session began its boards are told at once of what happens in it."""

    hours: Annotated[int, Field(gt=0)]


class Gate(Fact):
    """The pressure before the dose: by which criterion, what happens outside its range, after how many minutes again."""

    criterion: Id
    outside: Literal["decide", "not"]
    again: Minutes


class Span(Fact):
    """So many minutes."""

    minutes: Minutes


class Watch(Strict):
    """At least so long after the first dose, and after the end of the last; None: the clinic has to say it."""

    from_first: Span | None = None
    from_last: Span | None = None


class Check(Fact):
    """Rows that are due at one kind of moment (minutes)."""

    id: Id
    title: Words
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]
    before: Literal[True] | None = None
    fresh: Minutes | None = None
    after_first: Minutes | None = None
    every: Minutes | None = None
    while_: Literal["dosing", "observing"] | None = Field(default=None, alias="while")
    falling: Minutes | None = None
    leaving: Literal[True] | None = None
    early: Annotated[int, Field(ge=0, le=60)] = 0
    late: Annotated[int, Field(ge=0, le=60)] | None = None

    @model_validator(mode="after")
    def _one_moment(self) -> Check:
        moments = (self.before, self.after_first, self.every, self.falling, self.leaving)
        if sum(one is not None for one in moments) != 1:
            raise ValueError(f"{self.id}: a check has one of before, after_first, every, falling and leaving")
        if (self.before is None) != (self.fresh is None):
            raise ValueError(f"{self.id}: before and fresh stand together")
        if (self.every is None) != (self.while_ is None):
            raise ValueError(f"{self.id}: every and while stand together")
        timed = self.before is None and self.leaving is None
        if timed != (self.late is not None):
            raise ValueError(f"{self.id}: what is due at a minute has late, and nothing else has")
        return self


class ProtocolWatch(Strict):
    """How somebody is watched under one protocol."""

    protocol: Id
    gate: Gate
    between_devices: Span | None = None
    watch: Watch
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids(self) -> ProtocolWatch:
        ids = [one.id for one in self.checks]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.protocol}: a check stands twice")
        if not any(one.before for one in self.checks) or not any(one.leaving for one in self.checks):
            raise ValueError(f"{self.protocol}: somebody looks before the dose and before leaving")
        return self


class WatchFile(Strict):
    signs: Annotated[tuple[Sign, ...], Field(min_length=1)]
    levels: Annotated[tuple[Pace, ...], Field(min_length=2)]
    technical: Annotated[tuple[Technical, ...], Field(min_length=len(get_args(Condition)))]
    roles: Roles
    pause: Most
    recheck: Most
    silence: Silence
    jump: Most
    device: Late
    followed: Followed
    audible: Audible
    protocols: tuple[ProtocolWatch, ...]
