"""Does the cupboard know of a session what it has to: was the patient watched, and were they booked?"""

from __future__ import annotations

from daybreak.clinical.treatment.diversion import Pattern
from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.cupboard import actions
from tests.web.cupboard.conftest import received
from tests.web.cupboard.test_cupboard import take, use
from tests.web.cupboard.test_patterns import MG, seen
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


def test_a_session_in_which_somebody_was_watched_asks_nobody(session, nurse, noon, keeper, site) -> None:
    lot = received(site, keeper, number="B9", at=noon).lot
    about = {"session_id": session.id, "at": noon}
    use(actions.given, take(lot, session.patient, nurse, mg="28", **about), nurse, mg=MG, at=noon)
    assert seen(site, noon) == [(Pattern.UNWATCHED, str(nurse.id), 1)], "nobody looked yet"
    does(session, What.CHECK, nurse, noon, row="spo2", value=97)
    assert seen(site, noon) == []
    other = take(lot, session.patient, nurse, mg="28", session_id=ids.new(), at=noon)
    use(actions.given, other, nurse, mg=MG, at=noon)
    assert seen(site, noon) == [(Pattern.UNWATCHED, str(nurse.id), 1)], "there is no such session"
