"""Which monitor stands in the list of the tests that walk through every page?"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from daybreak.web import ids
from daybreak.web.bedside.models import Binding, Device, Message
from daybreak.web.people.models import Person, Site
from daybreak.web.treatment.models import Session
from tests.web.bedside.monitor import message
from tests.web.switches.samples import everything_on


def make(site: Site, session: Session, by: Person) -> None:
    """Two that sent something just now; one of them belongs to the session."""
    everything_on(site, by)
    at = datetime.now(UTC)
    common = {"organisation_id": site.organisation_id, "created": at}
    for name in ("monitor-1", "monitor-2"):
        device = Device.objects.create(id=ids.new(), name=name, **common)
        content = message({"spo2": 97, "pulse": 64}, name=name, sent=at, patients=())
        about = {"sender": "Monitor", "control": "1", "digest": hashlib.sha256(content).hexdigest(), "monitor": True}
        if name == "monitor-1":
            Binding.objects.create(id=ids.new(), device=device, session=session, patients="[]", by=by, **common)
        Message.objects.create(id=ids.new(), device=device, content=content, **about, **common)
