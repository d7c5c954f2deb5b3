"""Does a talk follow a dose in its time, and do those who treat somebody read one plan, also what sets the illness off?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from daybreak.knowledge.window import hours
from daybreak.web import ids, instant, zones
from tests.web.article.points import journey, page, plain
from tests.web.conftest import browser, signed_in
from tests.web.reach import samples as reach
from tests.web.rems.samples import over
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


@journey(8)
def test_the_time_that_a_dose_opens_is_used_for_a_talk_or_counted_as_lost(
    session, nurse, doctor, noon, monkeypatch, of
) -> None:
    over(session, nurse, noon)
    opens, closes = hours()
    later = noon + closes + timedelta(hours=3)
    client, address = signed_in(doctor), f"/patients/{session.patient_id}/talks/"
    monkeypatch.setattr(instant, "now", lambda: later)
    assert counted(page(client, "/checkins/")) == "0/1"
    talked = zones.field(noon + opens + timedelta(hours=2), session.site.zone)
    sent = {"session": str(session.id), "what": "kept", "starts": talked, "text": "", "key": str(ids.new())}
    assert client.post(address, sent, secure=True).status_code == 302
    assert counted(page(client, "/checkins/")) == "1/1"


def counted(text: str) -> str:
    (found,) = re.findall(r'id="talks">.*?<span class="number">(\d+/\d+)</span>', text, re.DOTALL)
    return found


@journey(15)
def test_several_professions_read_one_plan_as_far_as_the_patient_says(patient, site, doctor, of) -> None:
    therapist = reach.make(patient, site, doctor)
    client, address = signed_in(doctor), f"/patients/{patient.id}/care/"
    review = (zones.day(datetime.now(UTC), site.zone) + timedelta(days=28)).isoformat()
    said = {
        "sets_off": "The dark months",
        "medicine": "Dr. Okafor",
        "psychotherapy": "Mondays",
        "social": "A social worker",
    }
    sent = {"do": "write", "review_on": review, "together": "yes", "seen": "", "key": str(ids.new()), **said}
    assert client.post(address, sent, secure=True).status_code == 302
    read = plain(page(client, address))
    assert all(one in read for one in said.values())
    sent = {"do": "share", "whom": str(therapist.root), "topic": ["sets_off", "psychotherapy"], "agreed": "yes"}
    assert client.post(address, sent | {"key": str(ids.new())}, secure=True).status_code == 302
    sent = {"do": "link", "whom": str(therapist.root), "key": str(ids.new())}
    made = client.post(address, sent, secure=True).content.decode()
    (link,) = re.findall(r"/l/[\w.~-]+/", made)
    theirs = browser()
    theirs.post(link, secure=True)
    theirs.post("/shared-care/", {"year": "1971"}, secure=True)
    read = plain(page(theirs, "/shared-care/"))
    assert "The dark months" in read
    assert "Mondays" in read
    assert "social worker" not in read
