"""What do the devices of the sessions that are shown measure now, as tiles that are sent to their boards?

Each process that makes pages reads every new message once, for all its boards. What is not sent, a browser asks for: then it
looks at the page.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.template.loader import get_template
from django.utils import translation

from daybreak.clinical.treatment.session import State
from daybreak.web import instant
from daybreak.web.bedside import queries as devices
from daybreak.web.bedside.models import Binding
from daybreak.web.bedside.values import Measures
from daybreak.web.cockpit import vitals
from daybreak.web.cockpit.made import kept
from daybreak.web.cockpit.of_session import Around
from daybreak.web.cockpit.shown import Vital
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import queries

ASKS_EVERY = 1.0  # second: which devices belong to the sessions
KEEPS = 60.0  # seconds: so long a device is followed that no board asks for; a board that asks again finds it known
Wanted = tuple[UUID, str]  # a session, and in which language


@dataclass(slots=True)
class Shown:
    """The device of one session, what it measures, and how the session stands after its event `seq`. `wanted`: when a board asked
    for it last, by the running clock."""

    binding: UUID
    session: UUID
    measures: Measures
    last: UUID
    state: State
    around: Around
    seq: int
    wanted: float


class Measured:
    """What one process knows of the devices of the sessions that its boards show. One thread at a time."""

    def __init__(self) -> None:
        self.shown: dict[UUID, Shown] = {}  # by device
        self.last: UUID | None = None
        self._asked: float | None = None
        self._sessions: frozenset[UUID] = frozenset()

    def look(
        self, wants: Collection[Wanted], heads: Mapping[UUID, int], anew: Collection[UUID] = ()
    ) -> dict[Wanted, bytes]:
        """What is sent to the boards that want it: where something came since the last look, and where (`anew`) a board is new
        and may have missed what came since its page was made. `heads`: the last event of each session."""
        at, now, sessions = instant.now(), time.monotonic(), frozenset(session for session, _ in wants)
        self.shown = {name: one for name, one in self.shown.items() if now - one.wanted <= KEEPS}
        if not (sessions or self.shown):
            self.last, self._asked = None, None
            return {}
        if self.last is None:  # before the devices are read: what comes meanwhile is not missed
            self.last, _ = devices.since(None)
        if self._asked is None or sessions != self._sessions or now - self._asked >= ASKS_EVERY:
            self._ask(sessions, heads, now=now)
        self.last, rows = devices.since(self.last)
        grown = set(anew)
        for id, device, created, content in rows:
            one = self.shown.get(device)
            if one is not None and id > one.last:
                one.measures.came(bytes(content), at=created)
                one.last = id
                grown.add(one.session)
        of = {one.session: one for one in self.shown.values() if one.session in grown}
        return {
            (session, language): _sent(of[session], language, at=at) for session, language in wants if session in of
        }

    def _ask(self, sessions: frozenset[UUID], heads: Mapping[UUID, int], *, now: float) -> None:
        """Which devices belong to these sessions by now, where what they measure is shown, and what happened in those."""
        self._asked, self._sessions = now, sessions
        rows = devices.monitors(sessions).filter(switches.is_on(Function.VALUES, site="session__site"))
        before = self.shown
        self.shown = {name: one for name, one in before.items() if one.session not in sessions}
        for binding in rows:
            one, seq = before.get(binding.device_id), heads.get(binding.session_id, 0)
            if one is None or one.binding != binding.pk:
                one = _begun(binding)
            if one.seq != seq:
                one.state, one.seq = queries.now(binding.session).state, seq
            one.wanted = now
            self.shown[binding.device_id] = one


def _begun(binding: Binding) -> Shown:
    watch, _ = kept(binding.session)
    measures = Measures(binding.device.name, watch, at=binding.created)
    before, messages = devices.newest(binding.pk, at=instant.now())
    if messages:
        measures.before(before, at=messages[0].created)
    for one in messages:
        measures.came(bytes(one.content), at=one.created)
    last = max((one.pk for one in messages), default=UUID(int=0))
    state = queries.now(binding.session).state
    return Shown(binding.pk, binding.session_id, measures, last, state, Around(watch), seq=-1, wanted=0.0)


def _sent(one: Shown, language: str, *, at: datetime) -> bytes:
    """Each tile by its name, as it stands on the page."""
    found = vitals.measured(one.state, one.around, one.measures.now(at=at), at=at, language=language)
    with translation.override(language):
        tiles = _tiles(found)
    return f"event: measured\ndata: {json.dumps(tiles)}\n\n".encode()


def _tiles(found: Iterable[Vital]) -> dict[str, str]:
    template = get_template("cockpit/_vital.html")
    return {one.id: template.render({"one": one}) for one in found}
