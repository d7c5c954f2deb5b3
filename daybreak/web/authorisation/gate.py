"""Does somebody pay for a booked treatment: a payer that said yes, or the patient who has signed for the sum?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.web import zones
from daybreak.web.authorisation.queries import of_many, paid_by
from daybreak.web.courses.state import Standing


def nobody_pays(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which is there neither an approval of this treatment with something left on the day, nor the patient's signature?"""
    every = of_many({one.booking.patient_id for one in visits})

    def paid(one: Standing) -> bool:
        found, site, course = every.get(one.booking.patient_id, ()), one.booking.site, one.booking.course
        day, protocol = zones.day(one.starts, site.zone), course and course.protocol
        return paid_by(found, site_id=site.id, protocol=protocol, day=day) is not None

    return {one.booking.id for one in visits if not paid(one)}
