"""What does the device of a session measure now, how old is it, and is it live?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.clinical.treatment.lag import begun
from daybreak.clinical.treatment.limits import Watch
from daybreak.clinical.treatment.vitals import Condition, shown
from daybreak.exchange.hl7 import Report, read
from daybreak.knowledge import watch as knowledge
from daybreak.web.bedside import judging, queries
from daybreak.web.bedside.judging import Bound
from daybreak.web.bedside.models import Message
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function

Signs = Mapping[str, "Value"]
NIL = UUID(int=0)  # nothing is told of it, so it belongs to nobody


@dataclass(frozen=True, slots=True)
class Value:
    """The newest of a sign. `value` None: there is none that can be used."""

    value: Decimal | None
    condition: Condition
    age: timedelta


def of_session(binding_id: UUID, watch: Watch, *, at: datetime) -> Signs:
    """By sign, of the device of this binding."""
    before, messages = queries.newest(binding_id, at=at)
    return _values(messages, watch, at=at, before=before)


def of_sessions(session_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, Signs]:
    """By session that a device belongs to, of what monitors sent within the time after which it is lost; where what devices
    measure is not shown, nothing."""
    bindings = list(queries.monitors(session_ids).filter(switches.is_on(Function.VALUES, site="session__site")))
    newest = queries.within([one.device_id for one in bindings], since=at - _lost()) if bindings else {}
    found = {}
    for one in bindings:
        sent = [each for each in newest.get(one.device_id, []) if each.created >= one.created]
        found[one.session_id] = _values(sent, knowledge.watch(), at=at)
    return found


class Measures:
    """What one device measures, message after message, judged as they came: how old each value is, and whether it can be used."""

    def __init__(self, device: str, watch: Watch, *, at: datetime) -> None:
        told = {"baseline": {}, "told": {}, "alarms": False, "seq": 0, "at": at, "patients": ()}
        self.bound: Bound = judging.bound(binding=NIL, session=NIL, device=device, watch=watch, **told)

    def before(self, messages: Sequence[Message], *, at: datetime) -> None:
        """How far behind some were that came before the first one, which comes at that moment."""
        sent = [(each.sent, one.created) for one in messages for each in read(bytes(one.content)) if self._mine(each)]
        self.bound.lag = begun((received - when for when, received in sent if when), at=at)

    def came(self, content: bytes, *, at: datetime) -> None:
        """One message of it, and when."""
        for report in read(content):
            if self._mine(report):
                self.bound.judge(report, at=at)
        self.bound.minutes.clear()  # whoever shows values keeps no medians, and writes nothing down
        self.bound.lines.clear()

    def _mine(self, report: Report) -> bool:
        return report.device == self.bound.device

    def now(self, *, at: datetime) -> Signs:
        """By sign."""
        found = {}
        for name, sign in self.bound.watch.signs.items():
            latest = [one for one in self.bound.now.state.latest.values() if one.sign == name]
            if (one := shown(sign, latest, at)) is not None:
                found[name] = Value(one.latest.value, one.condition, one.age)
        return found


def _values(messages: Sequence[Message], watch: Watch, *, at: datetime, before: Sequence[Message] = ()) -> Signs:
    if not messages or messages[0].device is None:
        return {}
    found = Measures(messages[0].device.name, watch, at=messages[0].created)
    found.before(before, at=messages[0].created)
    for one in messages:
        found.came(bytes(one.content), at=one.created)
    return found.now(at=at)


def _lost() -> timedelta:
    found = [one.feeds["monitor"].lost for one in knowledge.watch().signs.values() if "monitor" in one.feeds]
    return max(one for one in found if one is not None)
