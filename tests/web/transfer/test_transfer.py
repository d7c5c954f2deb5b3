"""Does a record leave whole and only with the patient's word, is its arrival known, and does it come in elsewhere as it was?"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from unittest import mock

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.clinical.records import Condition, on
from daybreak.knowledge.deadlines import days
from daybreak.web import ids
from daybreak.web.assessments.leaving import PLAN
from daybreak.web.assessments.plan import ASKED
from daybreak.web.audit.models import Entry
from daybreak.web.courses.models import Course
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode
from daybreak.web.links import actions as links
from daybreak.web.links.models import TRANSFER
from daybreak.web.links.tokens import token
from daybreak.web.outbox.letters import letter
from daybreak.web.outbox.models import Message
from daybreak.web.papers.models import Paper
from daybreak.web.patients import imports, queries, records, timeline
from daybreak.web.patients.kinds import REPRODUCTIVE, SUBSTANCE_USE
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening.models import SecondSignature, Snapshot
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.transfer import actions
from daybreak.web.transfer.models import Receipt, Transfer
from tests.web.conftest import NOW, browser, signed_in
from tests.web.consent import samples as consents
from tests.web.courses import samples as courses
from tests.web.patients.samples import registered
from tests.web.screening import samples as signed

SECRET = "a secret that stays here"


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    found = registered(site, ines)
    signed.told(found, ines)
    return found


def send(patient, by, **told):
    other = {"receiver": "Riverside", "note": "moves in May", "language": "en", "labelled": False, "agreed": True}
    other |= {"seen": queries.state(patient), "at": NOW, "key": ids.new()}
    return actions.send(patient, **{**other, **told}, by=by)


def text(row) -> str:
    pages = PdfReader(BytesIO(bytes(Paper.objects.get(pk=row.paper_id).bytes))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def content(row) -> bytes:
    return bytes(Paper.objects.get(pk=row.bundle_id).bytes)


def hide(patient, by) -> None:
    record = Condition("Condition/s", SECRET, frozenset({"substance_use_disorder"}))
    records.entry(record, patient=patient, by=by, at=NOW).save(force_insert=True)


def test_the_packet_holds_decisions_courses_and_the_record(patient, site, ines) -> None:
    signed.make(patient, site, ines)
    courses.make(patient, site, ines)
    said = text(row := send(patient, ines))
    for one in (
        "Riverside",
        "moves in May",
        "Signed decisions",
        "to treat",
        "Courses",
        "sertraline",
        "Keller",
        "PHQ-9",
    ):
        assert one in said
    assert "does not mean that there was nothing" in said
    for paper in (row.paper, row.bundle):
        assert hashlib.sha256(bytes(paper.bytes)).hexdigest() == paper.sha256


@pytest.mark.parametrize(("language", "says"), [("en", "waits for a second signature"), ("zh-Hans", "尚待第二人签字")])
def test_a_decision_that_waits_for_a_second_signature_says_so(patient, site, ines, person, language, says) -> None:
    signed.make(patient, site, ines)
    before = text(send(patient, ines, language=language))
    assert says not in before
    decision = Snapshot.objects.get()
    with mock.patch("daybreak.web.transfer.front.needs", return_value=("case",)):
        assert says in text(send(patient, ines, language=language, note="b"))
        second = {"organisation_id": site.organisation_id, "created": NOW, "snapshot": decision}
        SecondSignature.objects.create(id=ids.new(), **second, by=person("omar", Role.PRESCRIBER))
        after = text(send(patient, ines, language=language, note="c"))
        assert says not in after
        assert "Ines, Omar" in after


def test_the_newest_safety_plan_goes_with_it(patient, ines) -> None:
    assert "No safety plan was made here" in text(send(patient, ines))
    for said in ("call Lena", "walk the dog"):
        told = {"language": "en", "by": ines, "at": NOW}
        plan = forms.ask(patient, "plan:safety-plan", mode=Mode.DESK, **told, key=ids.new())
        forms.fill(plan, dict.fromkeys(ASKED, said), minutes=9, by=ines, at=NOW, key=ids.new())
    sent = text(send(patient, ines, note="b"))
    assert ("walk the dog" in sent, "call Lena" in sent, "No safety plan" in sent) == (True, False, False)


def test_it_comes_in_elsewhere_through_the_ordinary_import_as_it_was(patient, person, site, ines) -> None:
    consent = consents.signed(patient, ines)
    sent = content(send(patient, ines, labelled=True, reproductive=True))
    kinds = {one["resource"]["resourceType"]: one["resource"]["id"] for one in json.loads(sent)["entry"]}
    assert kinds["Consent"] == str(consent.id)
    there = registered(site, ines, number="R1")
    document = imports.keep(there, sent, source="Main Street", by=ines, at=NOW)
    made = imports.plan(there, document)
    assert made.unlike == []
    imports.add(there, document, same_person=False, by=ines, at=NOW, key=ids.new())
    before, after = records.chart(patient), records.chart(there)
    for part in before.__slots__:
        if part != "patient":
            found = (getattr(chart, part) for chart in (before, after))
            ours, theirs = (set(one) if isinstance(one, tuple) else one for one in found)
            assert ours == theirs, part
    assert replace(before.patient, id="", ref="") == replace(after.patient, id="", ref="")


@pytest.mark.parametrize(("language", "title"), [("en", "Safety plan"), ("zh-Hans", "安全计划")])
def test_another_system_gets_the_newest_safety_plan_and_none_that_was_not_made(patient, ines, language, title) -> None:
    def plans(row) -> list:
        found = [one["resource"] for one in json.loads(content(row))["entry"]]
        read = [one["content"][0]["attachment"] for one in found if one["resourceType"] == "DocumentReference"]
        return [one for one in read if one["contentType"].startswith("text/plain")]

    assert plans(send(patient, ines)) == []
    for said in ("call Lena", "walk the dog"):
        told = {"language": "en", "by": ines, "at": NOW}
        plan = forms.ask(patient, PLAN, mode=Mode.DESK, **told, key=ids.new())
        forms.fill(plan, dict.fromkeys(ASKED, said), minutes=9, by=ines, at=NOW, key=ids.new())
    (one,) = plans(send(patient, ines, note="b", language=language))
    text_ = b64decode(one["data"]).decode()
    assert one["title"] == title
    assert (text_.count("walk the dog"), "call Lena" in text_) == (len(ASKED), False)


def test_what_bears_a_label_goes_only_when_the_patient_agreed_to_that_too(patient, ines, person) -> None:
    hide(patient, ines)
    row = send(patient, ines)
    assert SECRET not in text(row)
    assert SECRET.encode() not in content(row)
    assert "only as far as the patient agreed" in text(row)
    with pytest.raises(Forbidden):
        send(patient, person("lee", Role.NURSE), labelled=True)
    row = send(patient, ines, labelled=True)
    assert SECRET in text(row)
    assert SECRET.encode() in content(row)
    assert row.paper.sensitivity == SUBSTANCE_USE


@pytest.mark.parametrize(
    ("agreed", "leaves"),
    [({}, False), ({"labelled": True}, False), ({"reproductive": True}, True)],
)
def test_what_was_said_about_pregnancy_leaves_only_with_a_consent_of_its_own(patient, ines, agreed, leaves) -> None:
    row = send(patient, ines, **agreed)
    assert ("not_breastfeeding" in content(row).decode()) == leaves
    assert ("82810-3" in content(row).decode()) == leaves  # LOINC: pregnancy status
    assert ("pregnancy status" in text(row)) == leaves
    assert row.labelled == bool(agreed)
    assert (row.paper.sensitivity == REPRODUCTIVE) == leaves


def test_who_may_not_read_about_pregnancy_does_not_send_it(patient, person) -> None:
    with pytest.raises(Forbidden):
        send(patient, person("lee", Role.NURSE), reproductive=True)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"agreed": False}, "when the patient agrees"),
        ({"receiver": ""}, "Say to whom"),
        ({"receiver": "x" * 201}, "Say to whom"),
        ({"note": "x" * 2001}, "Say to whom"),
        ({"language": "fr"}, "Say to whom"),
    ],
)
def test_what_is_missing_is_said_and_nothing_leaves(patient, ines, told, says) -> None:
    with pytest.raises(Refused, match=says):
        send(patient, ines, **told)
    assert not Paper.objects.exists()


def test_nothing_leaves_that_nobody_looked_at_and_nothing_twice(patient, ines) -> None:
    seen, key = queries.state(patient), ids.new()
    hide(patient, ines)
    with pytest.raises(Conflict, match="has changed"):
        send(patient, ines, seen=seen)
    assert send(patient, ines, key=key) == send(patient, ines, key=key)
    assert Paper.objects.count() == 2


def test_the_receiver_says_by_the_link_that_it_arrived(patient, ines) -> None:
    row = send(patient, ines)
    task = Task.objects.get(what="transfer.task")
    assert (task.owner, (task.due.date() - NOW.date()).days) == (ines, days("transfer-receipt") + 1)
    about = {"purpose": TRANSFER, "subject": row.id, "organisation_id": row.organisation_id}
    link = links.make(**about, by=ines, at=datetime.now(UTC))
    client = browser()
    assert client.get("/receipt/", secure=True).status_code == 404
    assert client.post(f"/l/{token(link)}/", secure=True)["Location"] == "/receipt/"
    page = client.get("/receipt/", secure=True).content.decode()
    assert "Main Street made a packet" in page
    assert "Keller" not in page
    assert client.post("/receipt/", {"name": " "}, secure=True).status_code == 422
    for _ in range(2):
        assert "it is noted" in client.post("/receipt/", {"name": "Dr Wu"}, secure=True).content.decode()
    receipt = Receipt.objects.get()
    assert (receipt.name, receipt.by) == ("Dr Wu", None)
    assert not state(task).open
    assert Entry.objects.get(action="transfer_arrived").via == "link"
    assert task.events.get(what="closed").by is None, "nobody here did it"


def test_the_record_itself_says_where_it_went_and_that_it_arrived(patient, ines, person, site) -> None:
    row = send(patient, ines)
    client, here = signed_in(ines), f"/patients/{patient.id}/"
    for page in (here, f"{here}timeline/"):
        said = client.get(page, secure=True).content.decode()
        assert "put together for Riverside" in said
        assert "Nobody there has said yet" in said
    actions.arrived(row, name="Bo Reyes", by=None, at=NOW + timedelta(days=2))
    for page, often in ((here, 2), (f"{here}timeline/", 1)):
        said = client.get(page, secure=True).content.decode()
        assert said.count("Riverside has the record, says Bo Reyes") == often
        assert "Nobody there has said yet" not in said
        assert "by the link for the receipt" in said
    assert "Riverside" not in client.get(f"{here}timeline/?kind=condition", secure=True).content.decode()
    pharmacist = signed_in(person("paul", Role.PHARMACIST))
    assert "Riverside" not in pharmacist.get(here, secure=True).content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    assert "Bo Reyes确认Riverside已收到病历" in client.get(here, secure=True).content.decode()


def test_each_line_about_the_record_stands_on_one_page_of_the_timeline(patient, ines) -> None:
    first, border = 60, 60 - (timeline.SHOWN - 1)  # days from now on; the border is the last day of the first page
    for day in (0, border, first):
        send(patient, ines, note=f"{day}", at=NOW + timedelta(days=day))
    for n in range(timeline.SHOWN + 5):
        record = Condition(f"Condition/t{n}", f"c{n}", onset=on((NOW + timedelta(days=first - n)).date()))
        records.entry(record, patient=patient, by=ines, at=NOW).save(force_insert=True)
    client, page, found = signed_in(ines), f"/patients/{patient.id}/timeline/", []
    while page:
        said = client.get(page, secure=True).content.decode()
        found.append(said.count("put together for Riverside"))
        older = re.search(r'href="(/patients/[\w-]+/timeline/\?before=[\w-]+)"', said)
        page = older and older[1]
    assert found == [1, 2]


def test_somebody_here_was_told_that_it_arrived(patient, ines) -> None:
    row = send(patient, ines)
    first = actions.arrived(row, name="Dr Wu", by=ines, at=NOW)
    assert actions.arrived(row, name="Dr Li", by=ines, at=NOW) == first
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Transfer.objects.update(receiver="?")


def test_nobody_of_another_site_sends_or_confirms(patient, ines, person, site) -> None:
    row = send(patient, ines)
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    eve = person("eve", Role.PRESCRIBER, at_site=other)
    for act in (
        lambda: send(patient, eve),
        lambda: actions.arrived(row, name="x", by=eve, at=NOW),
        lambda: actions.link_of(row, by=eve, at=NOW, key=ids.new()),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(("language", "title"), [("en", "Record for another clinic"), ("zh-Hans", "转诊病历")])
def test_by_hand_in_the_browser(patient, ines, language, title) -> None:
    client = signed_in(ines)
    here = f"/patients/{patient.id}/transfer/"
    page = client.get(here, secure=True).content.decode()
    told = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("seen", "key")}
    form = {**told, "do": "send", "receiver": "Riverside", "language": language}
    assert client.post(here, form, secure=True).status_code == 422
    assert client.post(here, {**form, "agreed": "yes", "seen": "x"}, secure=True).status_code == 409
    assert client.post(here, {**form, "agreed": "yes"}, secure=True).status_code == 302
    row = Transfer.objects.get()
    assert title in text(row)
    made = client.post(here, {"do": "link", "transfer": str(row.id), "key": str(ids.new())}, secure=True)
    assert "/l/" in made.content.decode()
    assert client.post(here, {"do": "link", "transfer": str(ids.new())}, secure=True).status_code == 422
    assert client.post(here, {"do": "arrived", "transfer": str(row.id), "name": "Wu"}, secure=True).status_code == 302
    assert "Arrived, says Wu" in client.get(here, secure=True).content.decode()


def test_the_page_asks_as_often_for_many_as_for_one(patient, ines, django_assert_max_num_queries) -> None:
    for n in range(5):
        send(patient, ines, note=str(n), at=NOW + timedelta(minutes=n))
    client = signed_in(ines)
    with django_assert_max_num_queries(15):
        assert client.get(f"/patients/{patient.id}/transfer/", secure=True).status_code == 200


def test_the_same_record_makes_the_same_packet(patient, ines) -> None:
    first, second = send(patient, ines), send(patient, ines)
    assert first.paper.sha256 == second.paper.sha256
    assert first.bundle.sha256 == second.bundle.sha256


def test_the_receiver_gets_the_link_by_mail_and_the_safety_programme_is_a_task(patient, site, ines) -> None:
    row, client, here = send(patient, ines), signed_in(ines), f"/patients/{patient.id}/transfer/"
    told = {"do": "mail", "transfer": str(row.id), "key": str(ids.new())}
    assert client.post(here, {**told, "email": "nobody"}, secure=True).status_code == 422
    assert not Message.objects.exists()
    standing = {"since": None, "note": "", "seen": 0, "by": ines, "at": NOW, "key": ids.new()}
    standings.say(patient, "moved", **standing)
    told["key"] = str(ids.new())
    for _ in range(2):
        page = client.post(here, {**told, "email": "wu@example.org"}, secure=True).content.decode()
        assert "on its way to Riverside" in page
    mail = Message.objects.get(outsider__isnull=False)
    assert (mail.to, mail.patient, mail.link.subject) == ("wu@example.org", None, row.id)
    said = letter(mail, repeat=False)
    assert not any(one in f"{said['Subject']} {said.get_content()}".casefold() for one in ("keller", "ketamine"))
    assert not Task.objects.filter(what="transfer.task_notice").exists()
    assert "SpravatoREMS" not in page
    signed.make(patient, site, ines)
    common = {"organisation_id": patient.organisation_id, "created": NOW, "by": ines, "patient": patient, "site": site}
    plan = {
        "protocol": signed.US,
        "version": "1",
        "decision": Snapshot.objects.get(),
        "starts": NOW.date(),
        "plan": "[]",
    }
    Course.objects.create(id=ids.new(), **plan, **common)
    send(patient, ines, note="after the course")
    assert Task.objects.get(what="transfer.task_notice").owner == ines
    page = client.get(here, secure=True).content.decode()
    assert "SpravatoREMS.com" in page
    paper = Paper.objects.get(kind="notice")
    assert f"/papers/{paper.id}/" in page
    assert client.get(f"/patients/{patient.id}/papers/{paper.id}/", secure=True).content == bytes(paper.bytes)
    said = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(BytesIO(bytes(paper.bytes))).pages))
    for one in ("A draft", "Keller", "1971-04-02", "Riverside", "Ines", "it goes on", "Esketamine", "1-855-382-6022"):
        assert one in said
    for one in ("sertraline", "PHQ-9", "after the course"):
        assert one not in said, "only what the programme is told"
