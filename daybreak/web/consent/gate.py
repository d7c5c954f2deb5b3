"""For which booked treatments does no consent hold on their day?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.knowledge.consents import documents_for
from daybreak.web.consent import queries
from daybreak.web.consent.models import Talk
from daybreak.web.courses.state import Standing


def no_consent(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """By booking: is there no consent to treatment under the protocol of its course that holds when it begins?"""
    told: dict[UUID, list[Talk]] = defaultdict(list)
    for talk in queries.with_signatures({one.booking.patient_id for one in visits}):
        told[talk.patient_id].append(talk)

    def holds(one: Standing) -> bool:
        course = one.booking.course
        documents = documents_for(course.protocol) if course else []
        return queries.gate(told[one.booking.patient_id], documents, at=one.starts) is None

    return {one.booking.id for one in visits if not holds(one)}
