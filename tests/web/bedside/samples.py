"""Which monitor and which pump stand in the list of the tests that walk through every page?"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

from daybreak.web import ids
from daybreak.web.bedside.models import Binding, Device, Evidence, Kind, Message, Minute, Odd, What
from daybreak.web.people.models import Person, Site
from daybreak.web.treatment.models import Session
from tests.exchange.hl7.pump import programme
from tests.web.bedside.monitor import message
from tests.web.bedside.syringe import message as pumped
from tests.web.switches.samples import everything_on


def make(site: Site, session: Session, by: Person) -> None:
    """Two monitors and a pump that sent something just now; one monitor and the pump belong to the session, which has minutes of
    the one and lines of the other."""
    everything_on(site, by)
    at = datetime.now(UTC)
    common = {"organisation_id": site.organisation_id, "created": at}
    sent = {
        name: message({"spo2": 97, "pulse": 64}, name=name, sent=at, patients=()) for name in ("monitor-1", "monitor-2")
    }
    sent["pump-1"] = pumped(programme("pump-1", rate="525", weight=""), sent=at)
    bindings = {}
    for name, content in sent.items():
        device = Device.objects.create(id=ids.new(), name=name, **common)
        about = {"sender": name, "control": "1", "digest": hashlib.sha256(content).hexdigest()}
        kind = Kind.PUMP if name == "pump-1" else Kind.MONITOR
        if name != "monitor-2":
            told = {"device": device, "session": session, "patients": "[]", "by": by, "kind": kind.value}
            bindings[kind] = Binding.objects.create(id=ids.new(), **told, **common)
        Message.objects.create(
            id=ids.new(), device=device, content=content, monitor=kind is Kind.MONITOR, **about, **common
        )
    for kind, content in ((Odd.UNREADABLE, b"MSH|\x0bnonsense"), (Odd.SAME_ID, sent["monitor-2"])):
        about = {"sender": "gateway", "control": "7", "digest": hashlib.sha256(content).hexdigest()}
        Message.objects.create(id=ids.new(), content=content, odd=kind.value, **about, **common)
    for n in range(3):
        told = {"sign": "spo2", "source": "monitor 150456", "minute": at.replace(second=0) - timedelta(minutes=n + 1)}
        figures = {"median": "97", "least": "95", "most": "98", "values": 60}
        Minute.objects.create(id=ids.new(), binding=bindings[Kind.MONITOR], **told, **figures, **common)
    figures = {"rate": "525", "delivered": "31.2", "concentration": "1"}
    runs = {"figures": figures, "drug": "Ketamine", "product": "ketamine", "runs": "stands"}
    own = {
        "alarm": "own.pump.FLUID_LINE_OCCL",
        "name": "FLUID_LINE_OCCL",
        "text": "Occlusion",
        "priority": "PH",
        "over": False,
    }
    for n, (what, told) in enumerate(((What.RUNS, runs), (What.ALARM, own)), 1):
        line = {"n": n, "what": what.value, "told": json.dumps(told), "taken": at}
        Evidence.objects.create(id=ids.new(), binding=bindings[Kind.PUMP], session=session, **line, **common)
