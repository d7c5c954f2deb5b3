"""The way home has not come: who can be called, what was tried, and for how long is staff still here?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daybreak.clinical.treatment.events import What
from daybreak.web import zones
from daybreak.web.courses import rides
from daybreak.web.courses.state import standing
from daybreak.web.people.models import Site
from daybreak.web.reach import queries as reach
from daybreak.web.treatment import telling, timeline
from daybreak.web.treatment.presence import staffed_until
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word


def shown(now: Now, *, at: datetime, language: str) -> dict[str, Any]:
    """For the page of leaving; while nobody is missing only that nobody is."""
    session = now.session
    if now.state.escort_missing is None:
        return {"missing": False}
    home, contact = standing(session.booking).way_home, reach.reach(session.patient_id)
    since = now.state.escort_missing.seq
    return {
        "missing": True,
        "since": zones.clock(now.state.escort_missing.at),
        "staff": staff(session.site, at=at, language=language),
        "escort": (home.with_name, home.with_phone) if home else ("", ""),
        "contact": (contact.contact_name, contact.contact_phone) if contact else ("", ""),
        "rides": [(one.name, one.phone, one.payer) for one in rides.listed(session.site_id)],
        "tried": [
            (zones.clock(one.happened), timeline.said(one, language, sensitive=False))
            for one in now.events
            if one.what == What.ESCORT_TRIED and one.seq > since
        ],
        "whom": [(id, word(said, language)) for id, said in timeline.WHOM.items()],
    }


def staff(site: Site, *, at: datetime, language: str) -> str:
    """How long a prescriber and a nurse are still here."""
    until = staffed_until(site, at=at)
    if until is None:
        return word("treatment.staff_unknown", language)
    minutes = (until - at) // telling.MINUTE
    return word("treatment.staff_until", language, clock=zones.clock(until), minutes=minutes)
