"""Which patient of one of the demo's sites has come to the other one too, so that their own site is asked?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from daybreak.demo.staff import HARBOUR, MILL, TEAMS
from daybreak.web import ids
from daybreak.web.patients import here_too
from daybreak.web.patients.identity import of
from daybreak.web.patients.models import Details, Registration
from daybreak.web.people.models import Person, Site

NUMBER, THERE = "M-1049", "H-1099"
WHY = "Moved to the harbour and wants the next visits there."


def ask(sites: Mapping[str, Site], workers: Mapping[str, Person], *, now: datetime) -> None:
    """The front desk of the harbour asks; at the mill it waits for somebody."""
    row = Registration.objects.filter(site=sites[MILL], number=NUMBER).first()
    if row is None:
        return
    who = of(Details.objects.get(patient=row.patient_id, replaced_by__isnull=True))
    desk, at = workers[TEAMS[HARBOUR].desk.login], now - timedelta(hours=1)
    here_too.ask(who, number=THERE, site=sites[HARBOUR], reason=WHY, by=desk, at=at, key=ids.new())
