"""From when until when was something given, and does a session in which nothing was given count for nothing?"""

from __future__ import annotations

import json
from typing import Any

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.treatment.given import with_times
from daybreak.web.treatment.models import Session, SessionEvent
from tests.web.treatment.steps import MINUTE


def happened(session: Session, what: What, by: Any, at: Any, seq: int) -> None:
    common = {"organisation_id": session.organisation_id, "created": at, "happened": at, "noted": at, "received": at}
    told = {"id": ids.new(), "key": ids.new(), "told": json.dumps({}), "by": by}
    SessionEvent.objects.create(session=session, seq=seq, what=what, **told, **common)


def times() -> Any:
    return with_times(Session.objects.all()).values_list("first", "last").get()


def test_an_infusion_that_was_stopped_ends_then_and_a_stop_alone_is_no_dose(session, nurse, noon) -> None:
    happened(session, What.STOPPED, nurse, noon, 4)
    assert times() == (None, noon), "nothing was given"
    happened(session, What.INFUSION_STARTED, nurse, noon + MINUTE, 5)
    happened(session, What.STOPPED, nurse, noon + 9 * MINUTE, 6)
    assert times() == (noon + MINUTE, noon + 9 * MINUTE)
