"""Does somebody pay for a booked treatment: a payer that said yes, or the patient who has signed for the sum?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from daybreak.web import zones
from daybreak.web.authorisation.models import Authorisation, Event
from daybreak.web.authorisation.queries import paid_by
from daybreak.web.authorisation.state import state
from daybreak.web.courses.models import Booking
from daybreak.web.courses.state import standing
from daybreak.web.patients.queries import together


def nobody_pays(booking: Booking, *, at: datetime) -> bool:
    """Is there neither an approval with something left on the day of the visit, nor the patient's signature?"""
    steps: dict[UUID, list[Event]] = defaultdict(list)
    rows: dict[UUID, Authorisation] = {}
    about = {"authorisation__patient__in": together(booking.patient), "authorisation__site": booking.site_id}
    for event in Event.objects.filter(**about).select_related("authorisation"):
        steps[event.authorisation_id].append(event)
        rows[event.authorisation_id] = event.authorisation
    found = [(row, state(steps[id])) for id, row in rows.items()]
    day = zones.day(standing(booking).starts, booking.site.zone)
    return paid_by(found, site_id=booking.site_id, day=day) is None
