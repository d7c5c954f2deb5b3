"""Which devices are there, to which session do they belong, and what did they send last?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from daybreak.clinical.treatment.limits import Watch
from daybreak.knowledge import pumps
from daybreak.knowledge.devices import again
from daybreak.web.bedside.models import Binding, Device, Evidence, Kind, Message, Minute, Odd
from daybreak.web.people.models import Organisation
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function

RECENT = timedelta(minutes=5)  # a device that was silent for longer is not offered
AT_ONCE = 5000  # messages that are looked at together
A_FEW = 8  # messages of one kind, the newest; a monitor may spread what it measures over several


def in_force(session_ids: Iterable[UUID] | None = None) -> QuerySet[Binding]:
    """The bindings that hold; of these sessions, or all. Of a session there is at most one of each kind."""
    found = Binding.objects.filter(end__isnull=True).select_related("device", "session")
    return (found if session_ids is None else found.filter(session__in=list(session_ids))).order_by("created", "id")


def names_in_force() -> list[tuple[UUID, str, UUID, bool]]:
    """Of each binding that holds: its id, the name of its device, its session, and whether what it says alarms there."""
    rows = Binding.objects.filter(end__isnull=True).values_list(
        "pk", "device__name", "session", "session__site", "kind"
    )
    every = list(rows)
    sites = alarming() if every else {}
    return [(pk, name, session, site in sites[Kind(kind)]) for pk, name, session, site, kind in every]


def alarming() -> dict[Kind, frozenset[UUID]]:
    """By kind of device, the sites at which what it says alarms: of a pump where pumps are on as well."""
    alarms = switches.sites_with(Function.ALARMS)
    return {Kind.MONITOR: alarms, Kind.PUMP: alarms & switches.sites_with(Function.PUMPS)}


def patients(binding: Binding) -> tuple[str, ...]:
    """The ids that the device named for its patient when it was bound."""
    return tuple(json.loads(binding.patients))


def sending(
    bindings: Iterable[Binding], *, at: datetime
) -> list[tuple[Device, datetime, Binding | None, Message | None]]:
    """The devices that sent something lately, when they did last, to which of the bindings they belong, and what that was; the
    newest first."""
    rows = Message.objects.filter(created__gt=at - RECENT, device__isnull=False).values("device")
    last = dict(rows.annotate(last=Max("created")).values_list("device", "last"))
    bound = {one.device_id: one for one in bindings}
    of_it = Message.objects.filter(device=OuterRef("pk")).exclude(odd=Odd.UNREADABLE).order_by("-created", "-id")
    devices = Device.objects.filter(pk__in=last).annotate(newest=Subquery(of_it.values("pk")[:1]))
    every = list(devices)
    said = Message.objects.in_bulk([one.newest for one in every])  # type: ignore[attr-defined]
    found = [(one, last[one.pk], bound.get(one.pk), said.get(one.newest)) for one in every]  # type: ignore[attr-defined]
    return sorted(found, key=lambda one: one[1], reverse=True)


def bound() -> Subquery:
    """The binding of its monitor that holds. Asked with the session, so that a page asks once."""
    return Subquery(monitors().filter(session=OuterRef("pk")).values("pk")[:1])


def bound_pump() -> Subquery:
    """The same of its pump."""
    return Subquery(pumps_of().filter(session=OuterRef("pk")).values("pk")[:1])


def evidence_there() -> Exists:
    """Has a device ever said that something happened in it? Asked in the same way."""
    return Exists(Evidence.objects.filter(session=OuterRef("pk")))


def measured() -> Exists:
    """Has a device of it measured anything for a minute?"""
    return Exists(Minute.objects.filter(binding__session=OuterRef("pk")))


def monitors(session_ids: Iterable[UUID] | None = None) -> QuerySet[Binding]:
    """The same of what measures."""
    return in_force(session_ids).filter(kind=Kind.MONITOR.value)


def pumps_of(session_ids: Iterable[UUID] | None = None) -> QuerySet[Binding]:
    """The same of what gives."""
    return in_force(session_ids).filter(kind=Kind.PUMP.value)


def last_few(binding: Binding) -> list[Message]:
    """The newest messages of a bound device since it was bound, the oldest first."""
    rows = Message.objects.filter(device=binding.device_id, created__gte=binding.created, odd__in=["", Odd.SAME_ID])
    return list(reversed(rows.order_by("-created", "-id")[:A_FEW]))


def newest(binding_id: UUID, *, at: datetime) -> tuple[list[Message], list[Message]]:
    """The last messages of a bound device since it was bound, of each kind of value; and before them the first of those that
    came lately, by which it is known whether the last ones had waited. The oldest first."""
    rows = Message.objects.filter(device__bindings=binding_id, created__gte=F("device__bindings__created"))
    each = [rows.filter(**{kind: True}).order_by("-created").values("pk")[:A_FEW] for kind in ("monitor", "cuff")]
    each.append(rows.filter(created__gte=at - again()).order_by("created").values("pk")[:A_FEW])
    wanted = Q(pk__in=each[0]) | Q(pk__in=each[1]) | Q(pk__in=each[2])
    found = list(Message.objects.filter(wanted).select_related("device").order_by("created", "id"))
    last = {one.pk for kind in ("monitor", "cuff") for one in [x for x in found if getattr(x, kind)][-A_FEW:]}
    return [one for one in found if one.pk not in last], [one for one in found if one.pk in last]


def since(id: UUID | None) -> tuple[UUID | None, list[tuple[UUID, UUID, datetime, bytes]]]:
    """What was stored after the message of that id, in order: id, device, when and bytes; and after which one to ask next. None:
    from now on. Keys are made as messages are stored."""
    if id is None:
        return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or UUID(int=0), []
    rows = Message.objects.filter(pk__gt=id, device__isnull=False, odd__in=["", Odd.SAME_ID]).order_by("pk")
    found = list(rows.values_list("pk", "device", "created", "content")[:AT_ONCE])
    return (found[-1][0] if found else id), found


def within(device_ids: Iterable[UUID], *, since: datetime) -> dict[UUID, list[Message]]:
    """The last messages with values of a monitor of each of these devices since then, the oldest first."""
    rows = Message.objects.filter(device__in=list(device_ids), created__gte=since, monitor=True).order_by(
        "-created", "-id"
    )
    found: dict[UUID, list[Message]] = {}
    for row in rows.order_by("-created", "-id"):
        if row.device_id and len(found.setdefault(row.device_id, [])) < A_FEW:
            found[row.device_id].insert(0, row)
    return found


def last_of(device: Device) -> Message | None:
    """Its newest message."""
    return Message.objects.filter(device=device).exclude(odd=Odd.UNREADABLE).order_by("-created", "-id").first()


def silent(binding: Binding, watch: Watch, *, at: datetime) -> bool:
    """Has the device of this binding sent nothing for longer than any of its values may wait? Which of them it sends is known
    from what came since it was bound; before anything came it is a monitor."""
    rows = Message.objects.filter(device=binding.device_id, created__gte=binding.created)
    last = rows.aggregate(last=Max("created"), monitor=Max("created", filter=Q(monitor=True)))
    if binding.kind == Kind.PUMP:
        return bool(at - (last["last"] or binding.created) > pumps.lost())
    kind = "cuff" if last["last"] and not last["monitor"] else "monitor"
    limits = [one.feeds[kind].lost for one in watch.signs.values() if kind in one.feeds]
    most = min(one for one in limits if one is not None)
    return bool(at - (last["last"] or binding.created) > most)


def organisation() -> Organisation | None:
    """The one organisation of this database; None before it is set up."""
    return Organisation.objects.order_by("created").first()
