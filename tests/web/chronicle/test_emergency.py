"""Does one tap call an emergency, is nobody left alone by it unsaid, and is the page to hand over whole?"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from daybreak.clinical.records import Allergy, Coverage
from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.chronicle import hand_over
from daybreak.web.flood.doors import DOORS, HELP
from daybreak.web.links import actions as links
from daybreak.web.links.models import WALL
from daybreak.web.links.tokens import token
from daybreak.web.papers.models import Paper
from daybreak.web.patients import records
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict
from daybreak.web.tasks.models import Call, Task
from daybreak.web.treatment import actions as treatment
from daybreak.web.treatment import emergencies, queries
from tests.web.chronicle.test_record import text
from tests.web.conftest import browser, signed_in
from tests.web.onsite.test_onsite import here
from tests.web.treatment.samples import make as another
from tests.web.treatment.steps import DEVICE, FIGURES, MINUTE, does, stands


@pytest.fixture
def wall(site, nurse) -> Client:
    """A browser that is a display of the whole site."""
    client = browser()
    about = {"subject": site.id, "organisation_id": site.organisation_id, "site_id": site.id}
    link = links.make(purpose=WALL, **about, by=nurse, at=datetime.now(UTC))
    client.post(f"/l/{token(link)}/", secure=True)
    return client


def opened(session) -> list[dict]:
    rows = session.events.filter(what=What.EMERGENCY_OPENED).order_by("seq")
    return [json.loads(one.told) | {"by": one.by} for one in rows]


def test_a_display_opens_one_and_ends_nothing(session, wall, nurse) -> None:
    page = wall.get("/wall/", secure=True).content.decode()
    assert f'value="{session.chair_id}"' in page
    assert str(session.id) not in page
    told = {"chair": str(session.chair_id)}
    for _ in range(2):  # the second tap finds it open
        assert wall.post("/wall/", {"key": str(ids.new()), **told}, secure=True).status_code == 302
    assert opened(session) == [{"place": "wall", "by": None}]
    task = Task.objects.get(source__endswith="emergency")
    assert Call.objects.filter(task=task).exists(), "people are called at once"
    assert Line.objects.get(action="treatment_emergency_opened").via == "link"
    free = wall.post("/wall/", {"key": str(ids.new()), "chair": str(ids.new())}, secure=True)
    assert free.status_code == 409
    assert "Nobody is being treated in this chair" in free.content.decode()
    client = signed_in(nurse)
    told = {"key": str(ids.new()), "do": "named", "emergency": str(stands(session).emergency.seq)}
    assert "Who was it?" in client.get(f"/sessions/{session.id}/", secure=True).content.decode()
    assert client.post(f"/sessions/{session.id}/", told, secure=True).status_code == 302
    page = html.unescape(client.get(f"/sessions/{session.id}/", secure=True).content.decode())
    assert "Who was it?" not in page
    assert f"opened the emergency of no. {told['emergency']}" in page
    again = client.post(f"/sessions/{session.id}/", told | {"key": str(ids.new())}, secure=True)
    assert again.status_code == 422


def test_a_display_that_was_ended_or_taps_without_end_opens_nothing(session, wall) -> None:
    told = {"chair": str(ids.new())}
    answers = [wall.post("/wall/", told | {"key": str(ids.new())}, secure=True) for _ in range(DOORS[HELP].each + 1)]
    assert [one.status_code for one in answers[:-1]] == [409] * DOORS[HELP].each
    assert answers[-1].status_code == 429
    assert browser().post("/wall/", told, secure=True).status_code == 404
    assert opened(session) == []


def test_from_the_floor_by_name_and_from_a_locked_browser_without_one(session, person, nurse) -> None:
    desk = signed_in(person("desk2", Role.FRONT_DESK))
    page = desk.get("/today/", secure=True).content.decode()
    told = {"chair": str(session.chair_id), "key": str(ids.new())}
    assert f'value="{session.chair_id}"' in page
    assert desk.post("/today/help/", told, secure=True).status_code == 302
    does(session, What.EMERGENCY_CLOSED, nurse, datetime.now(UTC))
    client = signed_in(nurse)
    client.post("/lock/", {}, secure=True)
    page = html.unescape(client.get("/unlock/", secure=True).content.decode())
    assert "Call an emergency without unlocking" in page
    assert "Keller" not in page
    told = {"chair": str(session.chair_id), "key": str(ids.new())}
    assert client.post("/today/help/", told, secure=True)["Location"] == "/unlock/"
    assert "Emergency called at" in client.get("/unlock/", secure=True).content.decode()
    assert [(one["place"], one["by"] and one["by"].login) for one in opened(session)] == [
        ("floor", "desk2"),
        ("locked", None),
    ]
    assert client.get("/calendar/", secure=True).status_code == 302, "still locked"


def test_what_is_over_cannot_be_called_to(session, nurse, noon) -> None:
    told = {"outcome": "not_today", "why": "fever", "safe": "yes", "home": "accompanied", "suicide_asked": "no"}
    does(session, What.ENDED, nurse, noon, **told)
    with pytest.raises(Conflict):
        emergencies.call_out(session, place="floor", by=nurse, at=noon, key=ids.new())


def test_the_other_rooms_say_that_they_are_uncovered_and_start_no_dose(
    session, patient, site, nurse, doctor, noon, person
) -> None:
    treatment.report(
        session, What.DOSE, {**DEVICE, "n": 1, "of": 1}, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new()
    )
    other = another(patient, site, doctor, id=ids.new())
    at = noon + 2 * MINUTE
    client = signed_in(nurse)
    assert "Uncovered" not in client.get("/today/", secure=True).content.decode()
    emergencies.call_out(other, place="wall", by=None, at=at, key=ids.new(), via="link")

    def alone() -> dict:
        return emergencies.left_alone(queries.open_at(site.pk), at=at)

    assert alone() == {session.pk: (Role.NURSE, Role.PRESCRIBER)}
    for page in ("/today/", f"/sessions/{session.id}/cockpit/"):
        assert "Uncovered: Nurse, Prescriber bound" in client.get(page, secure=True).content.decode()
    does(other, What.EVENT, doctor, at, text="with the patient")
    kim = person("kim", Role.NURSE)
    here(site, kim, at=noon, until=noon + timedelta(hours=8))
    assert alone() == {session.pk: (Role.PRESCRIBER,)}, "who is with the emergency is not alone in it"


def test_the_page_to_hand_over_is_whole_and_never_says_none_of_what_nobody_knows(
    session, nurse, doctor, noon, monkeypatch
) -> None:
    for row, value in FIGURES.items():
        does(session, What.CHECK, nurse, noon, row=row, value=value)
    given = {**DEVICE, "n": 1, "of": 1, "mg_low": "0", "full": False, "why": "sneezed"}
    treatment.report(session, What.DOSE, given, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    at = noon + 20 * MINUTE
    does(session, What.EMERGENCY_OPENED, nurse, at)
    rescue = {"kind": "oxygen", "drug": "oxygen", "route": "mask", "ordered_by": "Dr Okafor"}
    does(session, What.RESCUE, nurse, at + MINUTE, **rescue, watch_again=False)
    client, address = signed_in(nurse), f"/sessions/{session.id}/hand-over/"
    page = html.unescape(client.get(address, secure=True).content.decode())
    paper = text(hand_over.give(session, language="en", by=nurse, at=at + 2 * MINUTE, key=ids.new()))
    for one in (
        "Keller",
        "0–28 mg",
        "120/80 mmHg",
        "not measured",
        "oxygen",
        "ordered by Dr Okafor",
        "Sam Keller",
        "555 0101",
        "does not mean that there is nothing",
    ):
        assert one in page, one
        assert one in paper, one
    for record in (
        Allergy("Allergy/a", "penicillin"),
        Coverage("allergies", noon.date(), "Okafor"),
    ):
        records.entry(record, patient=session.patient, by=doctor, at=noon).save(force_insert=True)
    page = html.unescape(client.get(address, secure=True).content.decode())
    assert "penicillin" in page
    assert f"Reviewed on {noon.date()} by Okafor" in page
    with monkeypatch.context() as nothing:
        nothing.setattr(records, "current", lambda patient: [])
        assert "Nobody has reviewed this part" in client.get(address, secure=True).content.decode()
    key = str(ids.new())
    for _ in range(2):
        assert client.post(address, {"key": key}, secure=True).status_code == 302
    assert Paper.objects.filter(kind="hand_over").count() == 2
    does(session, What.ENDED, nurse, at + 9 * MINUTE, outcome="transferred", why="by ambulance to Riverside")
    assert Task.objects.filter(what="treatment.task_hospital").exists()
    assert client.get(address, secure=True).status_code == 200


def test_it_stays_behind_the_lock_and_is_kept_there_only_with_the_pin(session, nurse) -> None:
    client, address = signed_in(nurse), f"/sessions/{session.id}/hand-over/"
    client.post("/lock/", {}, secure=True)
    assert "Keller" in client.get(address, secure=True).content.decode()
    assert client.post(address, {"key": str(ids.new())}, secure=True).status_code == 302
    assert not Paper.objects.filter(kind="hand_over").exists()
