"""The page on which somebody says which monitor measures the patient of a session, and which pump gives to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from daybreak.exchange.hl7 import Unreadable, read
from daybreak.exchange.hl7.measured import measured, unwatched
from daybreak.exchange.hl7.pumped import of_a_pump
from daybreak.knowledge import watch as knowledge
from daybreak.web import ids
from daybreak.web.access import needs
from daybreak.web.bedside import actions, queries, telling
from daybreak.web.bedside.models import Binding, Device, Kind, Message
from daybreak.web.cockpit.made import OFF
from daybreak.web.cockpit.views import session_of
from daybreak.web.patients import reading
from daybreak.web.people.permissions import Permission
from daybreak.web.posted import key, typed, uuid
from daybreak.web.refusals import Refused
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session
from daybreak.web.words import known


@needs(Permission.RUN_SESSIONS)
@require_http_methods(["GET", "POST"])
def monitor(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The devices that send now, and the one that belongs to the session."""
    session, at = session_of(request, session_id), request.received_at
    problems, status = [], 200
    if request.method == "POST":
        try:
            _does(request, session, at)
            return redirect(f"/sessions/{session.id}/cockpit/")
        except Refused as refused:
            problems, status = [refused.sentence(get_language())], refused.status
    now = treatment.now(session)
    reading.read(
        "bedside_devices", session.patient, who=request.person.id, at=at, object_id=session.id, site=session.site_id
    )
    on, every = switches.at(session), list(queries.in_force())
    bindings = [one for one in every if one.session_id == session.pk]
    pump = next((one for one in bindings if one.kind == Kind.PUMP), None) if Function.PUMPS in on else None
    shown = {
        "session": session,
        "open": now.open,
        "bindings": bindings,
        "pump": telling.of_pump(pump, now, at=at, language=known(get_language())) if pump else None,
        "devices": [
            _device(*one, session, values=Function.VALUES in on, at=at) for one in queries.sending(every, at=at)
        ],
        "off": [said for one, said in OFF.items() if one not in on],
        "problems": problems,
        "key": ids.new(),
        "theme": "night",
    }
    return render(request, "bedside/monitor.html", shown, status=status)


def _does(request: HttpRequest, session: Session, at: datetime) -> None:
    if typed(request, "does") == "unbind":
        binding = Binding.objects.select_related("session").filter(pk=uuid(request, "binding"), session=session).first()
        if binding is None:
            raise Http404
        actions.unbind(binding, by=request.person, at=at)
        return
    device = Device.objects.filter(pk=uuid(request, "device")).first()
    if device is None:
        raise Refused("bedside.choose", in_field="device")
    kind = Kind(typed(request, "kind")) if typed(request, "kind") in list(Kind) else Kind.MONITOR
    actions.bind(session, device, kind=kind, shown=typed(request, "named"), by=request.person, at=at, key=key(request))


def _device(
    device: Device,
    last: datetime,
    bound: Binding | None,
    message: Message | None,
    session: Session,
    *,
    values: bool,
    at: datetime,
) -> dict[str, Any]:
    """What somebody compares with the monitor in front of them: its values now, where these are shown at all. Whose they are is
    not named here."""
    titles = {one["id"]: one for one in knowledge.signs()}
    language, measures, beside, bed, pump = known(get_language()), [], list[str](), "", False
    try:
        reports = read(bytes(message.content)) if message else []
    except Unreadable:
        reports = []
    for one in reports:
        if one.device == device.name:
            bed = bed or " ".join(part for part in one.bed.replace("&", "^").split("^") if part)
            pump = pump or of_a_pump(one)
            beside += unwatched(one)
            measures += [
                (titles[each.sign]["title"][language], each.value or "–" if values else "", each.unit or "?")
                for each in measured(one)
            ]
    return {
        "id": device.pk,
        "name": device.name,
        "named": actions.whose(actions.names(reports, device)),
        "seconds": max(int((at - last).total_seconds()), 0),
        "bed": bed,
        "kind": Kind.PUMP.value if pump else Kind.MONITOR.value,
        "values": measures,
        "beside": beside,
        "mine": bound is not None and bound.session_id == session.pk,
        "elsewhere": bound is not None and bound.session_id != session.pk,
    }
