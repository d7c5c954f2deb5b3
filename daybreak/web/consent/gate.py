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
    return {id for id, why in _why_not(visits).items() if why is not None}


def not_agreed(visits: Sequence[Standing]) -> set[UUID]:
    """By booking: was there never a consent, or was it taken back? One that has only run out is renewed on arrival."""
    return {id for id, why in _why_not(visits).items() if why is not None and why.id != "consent.gate_expired"}


def _why_not(visits: Sequence[Standing]) -> dict[UUID, queries.Gate | None]:
    told: dict[UUID, list[Talk]] = defaultdict(list)
    for talk in queries.with_signatures({one.booking.patient_id for one in visits}):
        told[talk.patient_id].append(talk)

    def why(one: Standing) -> queries.Gate | None:
        course = one.booking.course
        documents = documents_for(course.protocol) if course else []
        return queries.gate(told[one.booking.patient_id], documents, at=one.starts)

    return {one.booking.id: why(one) for one in visits}
