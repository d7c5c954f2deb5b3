"""Does a patient get by a link of their own what they ask about their record: the copy whole, or the reason, and nobody else?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from daybreak.knowledge.deadlines import days
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.links import actions as links
from daybreak.web.links import of_patient
from daybreak.web.links.models import ANSWER, ASK, Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.models import Message
from daybreak.web.papers.models import Paper
from daybreak.web.patients.models import Patient
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.requests import actions, copying, sending
from daybreak.web.requests.models import (
    ANSWERED,
    CORRECTION,
    DELIVERED,
    LINK,
    NOTE,
    RECORDS,
    REFUSED,
    Copy,
    Request,
)
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from tests.clinical.screening.build import cleared
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached
from tests.web.screening.samples import told as write


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    return registered(site, ines)


def opened(link: Link, *, year: str = "1971", **headers: str):
    client, here = browser(**headers), f"/{link.purpose}/"
    assert client.post(f"/l/{token(link)}/", secure=True).headers["Location"] == here
    client.post(here, {"year": year}, secure=True)
    return client


def asked(patient, site, **told):
    other = {"kind": RECORDS, "text": "all of it", "day": None, "at": NOW, "key": ids.new()}
    return actions.receive(**{**other, **told}, door=LINK, site=site, patient=patient, by=None)


def to_ask(patient, by) -> Link:
    return sending.link_to_ask(patient, by=by, at=datetime.now(UTC), key=ids.new())


def form(page: str, kind: str, **told: str) -> dict[str, str]:
    key = re.search(rf'name="key" value="([^"]+)"><input type="hidden" name="kind" value="{kind}"', page)[1]
    return {"kind": kind, "key": key, **told}


def test_from_the_wish_to_the_copy_in_the_patients_hands(site, patient, ines) -> None:
    write(patient, ines, cleared())
    reached(patient, ines)
    desk = signed_in(ines)
    page = f"/patients/{patient.id}/requests/"
    assert "on its way" in desk.post(page, {"do": "mail", "key": str(ids.new())}, secure=True).content.decode()
    client = opened(Message.objects.get().link)
    said = client.get("/ask/", secure=True).content.decode()
    assert said.count("What you write here calls nobody.") == 2
    for kind, box in ((RECORDS, "copy-read"), (CORRECTION, "correct-read")):
        beside = said.split(f'id="{box}"')[1].split("</div>")[0]
        assert f'aria-describedby="{box}"' in said
        assert (datetime.now(UTC).date() + timedelta(days=days(kind))).isoformat() in beside
        assert 'href="tel:988"' in beside
    assert "Keller" not in said
    told = form(said, RECORDS, text="Everything.")
    for _ in range(2):
        assert client.post("/ask/", told, secure=True).status_code == 302
    row = Request.objects.get()
    assert (row.door, row.by, row.patient, row.site) == (LINK, None, patient, site)
    task = Task.objects.get(kind="request")
    assert (task.due.date() - row.day).days == days(RECORDS) + 1
    assert Entry.objects.get(action="request_received").via == "link"
    said = client.get("/ask/", secure=True).content.decode()
    assert "Somebody answers by" in said
    assert 'name="kind" value="records"' not in said, "asked once until it is answered"

    here, desk = f"/requests/{row.id}/", signed_in(ines)
    assert "by the patient’s link" in desk.get(here, secure=True).content.decode()
    assert desk.post(here, {"do": "prepare", "language": "en", "key": str(ids.new())}, secure=True).status_code == 302
    copy = Copy.objects.get()
    told = {"do": DELIVERED, "text": "asked by link", "copy": str(copy.id), "looked": "yes", "mail": "yes"}
    told["key"] = str(ids.new())
    for _ in range(2):
        assert desk.post(here, told, secure=True).status_code == 302
    assert not state(task).open
    letter = Message.objects.exclude(link__purpose=ASK).get()
    assert letter.patient == patient

    assert "Your copy is ready" in client.get("/ask/", secure=True).content.decode()
    theirs = opened(letter.link)
    assert "Take it along to read (PDF)" in theirs.get("/answer/", secure=True).content.decode()
    for address, paper in (("/answer/paper/", copy.paper), ("/answer/data/", copy.bundle)):
        answer = theirs.get(address, secure=True)
        assert (answer.content, answer["Content-Type"]) == (bytes(paper.bytes), paper.media_type)
        assert "Keller" not in str(answer.headers)
        line = Entry.objects.get(action="read", object_id=paper.id)
        assert (line.via, line.who, line.subject) == ("link", None, patient.id)
    assert desk.get(here, secure=True).content.decode().count("The patient took the copy") == 2

    of_patient.revoke(patient, which=letter.link_id, by=ines, at=datetime.now(UTC))
    for address in ("/answer/", "/answer/paper/", "/answer/data/"):
        assert theirs.get(address, secure=True).status_code == 404


def test_a_refusal_is_shown_with_its_reason_and_a_correction_with_its_answer(site, patient, ines) -> None:
    first, wrong = asked(patient, site), asked(patient, site, kind=CORRECTION, text="the year is wrong")
    actions.answer(wrong, what=NOTE, text="not for the patient", by=ines, at=NOW, key=ids.new())
    actions.answer(wrong, what=ANSWERED, text="it was mended", by=ines, at=NOW, key=ids.new())
    actions.answer(first, what=REFUSED, text="it is another person’s", by=ines, at=NOW, key=ids.new())
    link = to_ask(patient, ines)
    client = opened(link, HTTP_ACCEPT_LANGUAGE="zh-hans")
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    said = client.get("/ask/", secure=True).content.decode()
    for one in ("it is another person’s", "it was mended", "已于", "索取副本"):
        assert one in said
    assert "not for the patient" not in said
    made = sending.link_to_answer(first, by=ines, at=datetime.now(UTC), key=ids.new())
    theirs = opened(made)
    said = theirs.get("/answer/", secure=True).content.decode()
    assert "it is another person’s" in said
    assert "it was mended" not in said
    assert theirs.get("/answer/paper/", secure=True).status_code == 404
    assert theirs.get("/ask/", secure=True).status_code == 404, "one purpose"
    assert asked(patient, site).id, "a new one can be asked once the first was answered"


def test_the_year_of_birth_is_asked_and_a_bad_form_is_refused(site, patient, ines) -> None:
    link = to_ask(patient, ines)
    assert "In which year" in opened(link, year="1970").get("/ask/", secure=True).content.decode()
    client = opened(link)
    for told, status in (
        ({"kind": "complaint", "text": "x"}, 403),
        ({"kind": CORRECTION, "text": " "}, 422),
        ({"kind": CORRECTION}, 422),
    ):
        assert client.post("/ask/", {"key": str(ids.new()), **told}, secure=True).status_code == status
    assert not Request.objects.exists()
    nobody_knows = registered(site, ines, number="B1", birth="")
    with pytest.raises(Refused, match="birth"):
        to_ask(nobody_knows, ines)
    with pytest.raises(Refused, match="birth"):
        sending.link_to_answer(_over(nobody_knows, site, ines), by=ines, at=NOW, key=ids.new())


def _over(patient: Patient, site: Site, by) -> Request:
    row = asked(patient, site)
    actions.answer(row, what=REFUSED, text="no", by=by, at=NOW, key=ids.new())
    return row


def test_no_more_is_open_than_somebody_can_read(site, patient) -> None:
    asked(patient, site)
    with pytest.raises(Refused, match="answers by"):
        asked(patient, site)
    for n in range(actions.MOST_OPEN[CORRECTION]):
        asked(patient, site, kind=CORRECTION, text=f"{n}")
    with pytest.raises(Refused, match="answers by"):
        asked(patient, site, kind=CORRECTION)


def test_only_the_newest_copy_of_the_record_as_it_is_leaves_and_only_looked_at(site, patient, ines) -> None:
    row = asked(patient, site)
    told = {"what": DELIVERED, "text": "card", "by": ines, "at": NOW}
    made = {"language": "en", "by": ines, "at": NOW}
    with pytest.raises(Refused, match="No copy was made"):
        actions.answer(row, **told, key=ids.new())
    key = ids.new()
    old = copying.prepare(row, **made, key=key)
    assert copying.prepare(row, **made, key=key) == old
    with pytest.raises(Refused, match="Say that you have"):
        actions.answer(row, **told, copy=old.id, key=ids.new())
    newer = copying.prepare(row, **made, key=ids.new())
    with pytest.raises(Conflict, match="anew"):
        actions.answer(row, **told, copy=old.id, looked=True, key=ids.new())
    write(patient, ines, cleared())
    with pytest.raises(Conflict, match="anew"):
        actions.answer(row, **told, copy=newer.id, looked=True, key=ids.new())
    last = copying.prepare(row, **made, key=ids.new())
    actions.answer(row, **told, copy=last.id, looked=True, key=ids.new())
    with pytest.raises(Conflict, match="answered it meanwhile"):
        copying.prepare(row, **made, key=ids.new())
    assert Paper.objects.count() == 6
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Copy.objects.update(state=0)


def test_who_may_not_makes_no_copy_and_no_link(site, patient, ines, person) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    eve, ada = person("eve", Role.PRESCRIBER, at_site=other), person("ada", Role.ADMINISTRATOR)
    row = asked(patient, site)
    for who in (eve, ada):
        with pytest.raises(Forbidden):
            copying.prepare(row, language="en", by=who, at=NOW, key=ids.new())
        with pytest.raises(Forbidden):
            sending.link_to_ask(patient, by=who, at=NOW, key=ids.new())
    with pytest.raises(Refused, match="no answer yet"):
        sending.link_to_answer(row, by=ines, at=NOW, key=ids.new())
    actions.answer(row, what=REFUSED, text="no", by=ada, at=NOW, key=ids.new())
    for who in (eve, ada):
        with pytest.raises(Forbidden):
            sending.link_to_answer(row, by=who, at=NOW, key=ids.new())
    assert sending.mail_answer(row, by=ada, at=NOW, key=ids.new()) is None, (
        "not written to: somebody has the task to call"
    )
    assert Task.objects.filter(kind="other").exists()
    with pytest.raises(Forbidden):
        asked(registered(other, ines, number="B2"), site)


def test_a_link_that_is_over_shows_nothing(site, patient, ines) -> None:
    row = _over(patient, site, ines)
    early = datetime.now(UTC) - timedelta(days=15)
    about = {"purpose": ANSWER, "subject": row.id, "organisation_id": site.organisation_id}
    late = links.make(**about, by=ines, at=early)
    assert browser().post(f"/l/{token(late)}/", secure=True).status_code == 404
