"""What goes back at once to somebody who texts anything but a number? Whom to call: the same words to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from daybreak.web.courses.queries import where
from daybreak.web.outbox import actions as outbox
from daybreak.web.outbox.models import CRISIS, Message
from daybreak.web.patients.models import Patient
from daybreak.web.reach import queries as reach
from daybreak.web.reach.numbers import WHOLE
from daybreak.web.texting import queries
from daybreak.web.texting.models import Text
from daybreak.web.words import known


def send(text: Text, whose: Sequence[Patient], *, at: datetime) -> Message | None:
    """It leaves whatever was said about messages, since they wrote first; not to the phone of who died. It keeps no quiet hours.

    None: no text can go there, or one went a moment ago.
    """
    way = outbox.texts()
    if not way or not WHOLE.fullmatch(text.sender) or queries.answered_lately(text.sender, at=at):
        return None
    patient = whose[0] if len(whose) == 1 else None
    if patient and reach.died(patient):
        return None
    site = where(patient) if patient else next(iter(queries.sites()), None)
    if site is None:
        return None
    return outbox.put(
        CRISIS,
        at=at,
        channel=way,
        to=text.sender,
        language=reach.written_in(patient) if patient else known(None),
        body=CRISIS,
        about=text.id,
        patient=patient,
        site=site,
        organisation_id=text.organisation_id,
    )
