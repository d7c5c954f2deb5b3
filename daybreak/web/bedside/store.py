"""What happens with the messages that came, many at once? They are judged, then stored by one commit, then acknowledged.

What is judged to be an alarm is written first, each session by itself: it waits neither for the other messages nor for their
commit. What was not stored is answered AE, and its sender sends it again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from daybreak.clinical.treatment.alarms import Says
from daybreak.clinical.treatment.pump import Plan
from daybreak.clinical.treatment.watching import own_values
from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.measured import kinds
from daybreak.knowledge import devices
from daybreak.knowledge import watch as knowledge
from daybreak.web import ids, instant
from daybreak.web.audit import trail
from daybreak.web.bedside import actions, evidence, judging, plans, queries, said
from daybreak.web.bedside.came import Came
from daybreak.web.bedside.judging import Bound, Line, Median
from daybreak.web.bedside.many import insert, known
from daybreak.web.bedside.models import Binding, Device, Kind, Message, Minute, Odd, What, Why
from daybreak.web.bedside.pumping import Pump
from daybreak.web.limits import queries as limits
from daybreak.web.locks import locked
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session, SessionEvent
from daybreak.web.treatment.queries import Now

log = logging.getLogger("daybreak.bedside")

LOOKS_EVERY = 1.0  # seconds between two looks at what is bound
AGAIN_AT_MOST = 5_000  # messages that are judged again after a start


# Of a device that is bound: what it says of alarms, and what it says happened.
News = tuple[Bound, tuple[Says, ...], list[Line]]


class Store:
    """What the process that listens knows between two commits. One thread at a time."""

    def __init__(self) -> None:
        self.bound: dict[str, Bound] = {}
        self.devices: dict[str, UUID] = {}
        self.said_by: dict[int, str] = {}  # by connection, the device that spoke last
        self.unstored: set[str] = set()  # devices of which something was not stored, and no alarm tells so yet
        self.medians: list[tuple[UUID, Median]] = []
        self._looked: float | None = None
        self._organisation: UUID | None = None

    def take(self, came: Sequence[Came]) -> None:
        """Each gets its answer: AA when it is on disk, AE when it is not, AR when it is nothing for us."""
        for one in came:
            one.read()
        try:
            self._look()
            fresh = self._fresh(came)
        except DatabaseError as error:
            self._failed(came, error)
            return
        self._tell_unstored(at=came[-1].at)
        news = [(bound, says, lines, one.at) for one in fresh for bound, says, lines in self._judged(one)]
        for bound, says, lines, at in news:
            self._tell(bound, says, lines, at=at)
        try:
            self._keep(fresh)
        except DatabaseError as error:
            self._failed(came, error)
            self._tell_unstored(at=came[-1].at)
            return
        for one in came:
            one.code = one.answer

    # What is bound

    def _look(self) -> None:
        """Once a second: what is bound by now, and whether the sessions know something new."""
        if self._looked is not None and time.monotonic() - self._looked < LOOKS_EVERY:
            return
        self._looked = time.monotonic()
        every = queries.names_in_force()
        rows = {name: (binding, session, alarms) for binding, name, session, alarms in every}
        for name in self.bound.keys() - {name for name, one in rows.items() if self._has(name, one[0])}:
            del self.bound[name]
        heads = _heads({session for _, session, _ in rows.values()})
        for name, (pk, session_id, alarms) in rows.items():
            seq = heads.get(session_id, 0)
            if name in self.bound:
                self.bound[name].switched(alarms=alarms)
            if name in self.bound and self.bound[name].current(seq):
                continue
            binding = queries.in_force([session_id]).filter(pk=pk).first()
            if binding is None:
                continue
            now = treatment.now(binding.session)
            signed = limits.signed(binding.session.site_id, binding.session.protocol, at=binding.session.created)
            watch = signed.watch if signed else knowledge.watch()
            schedule = signed.schedule if signed else knowledge.schedule(binding.session.protocol)
            about = {"watch": watch, "baseline": own_values(now.events, watch, schedule), "seq": seq}
            there = name in self.bound
            if there:
                self.bound[name].knows(**about)  # type: ignore[arg-type]
            one = (
                self.bound[name]
                if there
                else judging.bound(
                    binding=binding.pk,
                    session=binding.session_id,
                    device=name,
                    patients=queries.patients(binding),
                    told=said.now(binding.session_id),
                    alarms=alarms,
                    at=binding.created,
                    of=Pump if binding.kind == Kind.PUMP else Bound,
                    **about,  # type: ignore[arg-type]
                )
            )
            if isinstance(one, Pump):
                self._plan(one, now)
            if not there:
                self.bound[name] = one
                self._again(one, binding, since=binding.created)

    def _plan(self, one: Pump, now: Now) -> None:
        """What was ordered by now; where that cannot be worked out nothing is known of it, and every other message goes on."""
        try:
            one.plans(plans.plan(now, at=instant.now()))
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the order of session %s could not be worked out: %s", one.session, type(error).__name__)
            one.plans(Plan())

    def _has(self, name: str, binding: UUID) -> bool:
        return name in self.bound and self.bound[name].binding == binding

    def _again(self, one: Bound, binding: Binding, *, since: datetime) -> None:
        """After a start: what it sent in the last minutes is judged again, and its news is told with what comes next. Of a pump
        its last line tells all of that."""
        if isinstance(one, Pump):
            if (last := evidence.last(binding, (What.RUNS, What.EVENT, What.SET))) is not None:
                one.remembers(last.told)
            return
        rows = Message.objects.filter(device=binding.device_id, created__gte=since, odd__in=["", Odd.SAME_ID])
        last = rows.aggregate(last=Max("created"))["last"]
        if last is None:
            return
        told = one.now.told
        near = rows.filter(created__gte=last - devices.again()).order_by("created", "id")[:AGAIN_AT_MOST]
        for row in near.iterator():
            for report in read(bytes(row.content)):
                if report.device == one.device:
                    one.judge(report, at=row.created)
        one.minutes.clear()  # they are written, or were not over
        one.lines.clear()
        one.now = type(one.now)(one.now.state, told, {})

    # What they mean

    def _fresh(self, came: Sequence[Came]) -> list[Came]:
        """Those that are not stored yet, each once; another one under the same id is marked."""
        seen, others = known({one.key for one in came})
        named, found = {(sender, control) for sender, control, _ in seen | others}, []
        for one in came:
            if one.key in seen:
                continue
            seen.add(one.key)
            if one.control and one.odd is None and one.key[:2] in named:
                one.odd = Odd.SAME_ID
            named.add(one.key[:2])
            found.append(one)
        return found

    def _judged(self, one: Came) -> list[News]:
        """What is news, of each device that is bound. What fails holds back no other message, and is an alarm itself."""
        unreadable = one.odd in (Odd.UNREADABLE, Odd.TOO_LONG, Odd.UNFINISHED)
        try:
            found = self._judge(one)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("a message of a device could not be judged: %s", type(error).__name__)
            found, unreadable = [], True
        bound = self.bound.get(self.said_by.get(one.connection, ""))
        alarm = judging.UNREADABLE if unreadable else judging.SAME_ID if one.odd is Odd.SAME_ID else ""
        if bound and alarm and (says := _noted(bound, alarm, at=one.at)):
            found.append((bound, says, []))
        one.judged = time.perf_counter()
        return found

    def _judge(self, one: Came) -> list[News]:
        found: list[News] = []
        for report in one.reports:
            self.said_by[one.connection] = report.device
            bound = self.bound.get(report.device)
            if bound is None:
                continue
            why = Why.OTHER_PATIENT if tuple(sorted(report.patients)) != bound.patients else None
            why = why or (Why.TWO_SENDERS if bound.another_sender(one.connection, report.kind) else None)
            if why is not None:
                self._unbind(bound, why, at=one.at)
                continue
            news = bound.judge(report, at=one.at)
            if news or bound.lines:
                found.append((bound, news, bound.written()))
            self.medians += [(bound.binding, each) for each in bound.over(at=one.at)]
        return found

    def left(self, connection: int) -> None:
        """A connection is over."""
        self.said_by.pop(connection, None)

    # What is written

    def _failed(self, came: Sequence[Came], error: DatabaseError) -> None:
        log.error("the messages of devices cannot be stored: %s", type(error).__name__)
        self.unstored |= {report.device for one in came for report in one.reports}

    def _tell_unstored(self, *, at: datetime) -> None:
        """In the session of each of these devices, as soon as anything can be written again, and not with every message."""
        for name in sorted(self.unstored):
            bound = self.bound.get(name)
            says = _noted(bound, judging.UNSTORED, at=at) if bound else ()
            if bound and says and not self._tell(bound, says, [], at=at):
                del bound.noted[judging.UNSTORED]
                return  # whoever waits for a database that is shut waits once
            self.unstored.discard(name)

    def _tell(self, bound: Bound, says: Sequence[Says], lines: Sequence[Line], *, at: datetime) -> bool:
        """In a transaction of its own; was it told? What could not be is told again with what comes next."""
        try:
            with transaction.atomic():
                session = _locked(bound.session)
                binding = queries.in_force([bound.session]).filter(pk=bound.binding).first()
                if binding is not None:
                    evidence.add(binding, session, lines, at=at)
                    if says:
                        actions.tell(session, list(says), at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("what a device says in session %s could not be told: %s", bound.session, type(error).__name__)
            bound.now = type(bound.now)(bound.now.state, _without(bound.now.told, says), bound.now.quiet)
            bound.lines = [*lines, *bound.lines]
            self._looked = None
            return False
        return True

    def _unbind(self, bound: Bound, why: Why, *, at: datetime) -> None:
        alarm = judging.OTHER_PATIENT if why is Why.OTHER_PATIENT else judging.TWO_SENDERS
        try:
            with transaction.atomic():
                session = _locked(bound.session)
                binding = queries.in_force([bound.session]).filter(pk=bound.binding).first()
                if binding is not None:
                    binding.session = session
                    says = judging.found(alarm, bound.watch, bound.kind) if bound.alarms else None
                    actions.end(binding, why, by=None, at=at, found=says)
            self.bound.pop(bound.device, None)
        except Exception as error:  # as above; the next message of the device finds it again
            log.error("a device of session %s could not be unbound: %s", bound.session, type(error).__name__)

    def _keep(self, fresh: Sequence[Came]) -> None:
        """All of them in one transaction."""
        organisation = self._organisation = self._organisation or _organisation()
        with transaction.atomic():
            self._new_devices({each.device for one in fresh for each in one.reports}, organisation, fresh)
            insert(self._rows(fresh, organisation))
            medians, self.medians = self.medians, []
            Minute.objects.bulk_create(
                [_minute(*one, organisation, fresh[0].at) for one in medians], ignore_conflicts=True
            )

    def _new_devices(self, names: set[str], organisation: UUID, fresh: Sequence[Came]) -> None:
        if not names - self.devices.keys():
            return
        self.devices |= dict(Device.objects.filter(name__in=names).values_list("name", "id"))
        for name in sorted(names - self.devices.keys()):
            row = Device(id=ids.new(), organisation_id=organisation, created=fresh[0].at, name=name)
            row.save(force_insert=True)
            trail.wrote(row, action="device_came", who=None, at=fresh[0].at, via="bedside")
            self.devices[name] = row.id

    def _rows(self, fresh: Sequence[Came], organisation: UUID) -> Iterable[Sequence[Any]]:
        """A row for each device of each message, in the order of the columns, as the database takes it."""
        native, moment = connection.features.has_native_uuid_field, connection.ops.adapt_datetimefield_value
        whose = organisation if native else organisation.hex
        for one in fresh:
            parts: dict[str, set[str]] = {}
            for report in one.reports:
                parts[report.device] = parts.get(report.device, set()) | kinds(report)
            for part, (name, found) in enumerate(parts.items() or [("", set[str]())]):
                id, device = ids.new(), self.devices[name] if name else None
                if not native:
                    id, device = id.hex, device and device.hex
                about = (device, part, one.sender, one.control, one.digest, one.frame.content)
                yield (id, whose, moment(one.at), *about, "monitor" in found, "cuff" in found, one.odd or "")


def _noted(bound: Bound, alarm: str, *, at: datetime) -> tuple[Says, ...]:
    """An alarm about something that is over at once, and not with every message. Empty: it was told lately, or alarms are off."""
    last = bound.noted.get(alarm)
    if not bound.alarms or (last is not None and at - last <= bound.watch.recheck_most):
        return ()
    bound.noted[alarm] = at
    says = judging.found(alarm, bound.watch, bound.kind)
    return says, said.over(says)


def _heads(session_ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = SessionEvent.objects.filter(session__in=list(session_ids)).values("session").annotate(last=Max("seq"))
    return dict(rows.values_list("session", "last"))


def _locked(session_id: UUID) -> Session:
    locked(Session, pk=session_id)
    return Session.objects.select_related("patient", "site").get(pk=session_id)


def _organisation() -> UUID:
    found = queries.organisation()
    if found is None:
        raise DatabaseError("no organisation yet")
    return found.pk


def _without(told: object, says: Sequence[Says]) -> dict[str, Says]:
    again = {one.alarm for one in says}
    return {id: one for id, one in dict(told).items() if id not in again}  # type: ignore[call-overload]


def _minute(binding: UUID, one: Median, organisation: UUID, at: datetime) -> Minute:
    return Minute(
        id=ids.new(),
        organisation_id=organisation,
        created=at,
        binding_id=binding,
        sign=one.sign,
        source=one.source,
        minute=one.minute,
        median=said.figure(one.median),
        least=said.figure(one.values[0]),
        most=said.figure(one.values[-1]),
        values=len(one.values),
    )
