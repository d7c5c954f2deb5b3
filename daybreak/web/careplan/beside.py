"""What of the plan of care stands beside the ratings, and at the time-out?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from daybreak.knowledge.careplan import beside, topics
from daybreak.web import zones
from daybreak.web.careplan import queries
from daybreak.web.patients.models import Patient
from daybreak.web.words import known


def told(patient: Patient, *, at: datetime, language: str) -> dict[str, Any] | None:
    """The topics that data name for it, as they were answered, and when it is looked at again; None without a plan."""
    now = queries.plan(patient)
    if now is None:
        return None
    said, language = queries.answers(now), known(language)
    return {
        "topics": [(topics()[id]["title"][language], said[id]) for id in beside()],
        "review_on": now.review_on.isoformat(),
        "over": now.review_on < zones.day(at, now.site.zone),
    }
