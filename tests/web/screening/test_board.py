"""Does the board say what is known, ask for what is missing, and take the answer right there?"""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.clinical.answers import Reason
from daybreak.clinical.records import Exposure, Observation, Problem
from daybreak.knowledge.sentences import language
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.patients import actions as patients
from daybreak.web.patients import queries, records
from daybreak.web.patients.models import Entry
from daybreak.web.people import actions as people_actions
from daybreak.web.people.roles import Role
from daybreak.web.screening import actions
from daybreak.web.screening.cards import side_by_side
from daybreak.web.screening.judging import judge
from daybreak.web.screening.models import Override, Snapshot
from tests.clinical.screening.build import allergy, chart, cleared, condition, exposure, observation
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.screening.samples import SOON, US, adopted, today, told
from tests.web.screening.test_signing import override, psychotic

NASTY = ["<script>alert(1)</script>", "';--", "{{ 7*7 }}", "&lt;b&gt;", "\u202eabc", "名" * 30]


def board(browser, patient, **how):
    return browser.get(f"/patients/{patient.id}/screening/", secure=True, **how)


def page(browser, patient, **how) -> str:
    answer = board(browser, patient, **how)
    assert answer.status_code == 200
    return answer.content.decode()


def post(browser, patient, **form):
    return browser.post(f"/patients/{patient.id}/screening/", {"key": str(ids.new()), **form}, secure=True)


@pytest.fixture
def unasked(site, doctor):
    """A patient of whom nobody has asked anything."""
    found = registered(site, doctor, number="9")
    told(found, doctor, chart(condition("major_depression", text="Depression"), exposure("sertraline", dose=None)))
    return found


def test_a_complete_record_reads_eligible(site, doctor, patient) -> None:
    adopted(site, doctor)
    text = page(signed_in(doctor), patient)
    assert text.count(">eligible</span>") == 6
    assert "Adopted at Main Street by Okafor" in text
    assert text.count("Not adopted at Main Street: for reading only") == 5
    assert "<svg" in text
    assert "Needs information" not in text
    assert Line.objects.filter(action="read", object_type="screening", subject=patient.id, who=doctor.id).exists()


def test_what_is_missing_is_asked_for_right_there(doctor, unasked) -> None:
    text = page(signed_in(doctor), unasked)
    for about in ("pregnancy_status", "breastfeeding_status", "c-ssrs-screen.risk", "pressure", "review", "dose"):
        assert f'name="about" value="{about}"' in text, about
    assert "Needs information" in text
    assert "Go ahead with a reason" in text


def test_of_an_empty_record_the_headline_says_that_it_cannot_be_told(site, doctor) -> None:
    nobody = registered(site, doctor, number="77")
    assert judge(nobody, site, at=NOW).decisions[0].trd.word == "indeterminate"
    shown = page(signed_in(doctor), nobody)
    assert re.search(r"treatment resistance\s*–?\s*(<[^>]*>\s*)*cannot be told", shown)


def test_the_protocols_stand_side_by_side(site, patient, doctor) -> None:
    told(patient, doctor, chart(condition("psychosis")))
    judged = judge(patient, site, at=NOW)
    found = side_by_side(judged, language("en"))
    assert found["columns"][:3] == ["Esketamine EU", "Esketamine US, suicidal", "Esketamine US"]
    cells = dict(found["rows"])
    weighed = {  # as each protocol says itself
        by.protocol.id: {"absolute": "not-met", "required": "not-met"}.get(f.criterion.strength, "caution")
        for by in judged.decisions
        for f in by.findings
        if f.criterion.name == "no_psychosis"
    }
    assert cells["No history of psychosis"] == [weighed[d.protocol.id] for d in judged.decisions]
    assert {"not-met", "caution"} <= set(weighed.values())
    assert "met" not in {cell for cells in found["rows"] for cell in cells[1] if len(set(cells[1])) == 1}
    for number, d in enumerate(judged.decisions):
        asked = [f for f in d.findings if f.criterion.when == "screening"]
        assert sum(row[1][number] is not None for row in found["rows"]) + found["clear"][number] == len(asked)
    text = page(signed_in(doctor), patient)
    assert "The protocols side by side" in text
    assert re.search(r'class="sign-bar".*href="#group-not-met"', text, re.DOTALL)


def test_ids_are_unique_and_labels_lead_to_fields(doctor, unasked) -> None:
    text = page(signed_in(doctor), unasked)
    found = re.findall(r'\sid="([^"]+)"', text)
    assert len(found) == len(set(found))
    assert set(re.findall(r'for="([^"]+)"', text)) <= set(found)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"about": "pregnancy_status", "value": "not_pregnant"}, [("pregnancy_status", "not_pregnant")]),
        ({"about": "breastfeeding_status", "value": "breastfeeding"}, [("breastfeeding_status", "breastfeeding")]),
        ({"about": "c-ssrs-screen.risk", "value": "high"}, [("c-ssrs-screen.risk", "high")]),
        (
            {"about": "pressure", "systolic": "142", "diastolic": "88,5"},
            [("systolic", Decimal(142)), ("diastolic", Decimal("88.5"))],
        ),
    ],
)
def test_an_answer_becomes_an_entry_once(doctor, unasked, form, expected) -> None:
    browser = signed_in(doctor)
    key = str(ids.new())
    for _ in range(2):
        assert post(browser, unasked, key=key, **form).status_code == 302
    found = [o for o in records.chart(unasked).observations if isinstance(o, Observation)]
    assert [(o.kind, o.value) for o in found] == expected
    assert all(o.when and o.when.exact for o in found)


def test_high_risk_is_the_first_line(doctor, unasked) -> None:
    browser = signed_in(doctor)
    post(browser, unasked, about="c-ssrs-screen.risk", value="high")
    text = page(browser, unasked)
    assert 'class="urgent"' in text
    assert text.index('class="urgent"') < text.index('id="decision-heading"')
    assert 'name="about" value="suicide_assessment"' in text, "a screener does not answer a high risk, a clinician does"
    post(browser, unasked, about="suicide_assessment", value="done")
    assert 'class="urgent"' not in page(browser, unasked)


def test_a_review_is_of_what_was_seen(doctor, unasked) -> None:
    browser = signed_in(doctor)
    old = post(browser, unasked, about="review", of="conditions,psychiatric_history", seen="0")
    assert old.status_code == 409
    seen = str(queries.state(unasked))
    done = post(browser, unasked, about="review", of="conditions,psychiatric_history", seen=seen)
    assert done.status_code == 302
    assert [c.domain for c in records.chart(unasked).coverage] == ["conditions", "psychiatric_history"]


def test_the_dose_of_a_trial_is_a_correction(doctor, unasked) -> None:
    browser = signed_in(doctor)
    ref = records.chart(unasked).exposures[0].ref
    assert post(browser, unasked, about="dose", of=ref, value="150").status_code == 302
    (taken,) = records.chart(unasked).exposures
    assert isinstance(taken, Exposure)
    assert (taken.ref, taken.dose) == (ref, Decimal(150))
    assert Entry.objects.filter(patient=unasked, kind="exposure").count() == 2, "the old version stays"
    assert post(browser, unasked, about="dose", of=ref, value="200").status_code == 409
    assert post(browser, unasked, about="dose", of="MedicationStatement/none", value="200").status_code == 409


@pytest.mark.parametrize(
    "form",
    [
        {"about": "pressure", "systolic": "1420", "diastolic": "88"},
        {"about": "pressure", "systolic": "88", "diastolic": "142"},
        {"about": "pressure", "systolic": "<b>", "diastolic": ""},
        {"about": "pressure", "systolic": "NaN", "diastolic": "Infinity"},
        {"about": "pregnancy_status", "value": "perhaps"},
        {"about": "dose", "of": "x", "value": "-1"},
        {"about": "dose", "of": "x", "value": "many"},
        {"about": "review", "of": "nothing", "seen": "x"},
        {"about": "nothing"},
        {},
        {"about": "pregnancy_status", "value": "pregnant", "key": "x"},
    ],
)
def test_a_wrong_answer_is_refused_with_a_sentence(doctor, unasked, form) -> None:
    before = Entry.objects.count()
    answer = post(signed_in(doctor), unasked, **form)
    assert answer.status_code in (400, 409, 422)
    assert 'role="alert"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_texts_stay_text(site, doctor, nasty) -> None:
    found = registered(site, doctor, number="66", family_name=nasty)
    whole = chart(
        condition("psychosis", text=nasty), exposure("sertraline", text=nasty), allergy("ketamine", text=nasty)
    )
    told(found, doctor, whole)
    text = page(signed_in(doctor), found)
    assert "<script>" not in text
    assert "49" not in re.findall(r"\b49\b", text)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_languages(doctor, unasked, language) -> None:
    text = page(signed_in(doctor), unasked, headers={"accept-language": language})
    assert ("需要信息" in text) is (language == "zh-hans")
    assert f'lang="{language}"' in text


def test_who_may_not_sign_sees_no_way_to(site, person, patient) -> None:
    nurse = signed_in(person("lee", Role.NURSE))
    text = page(nurse, patient)
    assert "Sign the decision" not in text
    assert "go ahead" not in text
    assert "A prescriber signs the decision" in text


def test_a_patient_of_another_site_does_not_exist(site, person, patient) -> None:
    other = people_actions.found(organisation="Dawn", site="Harbour", rooms=[], at=NOW)
    stranger = signed_in(person("ruiz", Role.PRESCRIBER, at_site=other))
    for rest in ("", "sign/", f"exception/{US}/no_psychosis/", f"signed/{ids.new()}/", f"exceptions/{ids.new()}/"):
        assert stranger.get(f"/patients/{patient.id}/screening/{rest}", secure=True).status_code == 404


def test_what_was_typed_comes_back(doctor, unasked) -> None:
    text = post(signed_in(doctor), unasked, about="pressure", systolic="1420", diastolic="88").content.decode()
    assert 'value="1420"' in text
    assert 'value="88"' in text


def test_the_signer_sees_what_is_to_be_weighed(site, doctor) -> None:
    adopted(site, doctor)
    found = registered(site, doctor, number="71")
    whole = cleared()
    told(found, doctor, today(replace(whole, exposures=(*whole.exposures, exposure("lorazepam", dose=1)))))
    text = signed_in(doctor).get(f"/patients/{found.id}/screening/sign/", secure=True).content.decode()
    assert re.search(r"to be weighed: [^<]*lorazepam", text, re.I)


def test_a_board_that_is_out_of_date_leads_to_no_signature(site, doctor, patient) -> None:
    adopted(site, doctor)
    browser = signed_in(doctor)
    link = re.search(r'href="(/patients/[^"]*/screening/sign/[^"]*)"', page(browser, patient)).group(1)
    link = link.replace("&amp;", "&")
    assert 'name="outcome"' in browser.get(link, secure=True).content.decode()
    told(patient, doctor, chart(condition("psychosis", text="Psychotic disorder")))
    answer = browser.get(link, secure=True)
    assert answer.status_code == 409
    assert 'name="outcome"' not in answer.content.decode()
    assert "has changed since" in answer.content.decode()


def test_what_is_not_there_is_not_found(doctor, patient) -> None:
    browser = signed_in(doctor)
    for rest in ("exception/nothing/adult/", f"exception/{US}/nothing/", f"signed/{ids.new()}/", "?site=x"):
        assert browser.get(f"/patients/{patient.id}/screening/{rest}", secure=True).status_code == 404


def test_the_board_asks_the_database_at_most_15_times(site, doctor, patient) -> None:
    adopted(site, doctor)
    browser = signed_in(doctor)
    counts = []
    for more in (0, 40):
        for n in range(more):
            told(patient, doctor, chart(observation("phq-9", 10 + n % 9, f"2026-{1 + n % 9:02}-10")))
        with CaptureQueriesContext(connection) as asked:
            page(browser, patient)
        print("\n".join(q["sql"][:230] for q in asked))
        counts.append(len([q for q in asked if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1] <= 15, counts


def test_from_exception_to_signature_in_the_browser(site, doctor, evaluator) -> None:
    adopted(site, doctor)
    found = registered(site, doctor, number="70")
    more = condition("psychosis", text="Psychotic disorder", onset="2019-01-01")
    whole = cleared()
    told(found, doctor, today(replace(whole, conditions=(*whole.conditions, more))))
    here = f"/patients/{found.id}/screening/"
    first, other = signed_in(doctor), signed_in(evaluator)

    def hidden(text: str, name: str) -> str:
        return re.search(f'name="{name}" value="([^"]*)"', text).group(1)

    text = first.get(f"{here}exception/{US}/no_psychosis/", secure=True).content.decode()
    form = {"key": hidden(text, "key"), "seen": hidden(text, "seen"), "code": "specialist_advice"}
    empty = first.post(f"{here}exception/{US}/no_psychosis/", {**form, "reason": ""}, secure=True)
    assert (empty.status_code, "checked" in empty.content.decode()) == (422, True), "nothing that was chosen is lost"
    done = first.post(f"{here}exception/{US}/no_psychosis/", {**form, "reason": "in remission"}, secure=True)
    assert done.status_code == 302
    row = Override.objects.get()
    assert "waits for a second signature" in page(first, found)
    signing = first.get(f"{here}sign/", secure=True).content.decode()
    assert "without an exception: No history of psychosis" in signing
    shown = other.get(f"{here}exceptions/{row.id}/", secure=True).content.decode()
    assert "Psychotic disorder" in shown, "the second signer sees what it is about"
    assert "in remission" in shown
    other.post(f"{here}exceptions/{row.id}/", {"key": str(ids.new()), "act": "second"}, secure=True)
    assert "exception signed by Okafor" in page(other, found)
    signing = first.get(f"{here}sign/", secure=True).content.decode()
    form = {"key": hidden(signing, "key"), "seen": hidden(signing, "seen"), "protocol": US, "outcome": "treat"}
    signed = first.post(f"{here}sign/", form, secure=True)
    again = first.post(f"{here}sign/", form, secure=True)
    assert (signed.status_code, signed["Location"]) == (302, again["Location"])
    kept = other.get(signed["Location"], secure=True).content.decode()
    assert "in remission" in kept
    assert "its digest still fits" in kept
    assert f"{Snapshot.objects.get().digest[:12]}" in kept
    assert "treatment may be offered, signed by Okafor" in page(first, found)


def test_an_altered_snapshot_says_so(site, doctor, patient) -> None:
    adopted(site, doctor)
    row = Snapshot.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, patient=patient, site=site, by=doctor,
        protocol=US, version="x", digest="0" * 64, knowledge_digest="0" * 64, status="eligible", outcome="treat",
        language="en", content_digest="0" * 64,
        content=json.dumps({"decisions": [{"protocol": {"id": US}, "findings": [], "trd": {"trials": []}}], "exceptions": []}),
    )  # fmt: skip
    text = signed_in(doctor).get(f"/patients/{patient.id}/screening/signed/{row.id}/", secure=True).content.decode()
    assert "does not fit its digest" in text


def test_exceptions_need_a_step_up(site, doctor, unasked) -> None:
    browser = signed_in(doctor, began=time.time() - 3600)
    here = f"/patients/{unasked.id}/screening/exception/{US}/no_psychosis/"
    text = browser.get(here, secure=True).content.decode()
    assert 'name="confirm"' in text
    form = {"key": str(ids.new()), "seen": "x", "code": "other", "reason": "kept words", "confirm": "wrong"}
    answer = browser.post(here, form, secure=True)
    assert (answer.status_code, Override.objects.count()) == (422, 0)
    assert "kept words" in answer.content.decode()


def test_the_board_asks_the_database_at_most_fifteen_times(
    site, doctor, evaluator, django_assert_max_num_queries
) -> None:
    """With an exception that two have signed, a decision, and an answer about suicide, with its task and the crisis card."""
    found = psychotic(site, doctor)
    actions.second(override(found, site, doctor, "no_psychosis"), by=evaluator, at=SOON, key=ids.new())
    patients.add(found, observation("c-ssrs-screen.risk", "high"), by=doctor, at=SOON, key=ids.new())
    browser = signed_in(doctor)
    browser.get(f"/patients/{found.id}/screening/", secure=True)  # knowledge is read
    with django_assert_max_num_queries(15):
        assert browser.get(f"/patients/{found.id}/screening/", secure=True).status_code == 200


def test_no_problem_of_a_record_is_left_out_however_many_there_are(site, doctor, patient) -> None:
    for n in range(15):
        about = Problem(f"Observation/broken-{n}", Reason("fhir.as-written", {"text": f"flaw {n}"}))
        records.entry(about, patient=patient, by=doctor, at=SOON).save(force_insert=True)
    page = signed_in(doctor).get(f"/patients/{patient.id}/screening/", secure=True).content.decode()
    assert all(page.count(f"Observation/broken-{n}:") == 1 for n in range(15))
    assert "Show the others: 0 with unknown codes, 3 with problems" in page
