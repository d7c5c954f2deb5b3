"""Is nothing of a patient on the page that a browser keeps, is it whole, and does what is discarded stay in the record?"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.cockpit import views
from daybreak.web.presence import pins
from daybreak.web.treatment import queries, timeline
from daybreak.web.treatment.models import Session
from tests.web.conftest import browser, signed_in
from tests.web.treatment.steps import stands

PIN = "280461"
STATIC = Path(views.__file__).parents[1] / "static"
TAP = {"sheet": "vitals", "systolic": "9999", "diastolic": "80", "moaa-s": "4"}


def test_the_page_of_a_browser_that_is_cut_off_holds_nothing_of_anybody(session, nurse) -> None:
    page = signed_in(nurse).get("/sessions/away/", secure=True).content.decode()
    assert "NOT MONITORING" in page
    assert "moaa-s/4" in page
    assert not [one for one in ("Keller", str(session.id), "csrf", "Lee", str(nurse.id)) if one in page]
    assert session.site.name not in page, "it has no telephone"
    assert browser().get("/sessions/away/", secure=True).status_code == 200, "and a stranger may see it"


def test_the_worker_keeps_every_file_of_that_page_and_may_stand_in_for_the_pages_of_sessions_only(nurse) -> None:
    client = signed_in(nurse)
    page = client.get("/sessions/away/", secure=True).content.decode()
    needed = set(re.findall(r"/static/daybreak/[\w.-]+", page))
    for one in list(needed):
        scripts = re.findall(r'from "\./([\w.-]+)"', (STATIC / one.removeprefix("/static/")).read_text())
        needed |= {f"/static/daybreak/{each}" for each in scripts}
    answer = client.get("/static/daybreak/away-worker.js", secure=True)
    assert answer["Service-Worker-Allowed"] == "/sessions/"
    kept = re.findall(r'"([\w.-]+\.(?:css|js|svg))"', answer.content.decode())
    assert needed == {f"/static/daybreak/{one}" for one in kept}
    assert "Service-Worker-Allowed" not in client.get("/static/daybreak/kept.js", secure=True)


def test_what_could_not_be_taken_is_discarded_by_name_and_with_a_reason_and_stays(session, nurse, noon) -> None:
    pins.choose(nurse, pin=PIN, again=PIN, at=noon)
    client, key = signed_in(nurse), str(ids.new())

    def sends(path: str = "discarded", **told: str):
        form = {"key": key, **TAP, "later": "1", "age": "120000", **told}
        return client.post(f"/sessions/{session.id}/{path}/", form, headers={"Daybreak-Quietly": "1"}, secure=True)

    assert sends("checks").status_code == 422
    for wrong in ({"pin": PIN}, {"pin": "111111", "why": "a slip"}, {"why": "a slip"}):
        assert sends(**wrong).status_code == 422
    before = stands(session)
    assert sends(pin=PIN, why="a slip").status_code == 204
    assert sends(pin=PIN, why="a slip", age="180000").status_code == 204, "sent twice it is told once"
    now = queries.now(Session.objects.get(pk=session.pk))
    (event,) = [one for one in now.events if one.what == What.EVENT]
    assert (event.late, event.by) == (True, str(nurse.id))
    assert timedelta(seconds=119) <= event.received - event.happened <= timedelta(seconds=121)
    said = timeline.said(event, "en", sensitive=False)
    assert said == "Event: discarded: systolic 9999 · diastolic 80 · sedation (MOAA/S) 4 · a slip"
    assert now.state.checks == before.checks, "it counts for nothing"
    form = {"key": str(ids.new()), "sheet": "event", "why": "a slip", "pin": PIN}
    assert client.post(f"/sessions/{session.id}/discarded/", form, secure=True).status_code == 422, "nothing is nothing"
    form = {**form, "value": "nausea/2"}
    assert client.post(f"/sessions/{session.id}/discarded/", form, secure=True).status_code == 302
    last = queries.now(Session.objects.get(pk=session.pk)).events[-1]
    assert "nausea 2" in timeline.said(last, "en", sensitive=False)
    assert last.uncertain_s, "nobody knows when it was"
