"""Is what bears a label read by those who may alone, and does hiding it change no decision?"""

from __future__ import annotations

import html
import io
import json
import re
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Condition, Exposure, Observation, Therapy, on
from daybreak.knowledge.sentences import language
from daybreak.web import ids
from daybreak.web.labels.models import Labelling
from daybreak.web.patients import copies, older, records, telling
from daybreak.web.patients.models import Entry
from daybreak.web.people.roles import Role
from daybreak.web.screening.board import board
from daybreak.web.screening.judging import judge
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.screening import samples

HIDDEN = "Something is recorded here that you may not read"
SECRET = "alcohol dependence, detox in May"


class Clock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return samples.SOON


@pytest.fixture(autouse=True)
def the_day_of_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybreak.web.instant.datetime", Clock)


@pytest.fixture
def doctor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, doctor):
    """Everything known; besides an alcohol use disorder, a high AUDIT-C, and a psychotherapy."""
    found = registered(site, doctor)
    samples.told(found, doctor)
    day = on(NOW.date())
    use = frozenset({"substance_use_disorder"})
    write(found, doctor, Condition("Condition/alcohol", SECRET, concepts=use, clinical="active", recorded=day))
    write(found, doctor, Observation("Observation/audit", "audit-c", Decimal(11), when=day, text="AUDIT-C said eleven"))
    write(found, doctor, Therapy("Procedure/cbt", "schema therapy with Dr Roth", "psychotherapy"))
    return found


def write(patient, by, record) -> Entry:
    row = records.entry(record, patient=patient, by=by, at=NOW)
    row.save(force_insert=True)
    return row


def get(someone, path) -> str:
    page = signed_in(someone).get(path, secure=True)
    assert page.status_code == 200, (path, page.status_code)
    return html.unescape(page.content.decode())


def post(someone, path, **told):
    return signed_in(someone).post(path, {"key": str(ids.new()), **told}, secure=True)


def labelled(patient) -> list[Entry]:
    return list(Entry.objects.filter(patient=patient).exclude(sensitivity="ordinary").order_by("id"))


@pytest.mark.parametrize("path", ["", "timeline/", "screening/", "entries/{0}/", "entries/{1}/", "entries/{2}/"])
def test_a_nurse_sees_that_there_is_something_and_no_more(patient, nurse, doctor, path) -> None:
    where = f"/patients/{patient.id}/" + path.format(*(row.id for row in labelled(patient)[-3:]))
    page = get(nurse, where)
    for secret in (
        SECRET,
        "detox",
        "AUDIT-C said eleven",
        "AUDIT-C: 11",
        "Dr Roth",
        "Condition/alcohol",
        "Observation/audit",
    ):
        assert secret not in page
    assert HIDDEN in page or "that you may not read" in page
    assert HIDDEN not in get(doctor, where)
    if path == "":
        assert page.count(HIDDEN) >= 3
        assert SECRET in get(doctor, where)


@pytest.mark.parametrize(
    "record",
    [
        Observation("Observation/p", "pregnancy_status", "maybe"),
        Observation("Observation/p", "pregnancy_test", "positive"),
        Observation("Observation/p", "breastfeeding_status", "breastfeeding"),
        Condition("Condition/p", "gravida 2", concepts=frozenset({"pregnancy"})),
        Condition("Condition/p", "hysterectomy", concepts=frozenset({"cannot_become_pregnant"})),
    ],
)
def test_what_is_said_about_pregnancy_bears_a_label_by_itself(patient, nurse, doctor, record) -> None:
    row = write(patient, doctor, record)
    assert row.sensitivity == "reproductive"
    where = f"/patients/{patient.id}/entries/{row.id}/"
    words = telling.headline(record, "en")
    assert words not in get(nurse, where)
    assert HIDDEN in get(nurse, where)
    assert words in get(doctor, where)
    assert words in get(nurse, f"/patients/{patient.id}/entries/{write(patient, nurse, record).id}/")  # their own


def test_what_is_older_than_the_label_bears_it_when_it_is_read(patient, nurse, doctor, monkeypatch) -> None:
    told = Observation("Observation/p", "pregnancy_status", "maybe"), Condition("Condition/q", "was written plainly")
    old, other = (records.entry(one, patient=patient, by=doctor, at=NOW, sensitivity="ordinary") for one in told)
    for row in (old, other):
        row.save(force_insert=True)
    monkeypatch.setattr(older, "since", lambda: NOW)
    assert older.label(old) == "ordinary"
    monkeypatch.setattr(older, "since", lambda: NOW + timedelta(seconds=1))
    assert [older.label(old), older.label(other)] == ["reproductive", "ordinary"]
    page = get(nurse, f"/patients/{patient.id}/")
    assert telling.headline(told[0], "en") not in page
    assert "was written plainly" in page
    assert records.entry(told[0], patient=patient, by=doctor, at=NOW, replaces=old).sensitivity == "reproductive"
    assert "Observation/p" in {one.reference for one in records.current(patient)}  # decisions use it, whoever looks
    site = patient.registrations.get().site
    copy = copies.copy_of(patient, site=site, language="en", by="Dr O", at=NOW, leaves={"ordinary"})
    assert b"was written plainly" in copy.fhir
    assert b"maybe" not in copy.fhir


def test_hiding_changes_no_decision(patient, nurse, doctor) -> None:
    """The law: who may read less never sees somebody as more eligible."""
    theirs, full = (get(one, f"/patients/{patient.id}/screening/") for one in (nurse, doctor))

    def verdicts(page: str) -> list[str]:
        return re.findall(r'<span class="verdict verdict-[a-z-]+">[^<]*</span>', page)

    def titles(page: str) -> list[str]:
        return sorted(re.findall(r'<p class="small quiet">([^<]+)</p>\n<dl>', page))

    assert verdicts(theirs) == verdicts(full)
    assert titles(theirs) == titles(full) != []
    assert "This rests on something recorded that you may not read." in theirs
    assert "More is recorded that you may not read." in theirs


def test_every_finding_that_rests_on_it_is_closed(patient, site) -> None:
    judged = judge(patient, site, at=samples.SOON)
    closed = {row.reference for row in labelled(patient)}
    shown = str(board(judged, language=language("en"), may_sign=False, hidden=closed)["groups"])
    assert not [one for one in closed if one in shown]
    assert SECRET not in shown


@pytest.mark.parametrize("act", ["correct", "label"])
def test_what_one_may_not_read_one_cannot_change(patient, nurse, act) -> None:
    for row in labelled(patient):
        where = f"/patients/{patient.id}/entries/{row.id}/{act}/"
        assert signed_in(nurse).get(where, secure=True).status_code == 404
        assert post(nurse, where, label="ordinary", reason="curious", text="x").status_code == 404


def test_the_look_at_a_file_keeps_it_closed_too(patient, nurse, doctor, person) -> None:
    """Whoever brought the file has seen it; another nurse who opens its address has not."""
    bundle = json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"resource": {"resourceType": "Patient", "id": "p"}},
                {
                    "resource": {
                        "resourceType": "Condition",
                        "id": "c",
                        "subject": {"reference": "Patient/p"},
                        "code": {
                            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F10.20"}],
                            "text": "drinks a bottle a day",
                        },
                    }
                },
            ],
        }
    ).encode()
    told = {"source": "Riverside", "file": io.BytesIO(bundle)}
    looked = signed_in(nurse).post(f"/patients/{patient.id}/import/", told, secure=True).url
    assert "drinks a bottle" in get(nurse, looked)
    assert "drinks a bottle" in get(doctor, looked)
    assert "drinks a bottle" not in get(person("other", Role.NURSE), looked)


def test_whoever_wrote_it_goes_on_reading_it(patient, nurse) -> None:
    told = {"text": "cannabis use disorder", "concepts": "substance_use_disorder"}
    assert post(nurse, f"/patients/{patient.id}/add/condition/", **told).status_code == 302
    assert "cannabis use disorder" in get(nurse, f"/patients/{patient.id}/")


def test_a_label_is_given_with_the_entry_or_later_with_a_reason(patient, nurse, doctor, person) -> None:
    told = {"text": "worries about drinking", "label": "substance_use"}
    assert post(doctor, f"/patients/{patient.id}/add/condition/", **told).status_code == 302
    assert "worries about drinking" not in get(nurse, f"/patients/{patient.id}/")
    row = write(patient, doctor, Condition("Condition/x", "was seen in detox"))
    assert "was seen in detox" in get(nurse, f"/patients/{patient.id}/")
    where = f"/patients/{patient.id}/entries/{row.id}/label/"
    for wrong, said in (
        ({"label": "substance_use", "reason": " "}, "reason"),
        ({"label": "secret", "reason": "x"}, "Choose one of the list"),
        ({"label": "ordinary", "reason": "x"}, "bears this label already"),
    ):
        page = post(doctor, where, **wrong)
        assert (page.status_code, said in html.unescape(page.content.decode())) == (422, True)
    assert post(doctor, where, label="substance_use", reason="about drinking").status_code == 302
    page = get(nurse, f"/patients/{patient.id}/")
    assert "was seen in detox" not in page, "the version before the label is hidden too"
    newest = Labelling.objects.get().entry
    assert (newest.replaces, newest.payload, newest.origin) == (row, row.payload, "person")
    assert post(doctor, where, label="psychotherapy", reason="x").status_code == 409, "it was overtaken"
    corrected = f"/patients/{patient.id}/entries/{newest.id}/correct/"
    assert post(doctor, corrected, text="was seen in detox once").status_code == 302
    assert "detox once" not in get(nurse, f"/patients/{patient.id}/"), "a correction keeps the label"


def test_a_medicine_bears_no_label(patient, doctor, person) -> None:
    """Whoever looks for interactions has to see every medicine."""
    row = write(patient, doctor, Exposure("x", "methadone 40 mg", None))
    where = f"/patients/{patient.id}/entries/{row.id}/label/"
    assert signed_in(doctor).get(where, secure=True).status_code == 404
    told = {"text": "methadone", "label": "substance_use"}
    assert post(doctor, f"/patients/{patient.id}/add/exposure/", **told).status_code == 422
    assert "methadone 40 mg" in get(person("ph", Role.PHARMACIST), f"/patients/{patient.id}/")


def test_a_signed_decision_keeps_the_words_from_who_may_not_read_them(patient, site, nurse, doctor) -> None:
    samples.adopted(site, doctor)
    board_page = get(doctor, f"/patients/{patient.id}/screening/sign/")
    seen = re.search(r'name="seen" value="([^"]+)"', board_page)[1]
    told = {"protocol": samples.US, "outcome": "not_yet", "review_on": "2027-01-31", "seen": seen, "site": str(site.id)}
    signed = post(doctor, f"/patients/{patient.id}/screening/sign/", **told, condition="major_depression").url
    assert SECRET in get(doctor, signed) or "AUDIT-C" in get(doctor, signed)
    page = get(nurse, signed)
    assert SECRET not in page
    assert "AUDIT-C said eleven" not in page
    assert "This rests on something recorded that you may not read." in page


def test_the_number_of_questions_does_not_grow(patient, nurse, doctor) -> None:
    client = signed_in(nurse)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(f"/patients/{patient.id}/", secure=True)
        return len(found)

    def more(first: int) -> None:
        for number in range(first, first + 20):
            write(patient, doctor, Therapy(f"Procedure/{number}", "more", "psychotherapy"))

    asked()
    short = asked()
    more(0)  # longer than the timeline's first page
    few = asked()
    assert few <= short + 3
    more(20)
    assert asked() == few
