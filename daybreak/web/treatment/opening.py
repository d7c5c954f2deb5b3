"""On which page is what holds a session up put right? Whatever has none is seen to in the session itself, or only by time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from daybreak.clinical.answers import Reason
from daybreak.web.courses.gates import GATES
from daybreak.web.treatment import steps
from daybreak.web.treatment.models import Session
from daybreak.web.treatment.saying import sentence

# Below the page of the patient.
OF_PATIENT: Mapping[str, str] = {
    **{one.name: one.where for one in GATES},
    "session.no-decision": "screening/",
    "session.no-consent": "consents/",
    "session.visit-incomplete": "course/",
    "session.criteria": "screening/",
    "session.pdmp-never": "pdmp/",
    "pdmp.why_old": "pdmp/",
    "pdmp.why_unexpected": "pdmp/",
    "session.no-order": "dose/",
    "session.no-more-doses": "dose/",
    "session.another-session": "course/",
}
# Of the site.
OF_SITE: Mapping[str, str] = {
    "session.no-sound": "/sound/",
    "session.no-prescriber": "/onsite/",
    "session.too-few-nurses": "/onsite/",
    "session.emergency-elsewhere": "/today/",
    "session.chair-taken": "/today/",
}
# A step of the same session.
OF_STEP: Mapping[str, str] = {
    "session.not-identified": steps.IDENTITY,
    "session.identity-differs": steps.IDENTITY,
    "session.no-baseline": steps.VITALS,
    "session.baseline-old": steps.VITALS,
    "session.pressure": steps.PRESSURE,
    "session.pressure-delayed": steps.VITALS,
    "session.no-way-home": steps.HOME,
    "session.not-cleared": steps.CLEAR,
    "session.no-time-out": steps.TIME_OUT,
    "session.no-second-person": steps.TIME_OUT,
    "session.order-changed": steps.TIME_OUT,
    "session.decided-since": steps.TIME_OUT,
    "session.pump-not-compared": steps.PUMP,
    "session.pump-other-order": steps.PUMP,
    "session.pump-differs": steps.PUMP,
}
LIMITS = frozenset({"session.no-limits", "session.no-watch"})


def where(reason: Reason, session: Session) -> str:
    """Its address; empty when there is none."""
    if reason.id in OF_PATIENT:
        return f"/patients/{session.patient_id}/{OF_PATIENT[reason.id]}"
    if reason.id in OF_STEP:
        return f"/sessions/{session.id}/?step={OF_STEP[reason.id]}"
    return f"/clinic/protocols/{session.protocol}/" if reason.id in LIMITS else OF_SITE.get(reason.id, "")


def told(
    reasons: Iterable[Reason], session: Session, language: str, *, criteria: Iterable[Reason] = ()
) -> list[dict[str, str]]:
    """Each with its sentence and its page. `criteria`: those of the protocol, which are seen to on the board."""
    board, found = tuple(criteria), []
    for one in reasons:
        place = where(one, session) or (f"/patients/{session.patient_id}/screening/" if one in board else "")
        found.append({"said": sentence(one, language), "where": place})
    return found
