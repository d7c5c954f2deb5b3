"""Do the pages about patients show what they should, to whom they should, and lose nothing?"""

from __future__ import annotations

import html
import io
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.records import Condition, Exposure, Observation, on
from daybreak.demo.people import records as demo_records
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import actions, records, review_views
from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.patients.models import Details, Entry, Patient
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from tests.web.conftest import NOW, signed_in
from tests.web.patients import samples
from tests.web.patients.samples import registered

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1; DROP TABLE patients_patient; --",
    "{{ 7*7 }}{% load x %}",
    "\u202etxt.exe\u202c",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "👩‍👩‍👧‍👦 𠜎𠜱 ﷽",
    "nul\0inside",
    "%s%n ${jndi:ldap://x} ../../etc/passwd",
]
PAGES = ["", "details/", "review/", "import/", "add/condition/", "add/exposure/", "add/weight/", "add/observation/"]


@pytest.fixture
def client(nurse):
    return signed_in(nurse)


def get(client, path, **other):
    return client.get(path, secure=True, **other)


def post(client, path, **told):
    return client.post(path, told, secure=True)


def key_of(page) -> str:
    return re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]


def text(page) -> str:
    return html.unescape(page.content.decode())


def entry(patient, by, record) -> Entry:
    row = records.entry(record, patient=patient, by=by, at=NOW)
    row.save(force_insert=True)
    return row


def test_from_registering_to_the_confirmed_trial(site, client, nurse) -> None:
    form = get(client, "/patients/new/")
    told = {"family_name": "Dee", "birth": "1988-12-09", "sex": "female", "number": "7", "site": str(site.id)}
    there = post(client, "/patients/new/", key=key_of(form), **told).url
    bundle = json.dumps(demo_records()[3].bundle()).encode()
    looked = client.post(f"{there}import/", {"source": "Riverside", "file": io.BytesIO(bundle)}, secure=True).url
    look = get(client, looked)
    assert "Already here: 0" in text(look)
    assert "herbal" not in text(look)
    assert Entry.objects.count() == 0, "nothing is added before somebody says so"
    assert post(client, looked, key=key_of(look)).url.startswith("/tasks/"), "the file holds an answer about suicide"
    page = get(client, there)
    header = page.content.decode().partition("</nav>")[0]
    assert re.search('<a href="/patients/"[^>]*>Patients</a>', header), "the header leads on, whatever the page shows"
    assert "Medicines to confirm" in text(page)
    assert "From Riverside (MedicationStatement/" in text(page)
    row = next(row for row in Entry.objects.filter(kind="exposure") if records.record(row).text == "amitriptyline")
    form = get(client, f"{there}entries/{row.id}/correct/")
    told = dict(re.findall(r'<input id="f-\w+" name="(\w+)" value="([^"]*)"', form.content.decode()))
    chosen = {"ingredients": "amitriptyline", "status": "ended", "stop": "no effect"}
    assert post(client, form.request["PATH_INFO"], key=key_of(form), **told | chosen | {"dose": "150"}).url == there
    page = text(get(client, there))
    assert "Confirmed or corrected by Lee" in page
    (confirmed,) = (one for one in records.chart(Patient.objects.get()).exposures if one.text == "amitriptyline")
    assert str(confirmed.dose) == "150"
    assert Line.objects.filter(action="entry_confirmed", object_id__isnull=False).count() == 1


def test_searching_is_a_post_that_tells_no_address_anything(client, patient) -> None:
    assert "Keller Anna" not in text(get(client, "/patients/?name=Keller"))
    found = post(client, "/patients/", name="Keler")
    assert "Keller Anna" in text(found)
    assert Line.objects.filter(action="read", object_type="patient_search").count() == 1
    assert "Nobody was found" in text(post(client, "/patients/", name="Zhou"))
    assert post(client, "/patients/", name="\0" * 300 + "x" * 10_000, birth="%", number="'").status_code == 200


def test_more_than_a_page_is_said(site, nurse, client) -> None:
    for number in range(21):
        registered(site, nurse, number=str(number))
    page = text(post(client, "/patients/", name="Keller"))
    assert "There are more" in page
    assert len(re.findall(r'<a href="/patients/[0-9a-f-]{36}/', page)) == 20


def test_no_title_holds_a_name(client, patient, nurse) -> None:
    row = entry(patient, nurse, Condition("Condition/x", "asthma"))
    for path in [*PAGES, f"entries/{row.id}/", f"entries/{row.id}/correct/"]:
        page = get(client, f"/patients/{patient.id}/{path}")
        assert page.status_code == 200, path
        assert "Keller" not in re.search(r"<title>(.*?)</title>", text(page))[1]


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_part_of_the_page(person, patient, nurse, role) -> None:
    entry(patient, nurse, Condition("Condition/x", "phobia of spiders"))
    entry(patient, nurse, Exposure("Medication/x", "lithium carbonate"))
    page = get(signed_in(person("eve", role)), f"/patients/{patient.id}/")
    said = text(page)
    sees = {
        Role.PRESCRIBER: (True, True, True),
        Role.NURSE: (True, True, True),
        Role.EVALUATOR: (True, True, True),
        Role.PHARMACIST: (True, True, False),
        Role.FRONT_DESK: (True, False, False),
    }.get(role, (False, False, False))
    assert ("Keller" in said, "lithium carbonate" in said, "phobia of spiders" in said) == sees
    assert page.status_code == (200 if sees[0] else 403)
    assert Line.objects.filter(action="read", subject=patient.id).count() == (1 if sees[0] else 0)


def test_what_is_not_yours_does_not_exist(person, site, nurse, patient) -> None:
    """Two sites, two patients: each role at the other site, every address, by GET and by POST."""
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    samples.make(site, nurse, number="49")
    row = Entry.objects.get(pk=samples.ENTRY)
    theirs = registered(harbour, nurse, number="1", family_name="Zhou")
    before = Entry.objects.count(), Details.objects.count()
    tails = [*PAGES, f"entries/{row.id}/", f"entries/{row.id}/correct/", f"import/{samples.DOCUMENT}/"]
    told = {"key": str(ids.new()), "family_name": "X", "text": "X", "seen": str(ids.new())}
    for role in (Role.PRESCRIBER, Role.NURSE, Role.EVALUATOR, Role.FRONT_DESK, Role.PHARMACIST):
        stranger = signed_in(person(f"at-harbour-{role}", role, at_site=harbour))
        for tail in tails:
            for answer in (
                get(stranger, f"/patients/{samples.PATIENT}/{tail}"),
                post(stranger, f"/patients/{samples.PATIENT}/{tail}", **told),
            ):
                assert answer.status_code in (403, 404, 405), (role, tail)
                assert "Keller" not in text(answer)
        assert "Keller Anna" not in text(post(stranger, "/patients/", name="Keller"))
        assert get(stranger, f"/patients/{theirs.id}/").status_code == 200
    ours = signed_in(person("ours", Role.PRESCRIBER))
    for tail in tails[-3:]:  # an entry and a file of one patient under the address of another
        assert get(ours, f"/patients/{patient.id}/{tail}").status_code == 404, tail
        assert post(ours, f"/patients/{patient.id}/{tail}", **told).status_code in (404, 405)
    assert (Entry.objects.count(), Details.objects.count()) == before


def test_a_stale_form_comes_back_filled_beside_what_stands_there(client, person, patient, nurse) -> None:
    row = entry(patient, nurse, Condition("Condition/x", "asthma"))
    where = f"/patients/{patient.id}/entries/{row.id}/correct/"
    mine, theirs = get(client, where), signed_in(person("ines", Role.PRESCRIBER))
    assert post(theirs, where, key=key_of(get(theirs, where)), text="asthma, mild").status_code == 302
    answer = post(client, where, key=key_of(mine), text="asthma and hay fever")
    said = text(answer)
    assert answer.status_code == 409
    assert "Ines changed this while your form was open" in said
    assert "asthma, mild" in said
    assert 'value="asthma and hay fever"' in said
    onward = re.search(r'action="(/patients/[^"]+correct/)"', said)[1]
    assert onward != where
    assert post(client, onward, key=key_of(answer), text="asthma and hay fever").status_code == 302
    assert [one.text for one in records.chart(patient).conditions] == ["asthma and hay fever"]
    assert Entry.objects.count() == 3


def test_stale_details_come_back_filled_too(client, patient) -> None:
    where = f"/patients/{patient.id}/details/"
    first, second = get(client, where), get(client, where)
    seen = re.search(r'name="seen" value="([^"]+)"', text(first))[1]
    post(client, where, key=key_of(first), seen=seen, family_name="Berger")
    answer = post(client, where, key=key_of(second), seen=seen, family_name="Keller-Berger")
    assert answer.status_code == 409
    assert 'value="Keller-Berger"' in text(answer)
    assert "Berger" in text(answer)
    again = re.search(r'name="seen" value="([^"]+)"', text(answer))[1]
    assert post(client, where, key=key_of(answer), seen=again, family_name="Keller-Berger").status_code == 302


def test_sent_twice_is_done_once(client, patient) -> None:
    where = f"/patients/{patient.id}/add/condition/"
    key = key_of(get(client, where))
    for _ in range(2):
        assert post(client, where, key=key, text="asthma").status_code == 302
    assert Entry.objects.count() == 1
    answer = post(client, where, key=key, text="psychosis")
    assert answer.status_code == 409
    assert 'value="psychosis"' in text(answer), "nothing that was typed is lost"


def test_a_weight_is_asked_about_on_the_page(client, patient) -> None:
    where = f"/patients/{patient.id}/add/weight/"
    post(client, where, key=str(ids.new()), value="70", unit="kg", when="2026-03-02")
    assert "The last weight was 70 kg (2026-03-02)" in text(get(client, where))
    told = {"key": str(ids.new()), "value": "154", "unit": "kg", "when": "2026-03-03"}
    asked = post(client, where, **told)
    assert asked.status_code == 422
    assert "Was it in pounds? 154 lb is 69.9 kg." in text(asked)
    assert post(client, where, **told, right="yes").status_code == 302


def test_a_review_is_recorded_and_shown(client, patient) -> None:
    where = f"/patients/{patient.id}/review/"
    form = get(client, where)
    seen = re.search(r'name="seen" value="([^"]+)"', text(form))[1]
    on = datetime.now(UTC).date().isoformat()
    assert post(client, where, key=key_of(form), seen=seen, on="soon", domain="medicines").status_code == 422
    assert post(client, where, key=key_of(form), seen=seen, on=on, domain="medicines").status_code == 302
    page = text(get(client, f"/patients/{patient.id}/"))
    assert f"Medicines: reviewed by Lee on {on}" in page
    assert "Allergies: nobody has reviewed this" in page
    stale = post(client, where, key=str(ids.new()), seen=seen, on=on, domain="allergies")
    assert (stale.status_code, "checked" in text(stale)) == (409, True)


def test_one_signature_for_all_that_the_page_shows(client, patient, site, nurse, monkeypatch) -> None:
    entry(patient, nurse, Condition("Condition/a", "asthma"))
    said = [
        (Exposure("", "Zoloft 50", ingredients=("sertraline",)), ""),
        (Exposure("", "a blue pill"), ""),
        (Condition("", "drinks"), SUBSTANCE_USE),
        (Observation("", "phq-9", Decimal(20), on(date(2026, 1, 5))), ""),
        (Observation("", "phq-9", Decimal(14), on(date(2026, 2, 5))), ""),
    ]
    for record, label in said:
        actions.told_by_patient(patient, [record], site_id=site.id, by=None, at=NOW, label=label)
    where = f"/patients/{patient.id}/review/"
    unasked = get(client, where)
    assert unasked.context["whole"] == [], "nobody signs in passing for what no intake asked"
    assert "No intake tells of this" in text(unasked)
    monkeypatch.setattr(review_views, "parts_left_open", lambda _: frozenset())  # tests/web/intake fills one in
    form = get(client, f"{where}?board={site.id}")
    page = text(form)
    for shown in ("Zoloft 50", "a blue pill", "asthma", "Told by the patient", "14", "you may not read"):
        assert shown in page, shown
    assert "drinks" not in page
    assert "<li>Allergy or intolerance</li>" in page[page.index("Nothing is on record of") :]
    fields = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ("seen", "waiting", "whole", "board")
    }
    assert fields["whole"] == ["medicines", "antidepressant_trials", "allergies", "earlier_ketamine"]
    assert "Confirm the medicines as they stand (2) and sign what is complete (4)" in page
    sent = {**fields, "on": datetime.now(UTC).date().isoformat(), "do": "all"}
    before = Entry.objects.count()
    for bad in ({"seen": "999"}, {"on": "soon"}, {"waiting": [str(ids.new())]}):
        assert post(client, where, **sent | {"key": key_of(form)} | bad).status_code in (409, 422), bad
    assert Entry.objects.count() == before
    for _ in range(2):  # a double click
        answer = post(client, where, **sent, key=key_of(form))
        assert answer.url == f"/patients/{patient.id}/screening/?site={site.id}#group-unknown"
    assert Entry.objects.count() == before + 2 + 4
    assert {one.by for one in Entry.objects.filter(kind="exposure", replaces__isnull=False)} == {nurse}
    assert not [row for row in records.current(patient) if records.unconfirmed_medicine(row)]
    assert [one.domain for one in records.chart(patient).coverage] == fields["whole"]
    on_the_record = text(get(client, f"/patients/{patient.id}/"))
    assert "Conditions: nobody has reviewed this" in on_the_record
    form = get(client, where)
    sent = {"key": key_of(form), "seen": re.search(r'name="seen" value="([^"]+)"', text(form))[1], "on": sent["on"]}
    assert "Sign what is complete (4)" in text(form)
    answer = post(client, where, **sent, domain=["conditions", "substance_use"])  # a deliberate tick may sign for more
    assert answer.url == f"/patients/{patient.id}/"
    assert "asthma" in get(client, where, HTTP_ACCEPT_LANGUAGE="zh-Hans").content.decode()


def test_a_look_alike_is_shown_and_can_be_somebody_else(site, client, patient) -> None:
    told = {"family_name": "Kéller", "given_names": "Anna", "birth": "1971", "number": "9", "site": str(site.id)}
    asked = post(client, "/patients/new/", key=str(ids.new()), **told)
    assert asked.status_code == 409
    assert "is registered already" in text(asked)
    seen = re.findall(r'name="not" value="([^"]+)"', text(asked))
    assert seen == [str(patient.id)]
    assert client.post("/patients/new/", {"key": key_of(asked), "not": seen, **told}, secure=True).status_code == 302


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_strings_are_text(site, client, nurse, nasty) -> None:
    kept = nasty.replace("\0", "")
    told = {"family_name": nasty, "given_names": nasty, "language": nasty, "access_needs": nasty}
    made = post(client, "/patients/new/", key=str(ids.new()), number=nasty, site=str(site.id), **told)
    assert made.status_code == 302, text(made)
    for form, more in {
        "condition": {},
        "exposure": {},
        "allergy": {},
        "therapy": {"kind": "ect"},
        "ketamine": {"drug": "ketamine", "route": nasty},
    }.items():
        answer = post(client, f"{made.url}add/{form}/", key=str(ids.new()), text=nasty, **more)
        assert answer.status_code == 302, form
    row = Entry.objects.first()
    for path in (
        made.url,
        f"{made.url}details/",
        f"{made.url}entries/{row.id}/",
        f"{made.url}entries/{row.id}/correct/",
    ):
        page = get(client, path).content.decode()
        assert html.escape(kept) in page
        assert "<script>" not in page
        assert "<img" not in page
    found = post(client, "/patients/", name=nasty, birth=nasty, number=nasty).content.decode()
    assert "<script>" not in found
    post(client, f"{made.url}entries/{row.id}/correct/", key=str(ids.new()), do="withdraw", reason=nasty)
    assert html.escape(kept) in get(client, made.url).content.decode()
    client.post(f"{made.url}import/", {"source": nasty, "file": io.BytesIO(b"{")}, secure=True)


@pytest.mark.parametrize("bad", ["", "x", "0" * 36, "null"])
def test_a_form_without_its_key_is_refused(client, patient, bad) -> None:
    for path in ("add/condition/", "review/", "details/"):
        told = {"key": bad, "seen": "x", "text": "x", "family_name": "x"}
        assert post(client, f"/patients/{patient.id}/{path}", **told).status_code == 400
    assert post(client, "/patients/new/", key=bad, family_name="x", number="1").status_code == 400


def test_unknown_forms_and_files_are_not_found_or_said(client, patient) -> None:
    assert get(client, f"/patients/{patient.id}/add/horoscope/").status_code == 404
    where = f"/patients/{patient.id}/import/"
    assert "No file was chosen" in text(post(client, where, source="x"))
    for size in (20 * 2**20 + 1, 25 * 2**20):
        large = client.post(where, {"source": "x", "file": io.BytesIO(b" " * size)}, secure=True)
        assert (large.status_code, "at most 20 MB" in text(large)) == (422, True)


def test_what_a_file_could_not_say_is_told_in_the_language_of_the_reader(client, patient) -> None:
    client.cookies["__Host-language"] = "zh-hans"
    broken = {"resourceType": "Condition", "code": 7, "subject": {"reference": "Patient/demo-dee"}}
    bundle = demo_records()[3].bundle()
    bundle["entry"].append({"resource": broken})
    where, chinese = f"/patients/{patient.id}/", "未说明是哪种病症：既无编码也无文字。请补充其一。"

    def bring(content: bytes, to: str = f"{where}import/"):
        return client.post(to, {"source": "Riverside", "file": io.BytesIO(content)}, secure=True)

    assert "无法读取文件。文件为空" in text(bring(b" "))
    assert "文件中没有患者。这是 JSON，但不是 FHIR" in text(bring(b"{}"))
    assert "文件为空" in text(bring(b" ", "/patients/arrivals/"))
    there = bring(json.dumps(bundle).encode()).url
    look = get(client, there)
    assert chinese in text(look)
    post(client, there, key=key_of(look), same_person="yes")
    assert chinese in text(get(client, where)) + text(get(client, f"{where}?page=2"))
    assert chinese in text(get(client, f"{where}screening/"))


def test_what_a_file_says_that_nobody_can_correct_has_no_form(client, patient, nurse) -> None:
    from daybreak.clinical.answers import Reason
    from daybreak.clinical.records import Problem

    row = entry(patient, nurse, Problem("file", Reason("fhir.too-deep")))
    assert get(client, f"/patients/{patient.id}/entries/{row.id}/").status_code == 200
    assert get(client, f"/patients/{patient.id}/entries/{row.id}/correct/").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, "entry", "correct", "look"])
def test_the_number_of_queries_does_not_grow(client, site, nurse, path) -> None:
    patient = samples.make(site, nurse)
    named = {"entry": f"entries/{samples.ENTRY}/", "correct": f"entries/{samples.ENTRY}/correct/"}
    where = f"/patients/{patient.id}/{named.get(path, f'import/{samples.DOCUMENT}/' if path == 'look' else path)}"

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert get(client, where).status_code == 200
        return sum(not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"]) for one in queries)

    asked()
    few = asked()
    for number in range(30):
        entry(patient, nurse, Exposure(f"x{number}", "sertraline", ("sertraline",)))
    assert asked() == few
    assert few <= 15


def test_the_search_asks_as_much_for_many_as_for_one(client, site, nurse) -> None:
    registered(site, nurse)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            post(client, "/patients/", name="Keller")
        return len(queries)

    asked()
    few = asked()
    for number in range(15):
        registered(site, nurse, number=f"n{number}")
    assert asked() == few <= 15


def test_the_pages_speak_chinese(client, patient, nurse) -> None:
    entry(patient, nurse, Exposure("x", "sertraline", ("sertraline",), stop="no effect"))
    client.cookies["__Host-language"] = "zh-hans"
    page = text(get(client, f"/patients/{patient.id}/"))
    for said in ("舍曲林", "无效", "全部记录", "尚无人核查"):
        assert said in page
    assert "岁" in page
    refused = post(client, f"/patients/{patient.id}/add/exposure/", key=str(ids.new()), text="x", dose="viel")
    assert "每日剂量（mg）：“viel”不是合适的数字" in text(refused)
