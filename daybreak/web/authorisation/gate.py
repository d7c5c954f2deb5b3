"""Does somebody pay for a booked treatment: a payer that said yes, or the patient who has signed for the sum?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from daybreak.web import zones
from daybreak.web.authorisation.queries import of_many, paid_by
from daybreak.web.courses.state import Standing
from daybreak.web.people.models import Site


def nobody_pays(visits: Sequence[Standing], *, at: datetime) -> set[UUID]:
    """For which is there neither an approval with something left on the day, nor the patient's signature?"""
    every = of_many({one.booking.patient_id for one in visits})
    zone = dict(Site.objects.filter(pk__in={one.booking.site_id for one in visits}).values_list("id", "zone"))

    def paid(one: Standing) -> bool:
        found, site_id = every.get(one.booking.patient_id, ()), one.booking.site_id
        return paid_by(found, site_id=site_id, day=zones.day(one.starts, zone[site_id])) is not None

    return {one.booking.id for one in visits if not paid(one)}
