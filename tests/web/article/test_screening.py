"""Does what the source article wants known before treatment stand on the board, with its source, once a page was told it?"""

from __future__ import annotations

import re

import pytest

from daybreak.web import ids
from daybreak.web.patients import queries
from tests.clinical.screening.build import chart, condition, exposure
from tests.web.article.points import journey, journeys, page, plain
from tests.web.conftest import signed_in
from tests.web.patients.samples import registered
from tests.web.screening.conftest import doctor, evaluator, patient, the_day_of_the_records
from tests.web.screening.samples import told

__all__ = ["doctor", "evaluator", "patient", "the_day_of_the_records"]
OPEN, STOPS, WEIGHS, MET = "unknown", "not-met", "caution", "met"
CARD = re.compile(r'<article class="finding finding-.*?</article>', re.DOTALL)


@pytest.fixture
def unasked(site, doctor):
    """Somebody with depression who takes one medicine; of nothing else was anybody asked."""
    found = registered(site, doctor, number="9")
    told(found, doctor, chart(condition("major_depression", text="Depression"), exposure("sertraline", dose=None)))
    return found


def board(client, of) -> str:
    return page(client, f"/patients/{of.id}/screening/")


def answers(client, patient, **form) -> None:
    """The small forms on the board."""
    sent = {"key": str(ids.new()), **form}
    assert client.post(f"/patients/{patient.id}/screening/", sent, secure=True).status_code == 302


def adds(client, of, form: str, **fields: str) -> None:
    """The form of the record for an entry of that kind."""
    answer = client.post(f"/patients/{of.id}/add/{form}/", {"key": str(ids.new()), **fields}, secure=True)
    assert answer.status_code == 302, plain(answer.content.decode())


def reviewed(client, of, *domains: str) -> None:
    answers(client, of, about="review", of=",".join(domains), seen=str(queries.state(of)))


def stands(text: str, title: str) -> str:
    """How the board answers the question of that title."""
    for one in CARD.findall(text):
        if about(one, title):
            return re.findall(r"finding-([a-z-]+)", one)[0]
    met = re.search(r'<ul class="met-list">(.*?)</ul>', text, re.DOTALL)
    return MET if met and about(met[1], title) else "not asked"


def about(inside: str, title: str) -> bool:
    """A title may begin another one; several that wait for the same stand in one line."""
    return title in (piece.strip() for piece in re.split(r"<[^>]*>|: | · ", inside))


def card(text: str, title: str) -> str:
    """All that the board says of it."""
    (one,) = [one for one in CARD.findall(text) if about(one, title)]
    return one


# ---------- what interferes ----------
def ill(text: str):
    return "condition", {"text": text, "clinical": "active", "verification": "confirmed", "onset": "2026-09-01"}, text


@journeys(
    12,
    {
        "substances": ("No active substance use", STOPS, *ill("Alcohol dependence")),
        "psychosis": ("No history of psychosis", STOPS, *ill("Schizophrenia")),
        "skull-pressure": ("No history of raised intracranial pressure", STOPS, *ill("Intracranial hypertension")),
        "pregnancy": (
            *("Is not pregnant", STOPS, "observation"),
            *({"kind": "pregnancy_status", "value": "pregnant", "when": "2026-11-24"}, "pregnant"),
        ),
        "blood-pressure": ("Blood pressure is controlled over weeks", STOPS, *ill("Uncontrolled hypertension")),
        "heart": ("No acute or unstable heart disease", STOPS, *ill("Unstable angina")),
        "bad-response": (
            *("No earlier bad response to ketamine", WEIGHS, "ketamine"),
            *(
                {"text": "ketamine 35 mg", "drug": "ketamine", "when": "2025-03-03", "response": "bad"},
                "ketamine 35 mg",
            ),
        ),
    },
)
def test_what_a_page_was_told_stands_in_the_way_with_its_source(patient, doctor, case) -> None:
    title, how, form, fields, rests_on = case
    client = signed_in(doctor)
    before = stands(board(client, patient), title)
    adds(client, patient, form, **fields)
    text = board(client, patient)
    assert (before, stands(text, title)) == (MET, how)
    said = card(text, title)
    assert rests_on in plain(said)
    assert plain(re.findall(r'<p class="source">(.*?)</p>', said, re.DOTALL)[-1]), "who says that it stands in the way"


# ---------- what the statement of 2017 wants before the first dose ----------
def assessed(client, of) -> None:
    answers(client, of, about="c-ssrs-screen.risk", value="low")
    reviewed(client, of, "conditions", "psychiatric_history", "substance_use")
    adds(client, of, "observation", kind="madrs", value="34", when="2026-11-03")


def treated_before(client, of) -> None:
    trial = {"status": "ended", "stop": "no effect", "indication": "depression", "improvement": "10", "adherence": "90"}
    for medicine, dose, start, end in (
        ("venlafaxine", "225", "2024-06-01", "2024-09-01"),
        ("bupropion", "300", "2024-10-01", "2025-01-01"),
    ):
        adds(client, of, "exposure", text=medicine, dose=dose, start=start, end=end, **trial)


def examined(client, of) -> None:
    reviewed(client, of, "conditions", "medicines", "allergies")


@journeys(
    10,
    {
        "assessment": (
            (
                "Psychiatric history and substance use are assessed",
                "Suicide risk has been asked about, and what was urgent has been assessed",
                "Severity is measured on a scale",
            ),
            assessed,
        ),
        "usual-treatment": (("Adequate treatments have failed",), treated_before),
        "general-health": (("General health, medicines and allergies are assessed",), examined),
    },
)
def test_what_must_be_known_first_is_asked_until_somebody_answers(unasked, doctor, case) -> None:
    titles, answer = case
    client = signed_in(doctor)
    text = board(client, unasked)
    assert {title: stands(text, title) for title in titles} == dict.fromkeys(titles, OPEN)
    answer(client, unasked)
    text = board(client, unasked)
    assert {title: stands(text, title) for title in titles} == dict.fromkeys(titles, MET)


# ---------- resistance, what comes with it, what is approved ----------
@journey(2)
def test_resistance_is_what_two_treatments_that_did_not_work_show(unasked, doctor, of) -> None:
    client = signed_in(doctor)

    def said() -> str:
        (headline,) = re.findall(r'<h2 id="story-heading">(.*?)</h2>', board(client, unasked), re.DOTALL)
        return plain(headline)

    assert said().endswith("cannot be told")
    treated_before(client, unasked)
    assert said().endswith("– yes")


@journey(5)
def test_what_comes_with_resistance_is_looked_for_and_adds_up_to_nothing(unasked, doctor, of) -> None:
    client = signed_in(doctor)

    def worth_knowing() -> str:
        return board(client, unasked).split("Worth ruling out or knowing")[1].split("</section>")[0]

    before = set(re.findall(r"<strong>(.*?)</strong>", worth_knowing()))
    assert {"Female sex", "Age", "Chronic pain", "Thyroid disease"} <= before
    assert {"Eating disorder", "Substance use", "Sleep disorder"} <= before
    adds(client, unasked, "condition", text="Anorexia nervosa", clinical="active", verification="confirmed")
    assert re.search(r"Eating disorder \([^)]*Anorexia nervosa", plain(worth_knowing()))


@journey(7)
def test_the_spray_is_on_label_with_its_conditions_and_the_infusion_is_not(patient, doctor, of) -> None:
    text = board(signed_in(doctor), patient)
    lines = dict(re.findall(r'<a href="/clinic/protocols/([a-z-]+)/">(.*?)</li>', text, re.DOTALL))
    assert "off-label" not in lines["esketamine-nasal-us"]
    assert "off-label" in lines["ketamine-iv-consensus"]
    assert stands(text, "Takes another antidepressant") == stands(text, "Adequate treatments have failed") == MET
