"""For which booked treatments does no consent hold on their day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.knowledge.consents import documents_for
from daybreak.web.consent import queries
from daybreak.web.courses import who
from daybreak.web.courses.state import Standing

RENEWED_ON_ARRIVAL = ("consent.gate_expired", "consent.gate_series")


def no_consent(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """By booking: is there no consent to treatment under the protocol of its course that holds when it begins?"""
    return {id for id, why in _why_not(visits).items() if why is not None}


def not_agreed(visits: Sequence[Standing]) -> set[UUID]:
    """By booking: was there never a consent, or was it taken back? One that has only run out, or that an earlier series had,
    is renewed on arrival."""
    return {id for id, why in _why_not(visits).items() if why is not None and why.id not in RENEWED_ON_ARRIVAL}


def _why_not(visits: Sequence[Standing]) -> dict[UUID, queries.Gate | None]:
    planned = [one for one in visits if one.booking.course]  # without a course nothing could have been agreed to
    records = who.together(planned)
    told = queries.with_signatures({one: those for those in records.values() for one in those})

    def why(one: Standing) -> queries.Gate | None:
        course, those = one.booking.course, records.get(one.booking.patient_id, ())
        documents = documents_for(course.protocol) if course else []
        mine = [talk for talk in told if talk.patient_id in those]
        return queries.gate(mine, documents, at=one.starts, begun=course and course.created)

    return {one.booking.id: why(one) for one in visits}
