"""Which bound devices are silent, and which pumps say otherwise than the record? (asked by the clock, which goes on then)

It is an alarm where alarms from devices are on. Where they are off, what a device said before is over.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from daybreak.clinical.treatment.alarms import Says
from daybreak.knowledge.watch import watch
from daybreak.web.bedside import actions, apart, queries, said
from daybreak.web.bedside.judging import LOST, found, whose
from daybreak.web.bedside.models import Binding, Kind, Unbound, Why
from daybreak.web.locks import locked
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.queries import Now

log = logging.getLogger("daybreak.bedside")


def look(*, at: datetime) -> None:
    """Each session is a transaction of its own. One that cannot be looked after holds back no other."""
    alarming = queries.alarming()
    for binding in queries.in_force():
        try:
            _look(binding, alarms=binding.session.site_id in alarming[Kind(binding.kind)], at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the device of session %s could not be asked for: %s", binding.session_id, type(error).__name__)


def _look(binding: Binding, *, alarms: bool, at: datetime) -> None:
    now = treatment.now(binding.session)
    if now.open and not _news(binding, now, alarms=alarms, at=at):
        return
    with transaction.atomic():
        locked(Session, pk=binding.session_id)
        session = binding.session = Session.objects.select_related("patient", "site").get(pk=binding.session_id)
        if Unbound.objects.filter(binding=binding).exists():
            return
        now = treatment.now(session)
        if not now.open:
            actions.end(binding, Why.SESSION_OVER, by=None, at=at)
        elif says := _news(binding, now, alarms=alarms, at=at):
            actions.tell(session, says, at=at)


def _news(binding: Binding, now: Now, *, alarms: bool, at: datetime) -> list[Says]:
    """What is so now and was not said, and what was said and is not so any more."""
    kind, told = Kind(binding.kind), said.now(binding.session_id)
    if not alarms:
        return [said.over(one) for id, one in told.items() if whose(id) is kind]
    lost, silent = found(LOST, watch(), kind), queries.silent(binding, watch(), at=at)
    so = {lost: silent}
    if kind is Kind.PUMP and not silent:
        so |= apart.found(binding, now, at=at)
    return [one if is_so else said.over(one) for one, is_so in so.items() if is_so != (one.alarm in told)]
