"""Does the record of a session hold everything that happened, on paper and for another system, and is it kept as it was?"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from pypdf import PdfReader

from daybreak.clinical.treatment.events import What
from daybreak.exchange.fhir import charts
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.chronicle import actions
from daybreak.web.papers.models import Paper
from daybreak.web.patients import queries as patients
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.transfer import actions as transfer
from daybreak.web.treatment import actions as treatment
from daybreak.web.treatment import alarms
from tests.web.conftest import signed_in
from tests.web.treatment.steps import DEVICE, MINUTE, cleared, does, dosed, stands, well

# What FHIR R4 requires of each, and the words that its status may be.
REQUIRED = {
    "Patient": ((), None),
    "Encounter": (("class",), {"in-progress", "finished", "cancelled"}),
    "Procedure": (("subject",), {"preparation", "in-progress", "not-done", "stopped", "completed"}),
    "MedicationAdministration": (
        ("subject",),
        {"in-progress", "not-done", "completed"},
    ),
    "Observation": (("code",), {"final", "amended"}),
    "QuestionnaireResponse": ((), {"completed"}),
    "DetectedIssue": (("patient", "code"), {"preliminary", "final"}),
    "AdverseEvent": (("subject", "actuality"), None),
    "DocumentReference": (("content",), {"current"}),
    "Provenance": (("target", "recorded", "agent"), None),
}


def make(session, by, at, **told) -> Paper:
    other = {"language": "en", "labelled": False, "key": ids.new()}
    return actions.make(session, **{**other, **told}, by=by, at=at)


def text(row: Paper) -> str:
    pages = PdfReader(BytesIO(bytes(row.bytes))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def fhir(row: Paper) -> list[dict[str, Any]]:
    twin = Paper.objects.exclude(pk=row.pk).get(about=row.about, media_type="application/fhir+json")
    return [one["resource"] for one in json.loads(bytes(twin.bytes))["entry"]]


@pytest.fixture
def eventful(session, nurse, doctor, noon):
    """Given in part, an alarm that was seen to, a correction, a rescue medicine, an emergency, and home."""
    at = dosed(session, nurse, noon)
    high = {"systolic": "190", "diastolic": "100"}
    wrong = does(session, What.CHECK, nurse, at + 40 * MINUTE, row="pressure", value=high)
    for alarm in stands(session).alarms:
        alarms.acknowledge(session, alarm, did="lay down, measured again", by=nurse, at=at + 41 * MINUTE, key=ids.new())
    right = {"row": "pressure", "value": {"systolic": "150", "diastolic": "90"}}
    treatment.correct(session, wrong.seq, right, why="cuff slipped", by=nurse, at=at + 42 * MINUTE, key=ids.new())
    rescue = {"kind": "antiemetic", "drug": "ondansetron", "mg": "4", "route": "by mouth", "ordered_by": "Dr Okafor"}
    does(session, What.RESCUE, nurse, at + 50 * MINUTE, **rescue, watch_again=False)
    does(session, What.EMERGENCY_OPENED, nurse, at + 51 * MINUTE)
    does(session, What.EVENT, nurse, at + 52 * MINUTE, text="breathes calmly")
    does(session, What.EMERGENCY_CLOSED, nurse, at + 53 * MINUTE)
    told = {"row": "nausea", "value": 1}
    about = {"by": nurse, "at": at + 60 * MINUTE, "key": ids.new()}
    treatment.report(session, What.CHECK, told, happened=at + 55 * MINUTE, uncertain=timedelta(seconds=90), **about)
    gone = at + 150 * MINUTE
    well(session, nurse, gone)
    does(session, What.READY, nurse, gone)
    does(session, What.ENDED, nurse, gone, outcome="discharged")
    return session


def test_the_paper_holds_everything_that_happened(eventful, nurse, noon) -> None:
    said = text(row := make(eventful, nurse, noon + timedelta(hours=5)))
    for one in (
        "Keller",
        "Went home",
        "A17",
        "28 mg",
        "lay down, measured again",
        "190/100 mmHg [corrected at",
        "cuff slipped",
        "ondansetron",
        "by mouth · ordered by Dr Okafor",
        "breathes calmly",
        "(told afterwards, at",
        "(may be off by 90 s)",
        "Blood pressure as before the dose",
        "before the dose 120/80 mmHg",
        "Call on the day after the treatment",
        "fits the record",
        eventful.site.zone,
    ):
        assert one in said, one
    assert row.sha256 == sha256(bytes(row.bytes)).hexdigest()
    assert "pregnant" not in said
    consents = [one.sha256 for one in Paper.objects.filter(kind="consent")]
    assert consents
    assert consents[0] in said.replace(" ", "")


def test_another_system_reads_the_visit_what_was_given_and_what_was_seen(eventful, nurse, noon) -> None:
    row = make(eventful, nurse, noon + timedelta(hours=5))
    found = fhir(row)
    kinds = {one["resourceType"] for one in found}
    assert kinds == set(REQUIRED)
    for one in found:
        required, words = REQUIRED[one["resourceType"]]
        assert all(one.get(name) for name in required), one
        assert words is None or one["status"] in words
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", one["id"])
    own = {f"{one['resourceType']}/{one['id']}" for one in found}
    assert len(own) == len(found)
    refers = set(re.findall(r'"reference": "([^#"]+)"', json.dumps(found)))
    assert refers <= own
    (visit,) = (one for one in found if one["resourceType"] == "Encounter")
    assert visit["hospitalization"]["dischargeDisposition"]["text"] == "Went home"
    (paper,) = (one for one in found if one["resourceType"] == "DocumentReference")
    assert b64decode(paper["content"][0]["attachment"]["data"]) == bytes(row.bytes)
    pressures = [one for one in found if one["resourceType"] == "Observation" and "component" in one]
    assert [one["component"][0]["valueQuantity"]["value"] for one in pressures if one["status"] == "amended"] == [150]
    twin = Paper.objects.exclude(pk=row.pk).get(about=row.about, kind="session")
    (chart,) = charts(json.loads(bytes(twin.bytes)), terms=terms(), place="test")
    assert [(one.drug, one.dose, one.route) for one in chart.ketamine] == [("esketamine", 28, "nasal")] * 2
    assert {str(one.value) for one in chart.observations if one.kind == "systolic"} == {"120", "150"}


def test_each_resource_is_one_to_another_reader_of_fhir(eventful, nurse, noon) -> None:
    """`fhir.resources` as oracle: R4B, of which everything that is used here stands so in R4 too."""
    for one in fhir(make(eventful, nurse, noon + timedelta(hours=5))):
        kind = import_module(f"fhir.resources.R4B.{one['resourceType'].lower()}")
        getattr(kind, one["resourceType"]).model_validate(one)


def test_each_dose_says_from_which_lot_it_came_and_a_carton_that_was_scanned_its_serial_number(
    session, nurse, noon
) -> None:
    cleared(session, nurse, noon)
    carton = "010030358028302221XY7\x1d10A17"
    treatment.give(session, {"lot": carton}, by=nurse, at=noon, key=ids.new())
    with pytest.raises(Refused, match="Of lot “B9” nothing is at hand for this session; taken were: A17"):
        treatment.give(session, {"lot": "B9"}, by=nurse, at=noon + 5 * MINUTE, key=ids.new())
    last = {"full": False, "mg_low": "14", "mg_high": "28", "why": "sneezed"}
    dose = treatment.give(session, last, by=nurse, at=noon + 5 * MINUTE, key=ids.new())
    whole = {**DEVICE, "n": 2}
    treatment.correct(session, dose.seq, whole, why="it was all of it", by=nurse, at=noon + 6 * MINUTE, key=ids.new())
    assert [(one.lots, one.serial) for one in stands(session).exposures] == [(("A17",), "XY7"), (("A17",), "")]
    row = make(session, nurse, noon + 7 * MINUTE)
    assert "A17 · SN XY7" in text(row)
    first, second = (one for one in fhir(row) if one["resourceType"] == "MedicationAdministration")
    medicine, device = first["contained"]
    assert (medicine["batch"], device["serialNumber"]) == ({"lotNumber": "A17"}, "XY7")
    assert first["medicationReference"] == {"reference": "#lot-1"}
    assert first["device"] == [{"reference": f"#{device['id']}"}]
    assert [one["resourceType"] for one in second["contained"]] == ["Medication"]
    found = signed_in(nurse).get("/cupboard/?lot=a17", secure=True).content.decode()
    assert "1/2 · SN XY7" in found
    assert "2/2" in found


def test_an_alarm_is_told_with_who_saw_to_it_and_what_became_of_it(eventful, nurse, noon) -> None:
    told = [
        one for one in fhir(make(eventful, nurse, noon + timedelta(hours=5))) if one["resourceType"] == "DetectedIssue"
    ]
    high = next(one for one in told if "Systolic" in one["code"]["text"] or "ressure" in one["code"]["text"])
    assert high["severity"] == "high"
    seen = [one for one in high["mitigation"] if one["action"]["text"].startswith("acknowledged")]
    assert seen[0]["action"]["text"] == "acknowledged: lay down, measured again"
    assert seen[0]["author"] == {"display": nurse.display_name}
    ended = [one for one in high["mitigation"] if one["action"]["text"] == "ended"]
    assert (high["status"] == "final") is bool(ended)
    assert all("author" not in one for one in ended), "no person ended it"


def test_who_did_it_stands_beside_who_wrote_it_down(session, nurse, doctor, noon) -> None:
    told = {"row": "heart_rate", "value": "70", "done_by": str(doctor.id)}
    treatment.report(session, What.CHECK, told, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    row = make(session, nurse, noon + 2 * MINUTE)
    assert f"{doctor.display_name}, written down by {nurse.display_name}" in text(row)
    (pulse,) = (one for one in fhir(row) if one["resourceType"] == "Observation")
    assert pulse["performer"] == [{"display": doctor.display_name}]


def test_what_nobody_knows_is_told_as_bounds_and_never_as_a_dose(session, nurse, noon) -> None:
    part = {**DEVICE, "n": 1, "of": 1, "mg_low": "0", "full": False, "why": "sneezed"}
    treatment.report(session, What.DOSE, part, happened=noon, by=nurse, at=noon + MINUTE, key=ids.new())
    row = make(session, nurse, noon + 2 * MINUTE)
    said = text(row)
    assert "This session is still open" in said
    assert "0–28 mg" in said
    assert "Done without what it needed" in said
    assert "sneezed" in said
    (given,) = (one for one in fhir(row) if one["resourceType"] == "MedicationAdministration")
    assert "dosage" not in given
    assert given["note"] == [{"text": "between 0 and 28 mg"}]


def test_what_bears_a_label_is_for_who_may_read_it(eventful, nurse, doctor, noon) -> None:
    at = noon + timedelta(hours=5)
    with pytest.raises(Forbidden):
        make(eventful, nurse, at, labelled=True)
    row = make(eventful, doctor, at, labelled=True)
    assert "I cannot become pregnant" in text(row)
    assert row.sensitivity == "reproductive"
    assert "I cannot become pregnant" in json.dumps(fhir(row))
    page = signed_in(nurse).get(f"/sessions/{eventful.id}/record/", secure=True).content.decode()
    assert row.sha256 not in page
    with pytest.raises(Refused):
        make(eventful, doctor, at, language="tlh")


def test_it_is_made_on_its_page_in_either_language_and_says_what_came_since(eventful, nurse) -> None:
    client, address = signed_in(nurse), f"/sessions/{eventful.id}/record/"
    key = str(ids.new())
    for _ in range(2):
        client.post(address, {"key": key, "language": "zh-Hans"}, secure=True)
    row = Paper.objects.get(kind="session", media_type="application/pdf")
    assert "治疗记录" in text(row)
    page = client.get(address, secure=True).content.decode()
    assert row.sha256 in page
    assert "were added since" not in page
    assert f"/papers/{row.id}/" in page
    assert client.get(f"/patients/{eventful.patient_id}/papers/{row.id}/", secure=True).content == bytes(row.bytes)
    assert Entry.objects.filter(action="paper_kept", subject=eventful.patient_id).count() >= 2
    assert client.post(address, {"key": str(ids.new())}, secure=True).status_code == 422
    assert "/record/" in client.get(f"/sessions/{eventful.id}/", secure=True).content.decode()


def test_each_treatment_stands_in_the_packet_and_what_was_given_is_read_elsewhere(eventful, doctor, noon) -> None:
    at = noon + timedelta(hours=5)
    told = {"receiver": "Riverside", "note": "", "language": "en", "labelled": False, "agreed": True}
    patient = eventful.patient
    row = transfer.send(patient, **told, seen=patients.state(patient), by=doctor, at=at, key=ids.new())
    said = text(row.paper)
    assert "Treatments here" in said
    assert "28 mg + 28 mg" in said
    assert "150/90" in said
    assert "nausea 1" in said
    (chart,) = charts(json.loads(bytes(row.bundle.bytes)), terms=terms(), place="test")
    assert [(one.drug, one.dose) for one in chart.ketamine] == [("esketamine", 28)] * 2
    Bundle.model_validate(json.loads(bytes(row.bundle.bytes)))
    assert {one.text for one in chart.unmapped} == {"an emergency in a treatment session", "ondansetron"}
