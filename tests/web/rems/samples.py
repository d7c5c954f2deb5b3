"""How does a test end a treatment that owes a form, and answer what the form leaves to a person?"""

from __future__ import annotations

from datetime import datetime, timedelta

from daybreak.clinical.treatment.events import What
from daybreak.web import ids, zones
from daybreak.web.people.models import Person
from daybreak.web.rems import actions, filing, queries
from daybreak.web.rems.models import Filing, Form, How
from daybreak.web.treatment import actions as treatment
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session
from tests.web.treatment.steps import does, dosed, well

JUDGED = {
    "ready": "121",
    "acceptable_before": "yes",
    "acceptable_after": "yes",
    "sedation": "no",
    "dissociation": "yes",
    "serious": "no",
}
LATER = {"first": "no", "respiratory": "no"}  # what the version of 2025 asks besides
MINUTE = timedelta(minutes=1)


def over(session: Session, by: Person, at: datetime) -> datetime:
    """Two devices, a look after 40 minutes with some dissociation, and home after 135; when it ended."""
    first = at
    dosed(session, by, at)
    looks = {"pressure": {"systolic": "138", "diastolic": "82"}, "spo2": "97", "moaa-s": 5, "dissociation": 2}
    treatment.checks(session, looks, by=by, at=first + 42 * MINUTE, key=ids.new())
    at = first + 135 * MINUTE
    well(session, by, at)
    does(session, What.READY, by, at)
    does(session, What.ENDED, by, at, outcome="discharged")
    return at


def sign(session: Session, by: Person, at: datetime, **other) -> Form:
    last = queries.newest(session)
    told = {
        "version": "2025",
        "answered": {**JUDGED, **LATER, "ready": "140"},
        "events": len(treatments.now(Session.objects.get(pk=session.pk)).events),
        "replaces": last.id if last else None,
        "reason": "mistaken" if last else "",
        "key": ids.new(),
    }
    return actions.sign(session, by=by, at=at, **(told | other))


def file(form: Form, by: Person, at: datetime, **other) -> Filing:
    told = {
        "day": zones.day(at, form.session.site.zone),
        "how": How.PORTAL,
        "reference": "PMF-1042",
        "key": ids.new(),
    } | other
    return filing.file(form, by=by, at=at, **told)
