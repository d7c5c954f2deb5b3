"""Does a payer get what it asks for, with evidence, and nothing that the patient did not agree to?"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.clinical.records import Code, Condition, on
from daybreak.exchange.fhir import charts
from daybreak.knowledge.protocols import payer_ids
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.authorisation import ordered, packet_actions, packets
from daybreak.web.authorisation.models import What
from daybreak.web.authorisation.packets import FILLS
from daybreak.web.courses import plans
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity, queries, records
from daybreak.web.patients.kinds import REPRODUCTIVE, SUBSTANCE_USE
from daybreak.web.people import naming
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.screening import actions as screening
from daybreak.web.screening.judging import judge
from tests.clinical.screening.build import cleared
from tests.web.authorisation.samples import make
from tests.web.authorisation.test_authorisation import step
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON, adopted, today
from tests.web.screening.samples import told as write

SECRET = "a secret that nobody else may read"


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def row(site, ines):
    patient = registered(site, ines)
    chart = today(cleared())
    first = replace(chart.conditions[0], text="recurrent depression, severe")
    write(patient, ines, replace(chart, conditions=(first, *chart.conditions[1:])))
    return make(patient, site, ines)


def psychosis(row, by, *, sensitivity=SUBSTANCE_USE, concept="psychosis"):
    record = Condition(
        "Condition/s",
        SECRET,
        frozenset({concept}),
        codes=(Code("icd-10-cm", "F33.9"),),
        clinical="active",
        verification="confirmed",
        onset=on(NOW.date()),
    )
    records.entry(record, patient=row.patient, by=by, at=NOW, sensitivity=sensitivity).save(force_insert=True)


def send(row, by, **told):
    other = {
        "answers": {0: "Dr Ines, psychiatrist"},
        "note": "We know her well.",
        "language": "en",
        "with_labelled": False,
    }
    other |= {"confirmed": True, "key": ids.new(), "at": NOW}
    seen = told.pop("seen", None) or packets.packet(row, language="en", with_labelled=True, at=NOW).seen
    return packet_actions.send(row, **{**other, **told}, seen=seen, by=by)


def text(row) -> str:
    paper = Paper.objects.filter(patient=row.patient, media_type="application/pdf").latest("id")
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(bytes(paper.bytes))).pages)


def fhir(row) -> dict:
    paper = Paper.objects.filter(patient=row.patient, media_type="application/fhir+json").latest("id")
    return json.loads(bytes(paper.bytes))


def test_the_letter_answers_every_criterion_with_evidence_day_and_source(row, ines) -> None:
    event = send(row, ines)
    assert event.what == What.SENT
    said = re.sub(r"\s+", " ", text(row))
    made = packets.packet(row, language="en", with_labelled=True, at=NOW)
    assert len(made.lines) == 4
    for line in made.lines:
        assert line.title in said
        assert f"{line.verdict}." in said
        assert line.source in said
    assert "recurrent depression, severe" in said
    for what in (
        identity.of(queries.details(row.patient)).name,
        "We know her well.",
        "Dr Ines, psychiatrist",
        "not answered yet",
        "Ines",
    ):
        assert what in said
    assert sorted(one.sha256 for one in Paper.objects.all()) == sorted(
        hashlib.sha256(bytes(one.bytes)).hexdigest() for one in Paper.objects.all()
    )


def test_the_claim_refers_to_the_records_and_only_those_leave(row, ines) -> None:
    send(row, ines)
    found = {one["resource"]["resourceType"]: one["resource"] for one in fhir(row)["entry"]}
    claim = found["Claim"]
    assert (claim["use"], claim["patient"]["reference"]) == ("preauthorization", f"Patient/{row.patient_id}")
    there = {f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in fhir(row)["entry"]}
    named = {one["valueReference"]["reference"] for one in claim["supportingInfo"] if "valueReference" in one}
    assert named
    assert named <= there
    assert [one["sequence"] for one in claim["supportingInfo"]] == list(range(1, len(claim["supportingInfo"]) + 1))
    (chart,) = charts(fhir(row), terms=terms(), place="f")
    assert {one.ref for one in chart.conditions} < {one.ref for one in records.chart(row.patient).conditions} | named
    assert chart.allergies == ()
    assert chart.problems == ()
    assert "QuestionnaireResponse" not in found
    assert found["Provenance"]["agent"][0]["who"]["display"] == "Ines"


def test_what_is_unknown_is_said_with_who_can_fill_it(site, ines) -> None:
    bare = make(registered(site, ines), site, ines)
    made = packets.packet(bare, language="en", with_labelled=False, at=NOW)
    unknown = [one for one in made.lines if one.shown == "unknown"]
    assert unknown
    assert all(one.fills and one.missing for one in unknown)
    send(bare, ines)
    assert "Not known." in text(bare)


@pytest.mark.parametrize("payer", payer_ids())
def test_every_payer_whose_criteria_we_know_has_a_packet(row, ines, payer) -> None:
    other = make(row.patient, row.site, ines, id=ids.new())
    other.payer = payer
    made = packets.packet(other, language="zh-Hans", with_labelled=False, at=NOW)
    assert made.lines
    assert made.asked
    assert packets.letter(other, made, answers={}, member="", dose="", note="", language="zh-Hans", by="王")


def test_who_fills_speaks_of_criteria_that_there_are() -> None:
    asked = {f.name for id_ in payer_ids() for f in packets.payer(id_, as_of=NOW.date()).criteria}
    assert set(FILLS) <= asked


def test_what_bears_a_label_stays_here_without_the_patients_consent(row, ines, person) -> None:
    psychosis(row, ines)
    send(row, ines)
    assert SECRET not in text(row)
    assert SECRET not in json.dumps(fhir(row))
    (kept_back,) = (
        one for one in packets.packet(row, language="en", with_labelled=False, at=NOW).lines if one.kept_back
    )
    assert (kept_back.verdict, kept_back.sentence, kept_back.evidence) == ("", "", ())
    assert "Not told here" in text(row)
    assert {one.sensitivity for one in Paper.objects.all()} == {"ordinary"}
    nurse = person("lee", Role.NURSE)
    page = signed_in(nurse).get(address(row), secure=True).content.decode()
    assert SECRET not in page
    assert "with_labelled" not in page


def test_with_the_patients_consent_it_is_sent_and_the_papers_bear_the_label(row, ines, person) -> None:
    psychosis(row, ines)
    with pytest.raises(Forbidden):
        send(row, person("lee", Role.NURSE), with_labelled=True)
    send(row, ines, with_labelled=True)
    assert SECRET in re.sub(r"\s+", " ", text(row))
    assert {one.sensitivity for one in Paper.objects.all()} == {SUBSTANCE_USE}
    page = signed_in(person("kim", Role.NURSE)).get(f"/patients/{row.patient_id}/papers/", secure=True).content.decode()
    assert "Request to a payer" not in page


def test_what_tells_of_pregnancy_is_sent_only_with_a_consent_of_its_own(row, ines, person) -> None:
    psychosis(row, ines, sensitivity=REPRODUCTIVE)
    page = signed_in(ines).get(address(row), secure=True).content.decode()
    assert 'name="reproductive"' in page
    assert 'name="with_labelled"' not in page
    with pytest.raises(Forbidden):
        send(row, person("lee", Role.NURSE), reproductive=True)
    send(row, ines, with_labelled=True)
    assert SECRET not in re.sub(r"\s+", " ", text(row))
    assert SECRET not in json.dumps(fhir(row))
    assert {one.sensitivity for one in Paper.objects.all()} == {"ordinary"}


def test_with_that_consent_the_papers_bear_its_label(row, ines) -> None:
    psychosis(row, ines, sensitivity=REPRODUCTIVE)
    send(row, ines, reproductive=True)
    assert SECRET in re.sub(r"\s+", " ", text(row))
    assert {one.sensitivity for one in Paper.objects.all()} == {REPRODUCTIVE}


def test_nobody_sends_it_unread_or_after_the_record_has_changed(row, ines) -> None:
    with pytest.raises(Refused, match="Somebody reads it"):
        send(row, ines, confirmed=False)
    seen = packets.packet(row, language="en", with_labelled=True, at=NOW).seen
    psychosis(row, ines, sensitivity="ordinary")
    with pytest.raises(Conflict, match="record has changed"):
        send(row, ines, seen=seen)
    assert not Paper.objects.exists()


def test_twice_is_once(row, ines) -> None:
    key = ids.new()
    assert send(row, ines, key=key) == send(row, ines, key=key)
    assert Paper.objects.count() == 2


def test_it_answers_a_question_of_the_payer_and_goes_with_an_appeal(row, ines) -> None:
    send(row, ines)
    step(row, What.MORE_ASKED, ines)
    assert send(row, ines).what == What.ANSWERED
    step(row, What.DENIED, ines)
    assert send(row, ines).what == What.APPEALED
    with pytest.raises(Refused, match="does not follow"):
        send(row, ines)


@pytest.mark.parametrize("told", [{"language": "fr"}, {"note": "x" * 1001}, {"answers": {0: "x" * 1001}}])
def test_what_does_not_fit_is_refused(row, ines, told) -> None:
    with pytest.raises(Refused, match="at most 1000"):
        send(row, ines, **told)


def address(row) -> str:
    return f"/patients/{row.patient_id}/authorisations/{row.id}/packet/"


def test_it_is_read_and_sent_in_the_browser(row, ines, person, site) -> None:
    client = signed_in(ines)
    page = client.get(address(row), secure=True).content.decode()
    told = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("seen", "key")}
    form = {**told, "language": "zh-Hans", "note": "hello", "answer-0": "yes"}
    refused = client.post(address(row), form, secure=True)
    assert refused.status_code == 422
    assert "hello" in refused.content.decode()
    assert client.post(address(row), {**form, "confirmed": "yes"}, secure=True).status_code == 302
    assert "事先授权申请" in text(row)
    desk = signed_in(person("dana", Role.FRONT_DESK))
    assert desk.get(address(row), secure=True).status_code == 403


def test_a_payer_whose_criteria_nobody_knows_is_written_to_by_hand(row, ines) -> None:
    type(row).objects.bulk_create([row_of(row)])
    other = type(row).objects.get(payer="")
    page = signed_in(ines).get(address(other), secure=True).content.decode()
    assert "Write to it by hand" in page
    with pytest.raises(Refused):
        send(other, ines, seen="x")


def row_of(row):
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy.payer, copy.payer_name = ids.new(), "", "Harbour Mutual"
    return copy


def test_the_page_asks_the_database_at_most_fifteen_times(row, ines, django_assert_max_num_queries) -> None:
    client = signed_in(ines)
    client.get(address(row), secure=True)
    with django_assert_max_num_queries(15):
        client.get(address(row), secure=True)


def test_a_diagnosis_that_bears_a_label_stays_here_with_its_code(row, ines) -> None:
    psychosis(row, ines, concept="major_depression")
    send(row, ines)
    for left in (text(row), json.dumps(fhir(row))):
        assert "F33.9" not in left
        assert SECRET not in left
    assert packets.packet(row, language="en", with_labelled=False, at=NOW).order.kept_back
    agreed = packets.packet(row, language="en", with_labelled=True, at=NOW).order
    assert [one.codes[0].code for one in agreed.diagnoses if one.codes] == ["F33.9"]


def test_what_is_asked_for_is_named_and_what_is_missing_too(site, ines, person, django_assert_max_num_queries) -> None:
    patient = registered(site, ines)
    chart = today(cleared())
    coded = replace(chart.conditions[0], codes=(Code("icd-10-cm", "F33.2"),))
    write(patient, ines, replace(chart, conditions=(coded, *chart.conditions[1:])))
    row = make(patient, site, ines)
    made = packets.packet(row, language="en", with_labelled=False, at=NOW)
    missing = [one.title for one in ordered.facts(made.order, member="", dose="", language="en") if not one.value]
    assert len(missing) == 5, "no member number, dose, course, prescriber and number"
    bare = send(row, ines)
    claim = next(one["resource"] for one in fhir(row)["entry"] if one["resource"]["resourceType"] == "Claim")
    assert claim["insurance"][0]["coverage"] == {"display": packets.title(row, "en")}
    assert not {"careTeam", "quantity"} & {*claim, *claim["item"][0]}
    said = re.sub(r"\s+", " ", text(row))
    assert said.count("Missing. Who can add it") == 5
    assert "an administrator" in said
    assert "member" not in json.loads(bare.told)

    adopted(site, ines)
    told = {"protocol": row.protocol, "outcome": "treat", "review_on": None, "language": "en", "site": site}
    screening.sign(patient, **told, seen=judge(patient, site, at=SOON).seen, by=ines, at=SOON, key=ids.new())
    course = plans.begin(patient, row.protocol, starts=SOON.date(), closed=(), by=ines, at=SOON, key=ids.new())
    ada = person("ada", Role.ADMINISTRATOR)
    number = {"name": "Ines", "more": "en", "seen": naming.newest(ines.id).id, "by": ada, "at": NOW}
    with pytest.raises(Refused, match="no such number"):
        naming.change(ines, **number, number="<1>", key=ids.new())
    for key in [ids.new()] * 2:
        naming.change(ines, **number, number="1234567893", key=key)
    step(row, What.MORE_ASKED, ines)
    with pytest.raises(Refused, match="56 to 84 mg"):
        send(row, ines, member="M-48", dose="840 mg")
    send(row, ines, member="M-48", dose="84 mg")
    found = {one["resource"]["resourceType"]: one["resource"] for one in fhir(row)["entry"]}
    claim, days = found["Claim"], [one.day.isoformat() for one in plans.plan(course)]
    assert found["Coverage"]["subscriberId"] == "M-48"
    assert claim["insurance"][0]["coverage"]["reference"] == f"Coverage/{found['Coverage']['id']}"
    assert claim["diagnosis"][0]["diagnosisCodeableConcept"]["coding"] == [
        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F33.2"}
    ]
    assert found["Practitioner"]["identifier"][0]["value"] == "1234567893"
    assert claim["careTeam"][0]["provider"]["reference"] == f"Practitioner/{ines.id}"
    item = claim["item"][0]
    assert (item["quantity"], item["servicedPeriod"]) == ({"value": len(days)}, {"start": days[0], "end": days[-1]})
    assert {one["code"] for one in item["productOrService"]["coding"]} == {"2119365", "N06AX27"}
    said = re.sub(r"\s+", " ", text(row))
    for one in ("M-48", "84 mg", "F33.2 (ICD-10-CM)", days[-1], "1234567893", "esketamine"):
        assert one in said
    assert "Missing. Who can add it" not in said
    (read,) = charts(fhir(row), terms=terms(), place="f")
    assert read.problems == ()
    client = signed_in(ines)
    client.get(address(row), secure=True)
    with django_assert_max_num_queries(15):
        page = client.get(address(row), secure=True).content.decode()
    assert 'value="M-48"' in page
    with pytest.raises(Refused, match="at most 120"):
        send(row, ines, member="x" * 121)
