"""Is a letter due after what it should be, once, to whom the patient agreed, and does nothing leave that nobody stands for?"""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from daybreak.clinical.records import Condition, Exposure, Therapy
from daybreak.exchange.fhir.bundle import charts
from daybreak.knowledge.check import FORBIDDEN
from daybreak.knowledge.letters import letters as rules
from daybreak.knowledge.letters import looks_back
from daybreak.knowledge.terms import terms
from daybreak.web import clock, ids
from daybreak.web.adverse.models import Review
from daybreak.web.courses.models import Course, CourseEnd
from daybreak.web.letters import actions, proposing, queries, sending
from daybreak.web.letters.models import Letter, Step, What
from daybreak.web.links.models import LETTER, Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox.letters import letter as mail_of
from daybreak.web.outbox.models import Message
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries as patients
from daybreak.web.patients import records
from daybreak.web.people.roles import Role
from daybreak.web.reach import standings
from daybreak.web.reach.models import CARER, NO, NOT_ASKED, YES, Outsider
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening.models import SecondSignature, Snapshot
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from daybreak.web.words import words
from tests.web.adverse import samples as adverse
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.screening import samples as signed

SECRETS = {
    "substance_use": Condition("Condition/s", "a quiet secret", frozenset({"substance_use_disorder"})),
    "psychotherapy": Therapy("Procedure/p", "a talk that stays", "psychotherapy"),
}
AT = NOW + timedelta(hours=2)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    found = registered(site, ines)
    signed.told(found, ines)
    return found


@pytest.fixture
def doctor(patient, site, ines):
    return outsider(patient, site, ines)


def outsider(patient, site, by, *, role="family_doctor", may_tell=YES, **other) -> Outsider:
    id = ids.new()
    told = {"name": "Dr. Lindqvist", "email": "practice@example.org", "language": "zh-Hans", **other}
    common = {"organisation_id": site.organisation_id, "created": NOW, "site": site, "by": by}
    return Outsider.objects.create(id=id, root=id, patient=patient, role=role, may_tell=may_tell, **told, **common)


def says(whom: Outsider, may_tell: str) -> None:
    """The patient says something else about them: the next version."""
    told = {name: getattr(whom, name) for name in ("root", "site", "patient", "role", "name", "email", "by")}
    common = {"organisation_id": whom.organisation_id, "created": NOW, "replaces": whom}
    Outsider.objects.create(id=ids.new(), may_tell=may_tell, **told, **common)


def begun(patient, by, whom, occasion="other") -> Letter:
    return actions.begin(patient, occasion=occasion, whom=whom.root, by=by, at=NOW, key=ids.new())


def write(row, by, **told) -> Step:
    words_ = {
        "text": "Dear colleague,\n\nall is below.",
        "language": "en",
        "parts": ["medicines", "scores"],
        "labels": [],
    }
    about = {"seen": patients.state(row.patient), "at": AT, "key": ids.new()}
    return actions.write(row, **{**words_, **about, **told}, by=by)


def text(paper: Paper) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(paper.bytes))).pages))


def ended(patient, site, by, reason, at=NOW) -> None:
    common = {"organisation_id": site.organisation_id, "created": at, "by": by}
    told = {
        "protocol": signed.US,
        "version": "1",
        "starts": at.date(),
        "plan": "[]",
        "decision": Snapshot.objects.get(),
    }
    course = Course.objects.create(id=ids.new(), patient=patient, site=site, **told, **common)
    CourseEnd.objects.create(id=ids.new(), course=course, reason=reason, text="as they wish", **common)


def test_each_occasion_proposes_once_to_those_of_whom_the_patient_said_so(patient, site, ines, doctor) -> None:
    for may_tell in (NO, NOT_ASKED):
        outsider(patient, site, ines, role="psychiatrist", name="Nobody", may_tell=may_tell)
    outsider(patient, site, ines, role="therapist", name="Rivera")
    signed.make(patient, site, ines)
    for reason in ("completed", "no_benefit", "switched"):
        ended(patient, site, ines, reason)
    event = adverse.make(patient, site, ines)  # nobody knows whether it is serious
    assert proposing.look(at=AT) == 6, "an event that nobody judged calls for none"
    common = {"organisation_id": site.organisation_id, "created": NOW, "by": ines}
    Review.objects.create(id=ids.new(), version=event, related="possible", expected="no", **common)
    assert proposing.look(at=AT) == 1
    assert (proposing.look(at=AT), proposing.look(at=AT - timedelta(hours=1)), Letter.objects.count()) == (0, 0, 7)
    found = sorted((one.occasion, Outsider.objects.get(root=one.whom).name) for one in Letter.objects.all())
    both = [(occasion, name) for occasion in ("ended", "evaluation", "series") for name in ("Dr. Lindqvist", "Rivera")]
    assert found == sorted([("adverse", "Dr. Lindqvist"), *both])
    assert Task.objects.filter(what="letters.task", role=Role.PRESCRIBER).count() == 7
    assert all(one.by is None and one.due > NOW for one in Letter.objects.all())


def test_nothing_is_proposed_of_what_is_old_not_final_or_about_somebody_who_died(
    patient, site, ines, person, doctor, monkeypatch
) -> None:
    signed.make(patient, site, ines)
    assert proposing.look(at=NOW + looks_back() + timedelta(days=1)) == 0
    monkeypatch.setattr(proposing, "needs", lambda _: ["case"])
    assert proposing.look(at=AT) == 0
    common = {"organisation_id": site.organisation_id, "created": NOW, "snapshot": Snapshot.objects.get()}
    SecondSignature.objects.create(id=ids.new(), by=person("omar", Role.PRESCRIBER), **common)
    say = {"since": NOW.date(), "note": "", "seen": 0, "by": ines, "at": NOW, "key": ids.new()}
    with transaction.atomic():
        standings.say(patient, "died", **say)
        assert proposing.look(at=AT) == 0
        transaction.set_rollback(True)
    assert proposing.look(at=AT) == 1


def test_one_that_cannot_be_proposed_keeps_no_other_back(patient, site, ines, doctor, monkeypatch, caplog) -> None:
    signed.make(patient, site, ines)
    ended(patient, site, ines, "wish")
    propose = proposing.propose

    def some(call, *, at):
        if call.occasion == "evaluation":
            raise ValueError("Keller")
        return propose(call, at=at)

    monkeypatch.setattr(proposing, "propose", some)
    assert proposing.look(at=AT) == 1
    assert "Keller" not in caplog.text
    assert "ValueError" in caplog.text


def test_the_clock_looks_for_them() -> None:
    assert "proposing.look" in inspect.getsource(clock.run)


def test_a_letter_holds_dated_facts_and_nothing_that_bears_a_label_without_its_own_consent(
    patient, site, ines, person, doctor
) -> None:
    going = Exposure("MedicationStatement/g", "a blue tablet")  # of which nobody knows more
    over = Exposure("MedicationStatement/o", "a red tablet", status="ended")
    for record in (*SECRETS.values(), going, over):
        records.entry(record, patient=patient, by=ines, at=NOW).save(force_insert=True)
    signed.make(patient, site, ines)
    every = ["decisions", "courses", "treatments", "scores", "adverse", "diagnoses", "medicines", "therapies"]
    row = begun(patient, ines, doctor, "evaluation")
    plain = write(row, ines, parts=every)
    said = text(plain.paper)
    for one in (
        "Keller",
        "Dr. Lindqvist",
        "Dear colleague",
        "all is below",
        "to treat",
        "2026-11-24",
        "Read and sent by Ines",
    ):
        assert one in said, one
    assert "PHQ-9" in said
    assert ("a blue tablet" in said, "a red tablet" in said) == (True, False)
    whole = json.loads(bytes(plain.bundle.bytes))
    assert (whole["type"], whole["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    named = {one["reference"] for one in whole["entry"][0]["resource"]["section"][0]["entry"]}
    there = {one["fullUrl"].removeprefix("https://daybreak.invalid/fhir/") for one in whole["entry"][1:]}
    assert named == {one for one in there if not one.startswith("Patient/")}
    (read,) = charts(whole, terms=terms(), place="letter")
    assert [one.text for one in read.exposures] == ["a blue tablet", "mirtazapine"], (
        "another system reads the medicines"
    )
    assert "meta" not in whole
    nurse = person("lee", Role.NURSE)
    for label, record in SECRETS.items():
        secret = record.text
        assert secret not in said + json.dumps(whole)
        again = write(row, ines, parts=every, labels=[label])
        assert secret in text(again.paper)
        assert secret in bytes(again.bundle.bytes).decode()
        assert (again.labels, again.paper.sensitivity, again.bundle.sensitivity) == (label, label, label)
        security = json.loads(bytes(again.bundle.bytes))["meta"]["security"]
        assert [one["code"] for one in security] == [label]
        others = {one.text for name, one in SECRETS.items() if name != label}
        assert not any(one in text(again.paper) for one in others), "each by itself"
        with pytest.raises(Forbidden):
            write(row, nurse, labels=[label])


def test_who_writes_reads_the_record_as_it_is_and_says_something(patient, site, ines, doctor) -> None:
    row = begun(patient, ines, doctor)
    with pytest.raises(Conflict):
        write(row, ines, seen=patients.state(patient) + 1)
    for wrong in (
        {"text": ""},
        {"text": "x" * 6001},
        {"language": "fr"},
        {"parts": ["secrets"]},
        {"labels": ["ordinary"]},
    ):
        with pytest.raises(Refused):
            write(row, ines, **wrong)
    again = {"key": ids.new()}
    assert write(row, ines, **again).pk == write(row, ines, **again).pk
    with pytest.raises(Conflict):
        write(row, ines, text="other", **again)


def test_a_carer_is_nobody_to_write_a_letter_to(patient, site, ines) -> None:
    carer = outsider(patient, site, ines, role=CARER, name="Robin")
    with pytest.raises(Refused):
        begun(patient, ines, carer)
    assert "Robin" not in signed_in(ines).get(f"/patients/{patient.id}/letters/", secure=True).content.decode()
    assert not Letter.objects.exists()


def test_nothing_leaves_without_consent_and_before_somebody_stands_for_it(patient, site, ines, person, doctor) -> None:
    row = begun(patient, ines, doctor)
    keyed = {"by": ines, "at": AT}
    for way in (
        lambda: sending.mail(row, **keyed, key=ids.new()),
        lambda: sending.cover(row, number="1", pages="2", **keyed, key=ids.new()),
        lambda: actions.left(row, What.FAXED, text="OK", **keyed, key=ids.new()),
        lambda: actions.arrived(row, name="Fay", **keyed),
    ):
        with pytest.raises(Refused, match=r"stands for|not left"):
            way()
    write(row, ines)
    for may_tell in (NO, NOT_ASKED):
        says(Outsider.objects.get(root=doctor.root, replaced_by__isnull=True), may_tell)
        for way in (
            lambda: sending.mail(row, **keyed, key=ids.new()),
            lambda: actions.left(row, What.POSTED, text="by post", **keyed, key=ids.new()),
            lambda: write(row, ines),
            lambda: begun(patient, ines, doctor),
        ):
            with pytest.raises(Refused, match="has not agreed"):
                way()
    with pytest.raises(Forbidden):
        sending.mail(row, by=person("fay", Role.FRONT_DESK), at=AT, key=ids.new())
    assert {one.what for one in Step.objects.all()} == {What.WRITTEN}
    assert not Message.objects.exists()


def test_a_mailed_letter_is_read_behind_its_link_and_seen_to_arrive(patient, site, ines, doctor) -> None:
    row = begun(patient, ines, doctor)
    write(row, ines)
    task = Task.objects.get(source=f"letter {row.id}")
    key = ids.new()
    at = datetime.now(UTC)
    sent = sending.mail(row, by=ines, at=at, key=key)
    assert sending.mail(row, by=ines, at=at, key=key).pk == sent.pk
    assert not state(task).open
    message, link = Message.objects.get(), Link.objects.get(purpose=LETTER)
    mail = mail_of(message, repeat=False)
    assert "Keller" not in f"{mail}{mail.get_content()}"
    assert token(link) in mail.get_content()
    assert not list(mail.iter_attachments())
    client: Client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    asks = client.get("/letter/", secure=True).content.decode()
    assert "Main Street" not in asks
    assert client.get("/letter/paper/", secure=True)["Content-Type"] != "application/pdf"
    client.post("/letter/", {"year": "1971"}, secure=True)
    page = client.get("/letter/", secure=True).content.decode()
    assert "Main Street" in page
    assert "Keller" not in page
    assert client.get("/letter/paper/", secure=True).content == bytes(queries.by_id(row.pk).written.paper.bytes)
    assert json.loads(client.get("/letter/data/", secure=True).content)["type"] == "document"
    assert client.post("/letter/", {"name": ""}, secure=True).status_code == 422
    for _ in range(2):
        client.post("/letter/", {"name": "Ann at the desk"}, secure=True)
    arrived = Step.objects.get(what=What.ARRIVED)
    assert (arrived.by, arrived.text, queries.by_id(row.pk).state) == (None, "Ann at the desk", queries.ARRIVED)
    says(doctor, NO)
    assert client.get("/letter/paper/", secure=True).status_code == 404, "the patient agrees no longer"


def test_a_fax_has_a_cover_without_the_patient_and_its_proof_is_kept(patient, site, ines, doctor) -> None:
    row = begun(patient, ines, doctor)
    write(row, ines, language="zh-Hans", text="尊敬的同事：")
    keyed = {"by": ines, "at": AT}
    with pytest.raises(Refused):
        sending.cover(row, number="555-0199", pages="two", **keyed, key=ids.new())
    cover = text(sending.cover(row, number="555-0199", pages="2", **keyed, key=ids.new()).paper)
    assert "555-0199" in cover
    assert "Keller" not in cover
    with pytest.raises(Refused):
        actions.left(row, What.FAXED, text="", **keyed, key=ids.new())
    actions.left(row, What.FAXED, text="3 pages OK 10:42", **keyed, key=ids.new())
    assert queries.by_id(row.pk).state == queries.SENT
    for late in (lambda: write(row, ines), lambda: actions.drop(row, text="no", **keyed, key=ids.new())):
        with pytest.raises(Conflict):
            late()
    assert actions.arrived(row, name="Dr. Lindqvist", **keyed).by == ines


def test_a_letter_that_is_not_sent_says_why_and_ends_its_task(patient, site, ines, doctor) -> None:
    row = begun(patient, ines, doctor)
    with pytest.raises(Refused):
        actions.drop(row, text="", by=ines, at=AT, key=ids.new())
    actions.drop(row, text="told by phone", by=ines, at=AT, key=ids.new())
    assert not state(Task.objects.get(source=f"letter {row.id}")).open
    with pytest.raises(Conflict):
        sending.mail(row, by=ines, at=AT, key=ids.new())


def test_nothing_is_mailed_where_nothing_goes_out_but_it_may_be_posted(patient, site, ines, doctor) -> None:
    row = begun(patient, ines, doctor)
    write(row, ines)
    say = {"since": NOW.date(), "note": "", "seen": 0, "by": ines, "at": NOW, "key": ids.new()}
    standings.say(patient, "moved", **say)
    with pytest.raises(Refused, match="Nothing goes"):
        sending.mail(row, by=ines, at=AT, key=ids.new())
    actions.left(row, What.POSTED, text="by post", by=ines, at=AT, key=ids.new())
    assert not Message.objects.exists()


def test_the_page_shows_the_draft_as_a_paper_and_keeps_what_was_typed(patient, site, ines, doctor) -> None:
    client, row = signed_in(ines), begun(patient, ines, doctor)
    page = f"/patients/{patient.id}/letters/{row.id}/"
    shown = client.get(page, secure=True).content.decode()
    assert rules()["other"]["opens"]["zh-Hans"] in shown, "in the language of whoever gets it"
    told = {"text": rules()["other"]["opens"]["zh-Hans"], "language": "en", "part": ["medicines"], "do": "look"}
    before = Step.objects.count(), Paper.objects.count()
    answer = client.post(page, told, secure=True)
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    assert rules()["other"]["opens"]["en"].split()[0] in pages[0].extract_text(), "unchanged words follow the language"
    assert (Step.objects.count(), Paper.objects.count()) == before
    stale = {**told, "do": "write", "text": "my words", "seen": "0", "key": str(ids.new())}
    assert client.post(page, stale, secure=True).status_code == 409
    wrong = client.post(page, {**stale, "language": "fr"}, secure=True)
    assert (wrong.status_code, "my words" in wrong.content.decode()) == (422, True)


def test_no_sentence_about_letters_tells_anybody_to_leave_a_medicine() -> None:
    said = [text for one in rules().values() for text in (*one["opens"].values(), *one["title"].values())]
    said += [text for id, both in words().items() if id.startswith("letters.") for text in both.values()]
    verbs = re.compile(
        r"\b(stop|skip|omit|leave out|do not take|pause|discontinue|taper|withhold)\b|停药|停用|停止|减量", re.I
    )
    assert [one for one in said if FORBIDDEN.search(one) or verbs.search(one)] == []
