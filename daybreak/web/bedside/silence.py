"""Which bound devices have fallen silent? (asked by the clock, which is there when the process that listens is not)

It is an alarm where alarms from devices are on. Where they are off, what a device said before is over.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from daybreak.clinical.treatment.alarms import Says
from daybreak.knowledge.watch import watch
from daybreak.web.bedside import actions, queries, said
from daybreak.web.bedside.judging import LOST, found
from daybreak.web.bedside.models import Binding, Unbound, Why
from daybreak.web.locks import locked
from daybreak.web.switches import queries as switches
from daybreak.web.switches.models import Function
from daybreak.web.treatment import queries as treatment
from daybreak.web.treatment.models import Session

log = logging.getLogger("daybreak.bedside")


def look(*, at: datetime) -> None:
    """Each session is a transaction of its own. One that cannot be looked after holds back no other."""
    alarming = switches.sites_with(Function.ALARMS)
    for binding in queries.in_force():
        try:
            _look(binding, alarms=binding.session.site_id in alarming, at=at)
        except Exception as error:  # its kind alone: its text may be about a patient
            log.error("the device of session %s could not be asked for: %s", binding.session_id, type(error).__name__)


def _look(binding: Binding, *, alarms: bool, at: datetime) -> None:
    if treatment.now(binding.session).open and not _news(binding, alarms=alarms, at=at):
        return
    with transaction.atomic():
        locked(Session, pk=binding.session_id)
        session = binding.session = Session.objects.select_related("patient", "site").get(pk=binding.session_id)
        if Unbound.objects.filter(binding=binding).exists():
            return
        if not treatment.now(session).open:
            actions.end(binding, Why.SESSION_OVER, by=None, at=at)
        elif says := _news(binding, alarms=alarms, at=at):
            actions.tell(session, says, at=at)


def _news(binding: Binding, *, alarms: bool, at: datetime) -> list[Says]:
    told = said.now(binding.session_id)
    if not alarms:
        return [said.over(one) for one in told.values()]
    if queries.silent(binding, watch(), at=at) == (LOST in told):
        return []
    says = found(LOST, watch())
    return [said.over(says) if LOST in told else says]
