"""Which forms did somebody begin alone and not go on with, and when is what was answered used without them?"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from daybreak.knowledge.suicide import calling
from daybreak.web.audit import trail
from daybreak.web.forms import actions, again, queries
from daybreak.web.forms.models import ALONE, Ended, Sitting
from daybreak.web.locks import locked

log = logging.getLogger("daybreak.forms")


def end_due(*, at: datetime) -> int:
    """End each form as far as it was answered, the clinic's hours after its last answer; how many.

    A question about suicide that was left blank then calls for somebody, and who asked for the form has to ask again, unless
    the patient has died: nothing is used then.
    Each form has a transaction of its own: one that goes wrong holds back no other, and the next turn tries it again.
    """
    begun = Sitting.objects.filter(mode__in=ALONE, ending__isnull=True).annotate(last=Max("answers__created"))
    count = 0
    for id in list(begun.filter(last__lte=at - calling().unfinished).values_list("pk", flat=True)):
        try:
            with trail.by_way_of("clock"):
                count += _end(id, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("form %s could not be ended: %s", id, type(error).__name__)
    return count


@transaction.atomic
def _end(id: UUID, *, at: datetime) -> bool:
    sitting = locked(Sitting, pk=id)
    last = queries.last_answer(sitting)
    if queries.over(sitting) or last is None or last > at - calling().unfinished:
        return False
    if queries.died(sitting):
        actions.end(sitting, how=Ended.DIED, by=None, at=at)
    else:
        actions.end(sitting, how=Ended.AS_FAR, by=None, at=at)
        again.to_ask(sitting, at=at)
    return True
