"""Does what a patient types on the phone stand in the record as theirs, whole, and never as more than they said?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from daybreak.clinical.answers import UNREADABLE
from daybreak.knowledge.store import loaded
from daybreak.web import ids
from daybreak.web.forms import actions, form, makers, queries
from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID
from daybreak.web.forms.models import Ended, Mode
from daybreak.web.intake import asked
from daybreak.web.intake import told as in_record
from daybreak.web.links import actions as links
from daybreak.web.links.models import FORM
from daybreak.web.links.tokens import token
from daybreak.web.patients import access, records
from daybreak.web.patients import actions as patients
from daybreak.web.patients import queries as patient_queries
from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.patients.models import PATIENT, Entry
from daybreak.web.people.roles import Role
from daybreak.web.screening.judging import judge
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, browser, signed_in
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered
from tests.web.screening import samples
from tests.web.screening.samples import SOON, US

INTAKE = "intake:intake"
WHOLE = {
    "why": "To work again",
    "since": "2025-03",
    "antidepressants": "sertraline venlafaxine",
    "sertraline.dose": "150",
    "sertraline.start": "2025-04",
    "sertraline.taking": "no",
    "sertraline.end": "2025-08",
    "sertraline.improvement": "10",
    "sertraline.stop": "no-effect",
    "venlafaxine.dose": NOT_KNOWN,
    "venlafaxine.start": "2025-09",
    "venlafaxine.taking": "yes",
    "venlafaxine.improvement": NOT_SAID,
    "other-antidepressants": NOT_SAID,
    "medicines": "ibuprofen now and then",
    "talked": "yes",
    "talked-what": "CBT",
    "talked-start": "2025",
    "stimulated": "none",
    "conditions": "hypertension aneurysmal_vascular_disease",
    "substances": "alcohol",
    "allergic": "yes",
    "allergies": "penicillin\nlatex",
    "ketamine": "ketamine",
    "ketamine-when": "2019",
    "ketamine-response": "bad",
    "pregnancy": "not_pregnant",
    "breastfeeding": "breastfeeding",
    "access": "I hear badly",
} | {f"phq-9.{n}": "2" for n in range(1, 10)}
WHOLE |= {f"phq-9.{id}": value for id, value in FOLLOWED.items()}


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


@pytest.fixture
def sitting(patient, nurse):
    return actions.ask(patient, INTAKE, mode=Mode.LINK, language="en", by=nurse, at=NOW, key=ids.new())


def criteria(patient, site, *, at=SOON) -> dict[str, str]:
    """The verdict of each criterion, freshly read."""
    decision = judge(type(patient).objects.get(pk=patient.pk), site, at=at).decision(US)
    return {one.criterion.name: one.answer.verdict.value for one in decision.findings}


def answered(sitting, said) -> bool:
    over = False
    for n, (question, value) in enumerate(said.items()):
        over = actions.answer(sitting, question, value, by=None, at=NOW + timedelta(seconds=n))
    return over


def test_everything_that_was_said_stands_in_the_record_as_theirs(patient, sitting) -> None:
    assert answered(sitting, WHOLE)
    chart = records.chart(patient)
    ibuprofen, sertraline, venlafaxine = sorted(chart.exposures, key=lambda one: one.text)
    assert (ibuprofen.text, ibuprofen.ingredients, ibuprofen.status) == ("ibuprofen now and then", (), "active")
    assert [(one.text, one.domain) for one in chart.unmapped] == [("ibuprofen now and then", "medicines")]
    assert (sertraline.ingredients, sertraline.dose, sertraline.improvement, sertraline.stop) == (
        ("sertraline",),
        150,
        10,
        "no effect",
    )
    assert (str(sertraline.start), str(sertraline.end), sertraline.status) == ("2025-04", "2025-08", "ended")
    assert (venlafaxine.dose, venlafaxine.improvement, venlafaxine.status) == (UNREADABLE, None, "active")
    assert str(chart.episode.start) == "2025-03"
    assert {(one.kind, one.text) for one in chart.therapies} == {("psychotherapy", "CBT")}
    assert {c for one in chart.conditions for c in one.concepts} == {
        "hypertension",
        "aneurysmal_vascular_disease",
        "substance_use_disorder",
    }
    assert {one.verification for one in chart.conditions} == {"unconfirmed"}
    assert {one.text for one in chart.allergies} == {"penicillin", "latex"}
    assert [(one.drug, str(one.when), one.response) for one in chart.ketamine] == [("ketamine", "2019", "bad")]
    values = {one.kind: one.value for one in chart.observations}
    assert values["pregnancy_status"] == "not_pregnant"
    assert values["breastfeeding_status"] == "breastfeeding"
    assert values["phq-9"] == 18
    assert {row.origin for row in Entry.objects.all()} == {PATIENT}
    assert not chart.coverage  # nothing that a patient says counts as reviewed
    assert [row.sensitivity for row in Entry.objects.filter(reference__startswith="Condition")].count(
        SUBSTANCE_USE
    ) == 1
    assert {one.kind for one in Task.objects.all()} == {"suicide", "other"}


def test_an_answer_about_suicide_calls_before_the_form_is_over(patient, sitting) -> None:
    answered(sitting, {"phq-9.9": "1"})
    assert Task.objects.get().kind == "suicide"
    assert [one.kind for one in records.chart(patient).observations] == ["phq-9.item-9"]


def test_what_was_not_said_stands_nowhere(patient, sitting, nurse) -> None:
    nothing = dict.fromkeys(WHOLE, NOT_SAID) | {f"phq-9.{n}": "0" for n in range(1, 10)}
    nothing = {id: value for id, value in nothing.items() if "." not in id or re.fullmatch(r"phq-9\.\d", id)}
    for id in ("talked-what", "talked-start", "allergies", "ketamine-when", "ketamine-response"):
        nothing.pop(id)
    assert answered(sitting, nothing)
    chart = records.chart(patient)
    assert {one.kind: one.value for one in chart.observations if not one.kind.startswith("phq")} == {
        "pregnancy_status": "declined"
    }
    for part in (chart.exposures, chart.conditions, chart.allergies, chart.ketamine, chart.therapies):
        assert part == ()
    assert chart.episode is None


@pytest.mark.parametrize("value", ["no", NOT_KNOWN, NOT_SAID])
def test_who_has_no_allergy_says_so_and_is_not_asked_which(patient, sitting, nurse, value) -> None:
    said = {id: words for id, words in WHOLE.items() if id != "allergies"} | {"allergic": value}
    assert answered(sitting, said)
    assert records.chart(patient).allergies == ()
    page = signed_in(nurse).get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert ("Are you allergic to any medicine?" in page) is (value != "no")
    made = makers.form(INTAKE, "en")
    assert "allergies" not in [one.id for one in form.asked(made, {"allergic": value})]
    assert "allergies" in [one.id for one in form.asked(made, {"allergic": "yes"})]


@pytest.mark.parametrize("value", [NOT_SAID, NOT_KNOWN])
def test_what_somebody_has_and_does_not_name_is_no_absence(site, patient, sitting, person, nurse, value) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    samples.told(patient, doctor)
    said = {"allergies": value, "ketamine": NOT_KNOWN, "substances": NOT_SAID, "pregnancy": NOT_KNOWN, "phq-9.9": "0"}
    whole = {id: words for id, words in WHOLE.items() if not id.startswith("ketamine-") and "followup" not in id}
    assert answered(sitting, whole | said)
    (allergy,) = records.chart(patient).allergies
    assert (allergy.substances, allergy.verification) == (UNREADABLE, "unconfirmed")
    assert "did not say which" in allergy.text
    for reader, sees in ((doctor, True), (nurse, False)):
        client = signed_in(reader)
        for where in ("", "review/"):
            page = client.get(f"/patients/{patient.id}/{where}", secure=True).content.decode()
            for asked_for in ("ketamine or esketamine, for whatever reason", "Which medicines are you allergic to"):
                assert asked_for in page, (reader, where)
            assert ("Is one of these a problem for you now" in page) is sees
    seen = patient_queries.state(patient)
    patients.review(patient, ["allergies"], on=SOON.date(), seen=seen, by=doctor, at=SOON, key=ids.new())
    verdicts = criteria(patient, site)
    assert (verdicts["no_hypersensitivity"], verdicts["not_pregnant"]) == ("unknown", "unknown")


def test_a_part_that_the_patient_left_open_is_signed_for_by_itself(patient, sitting, person, nurse) -> None:
    told = WHOLE | {"medicines": NOT_KNOWN, "substances": NOT_SAID, "phq-9.9": "0"}
    answered(sitting, {id: value for id, value in told.items() if "followup" not in id})
    later = {"mode": Mode.LINK, "language": "en", "by": nurse, "at": NOW}
    actions.end(actions.ask(patient, INTAKE, **later, key=ids.new()), how=Ended.WITHDRAWN, by=nurse, at=NOW)
    page = signed_in(person("okafor", Role.PRESCRIBER)).get(f"/patients/{patient.id}/review/", secure=True)
    apart = {"medicines", "substance_use", "antidepressant_trials"}  # of other antidepressants nothing was said
    assert {domain for domain, _, _, why in page.context["domains"] if why} == apart
    assert apart.isdisjoint(page.context["whole"])
    part = actions.ask(patient, INTAKE, **later, key=ids.new())
    answered(part, {"allergic": "no"})
    actions.end(part, how=Ended.AS_FAR, by=nurse, at=SOON)
    page = signed_in(person("vale", Role.PRESCRIBER)).get(f"/patients/{patient.id}/review/", secure=True)
    assert page.context["whole"] == ["allergies"], "what was not asked is not answered"


def test_dates_that_contradict_each_other_lose_the_dates_and_not_the_medicine(patient, sitting, nurse) -> None:
    answered(sitting, WHOLE | {"sertraline.start": "2025-08", "sertraline.end": "2025-04"})
    (sertraline,) = [one for one in records.chart(patient).exposures if one.text == "sertraline"]
    assert (sertraline.ingredients, sertraline.start, sertraline.end) == (("sertraline",), None, None)


@pytest.mark.parametrize("typed", ["phenelzine 45 mg, lorazepam 2,5 mg", "苯乙肼 45 mg、劳拉西泮 2,5 mg"])
def test_a_medicine_in_own_words_counts_on_the_board_until_somebody_confirms_it(site, patient, sitting, person, typed):
    doctor = person("okafor", Role.PRESCRIBER)
    samples.told(patient, doctor)  # everything was reviewed, and nothing stood in the way
    assert criteria(patient, site)["no_maoi"] == "met"
    said = {"other-antidepressants": "moclobemide 300 mg\nesketamine", "medicines": f"{typed}\nFoozol 2 mg\nNone."}
    answered(sitting, {id: value for id, value in (WHOLE | said).items() if "followup" not in id} | {"phq-9.9": "0"})
    found = {one.text: (one.ingredients, one.status, one.indication) for one in records.chart(patient).exposures}
    first, second = re.split("[,、] ?(?!5)", typed)
    assert found[first] == (("phenelzine",), "active", None)
    assert found[second] == (("lorazepam",), "active", None)
    assert found["moclobemide 300 mg"] == (("moclobemide",), None, "depression")
    assert found["Foozol 2 mg"] == ((), "active", None)
    assert "None" not in found
    assert {one.drug for one in records.chart(patient).ketamine} == {"ketamine", "esketamine"}
    verdicts = criteria(patient, site)
    assert (verdicts["no_maoi"], verdicts["no_cns_depressant"]) == ("not_met", "not_met")
    board = signed_in(doctor).get(f"/patients/{patient.id}/screening/", secure=True).content.decode()
    page = signed_in(doctor).get(f"/patients/{patient.id}/", secure=True).content.decode()
    confirm = page.partition('id="to-confirm"')[2].partition("</section>")[0]
    for words in (first, second, "moclobemide 300 mg"):
        assert words in board, words
    for words in (first, second, "moclobemide 300 mg", "Foozol 2 mg"):
        assert words in confirm, words
    entry = next(one for one in records.current(patient) if "Foozol" in one.payload and one.kind == "exposure")
    told = {"text": "Foozol 2 mg", "status": "active", "key": str(ids.new()), "do": "correct"}
    signed_in(doctor).post(f"/patients/{patient.id}/entries/{entry.id}/correct/", told, secure=True)
    assert entry.pk not in {one.pk for one in records.current(patient)}


def test_a_name_that_nobody_knows_is_no_absence(site, patient, sitting, person) -> None:
    samples.told(patient, person("okafor", Role.PRESCRIBER))
    in_record.told(sitting, {"medicines": "Foozol 2 mg"}, by=None, at=NOW + timedelta(days=1))
    assert criteria(patient, site, at=NOW + timedelta(days=2))["no_maoi"] == "unknown"


def test_a_second_intake_replaces_what_nobody_confirmed_and_doubles_nothing(patient, sitting, nurse) -> None:
    answered(sitting, {id: WHOLE[id] for id in list(WHOLE)[:5]})  # as far as sertraline since when
    actions.end(sitting, how=Ended.AS_FAR, by=nurse, at=NOW)

    def again(said, at):
        made = actions.ask(patient, INTAKE, mode=Mode.LINK, language="en", by=nurse, at=at, key=ids.new())
        for n, (question, value) in enumerate(said.items()):
            actions.answer(made, question, value, by=None, at=at + timedelta(seconds=n))
        chart = records.chart(patient)
        assert [len(part) for part in (chart.therapies, chart.ketamine, chart.conditions)] == [1, 1, 3]
        assert len(chart.allergies) == 2
        return {one.text: one for one in chart.exposures}

    found = again(WHOLE, NOW + timedelta(hours=1))
    assert sorted(found) == ["ibuprofen now and then", "sertraline", "venlafaxine"]
    assert (str(found["sertraline"].start), found["sertraline"].improvement) == ("2025-04", 10)
    assert Entry.objects.filter(kind="exposure", replaces__isnull=False).count() == 2
    rows = Entry.objects.count()
    (entry,) = [one for one in records.current(patient) if '"sertraline"' in one.payload and one.kind == "exposure"]
    patients.correct(entry, lambda one: replace(one, dose=Decimal(100)), by=nurse, at=NOW, key=ids.new())
    again(WHOLE, NOW + timedelta(hours=2))
    scores = Entry.objects.filter(kind="observation", created__gt=NOW + timedelta(hours=2)).count()
    assert Entry.objects.count() == rows + 1 + scores  # nothing but new answers of a new day
    assert again(WHOLE, NOW + timedelta(hours=3))["sertraline"].dose == 100
    other = again(WHOLE | {"venlafaxine.dose": "75"}, NOW + timedelta(hours=4))
    assert (other["venlafaxine"].dose, len(other)) == (75, 3)


def test_as_far_as_it_got_is_used(patient, sitting, nurse) -> None:
    answered(sitting, {"since": "2024", "antidepressants": "fluoxetine"})
    actions.end(sitting, how=Ended.AS_FAR, by=nurse, at=NOW)
    chart = records.chart(patient)
    assert [one.ingredients for one in chart.exposures] == [("fluoxetine",)]
    assert {one.kind: one.value for one in chart.observations} == {"phq-9.item-9": UNREADABLE}


def test_it_is_asked_in_the_patients_words_and_only_about_what_was_chosen(sitting) -> None:
    for language, told in (("en", "did you start it"), ("zh-Hans", "何时开始服用")):
        made = makers.form(INTAKE, language)
        asked = form.asked(made, {"antidepressants": "sertraline"})
        about = [one for one in asked if one.id.startswith("sertraline.")]
        assert [one.id.partition(".")[2] for one in about] == ["dose", "start", "taking", "improvement"]
        assert told in about[1].words
        assert "{" not in "".join(one.words for one in made.questions)
        assert not [one for one in asked if one.id.startswith("venlafaxine.")]


def test_a_patient_answers_it_on_the_phone_and_staff_read_it(patient, sitting, person, nurse) -> None:
    link = links.make(
        purpose=FORM,
        subject=sitting.id,
        organisation_id=sitting.organisation_id,
        lasts=timedelta(days=1),
        uses=5,
        by=nurse,
        at=datetime.now(UTC),
    )
    client = browser()
    client.post(f"/l/{token(link)}/", secure=True)
    where = "/form/1/"
    for _ in range(60):
        page = client.get(where, secure=True)
        assert page.status_code == 200, where
        one = page.context["question"]
        theirs = re.fullmatch(r"phq-9\.\d", one.id) is not None  # under our own questions nobody else's name stands
        assert ("Spitzer" in page.content.decode()) is theirs, one.id
        value = WHOLE[one.id].split() if one.kind == "several" else WHOLE[one.id]
        answer = client.post(where, {"question": one.id, "value": value}, secure=True)
        where = (
            answer["Location"] if answer["Location"] != "/form/help/" else client.get("/form/", secure=True)["Location"]
        )
        if where == "/form/done/":
            break
    assert where == "/form/done/"
    assert queries.answers(sitting) == WHOLE
    shown = f"/patients/{patient.id}/forms/{sitting.id}/"
    nurses = signed_in(nurse).get(shown, secure=True).content.decode()
    doctors = signed_in(person("okafor", Role.PRESCRIBER)).get(shown, secure=True).content.decode()
    assert "To work again" in nurses
    assert "Alcohol" not in nurses
    assert "Alcohol" in doctors


def test_the_board_counts_it_and_never_clears_by_it(patient, sitting, person) -> None:
    answered(sitting, WHOLE)
    page = signed_in(person("okafor", Role.PRESCRIBER)).get(f"/patients/{patient.id}/screening/", secure=True)
    board = page.content.decode()
    assert "told by the patient" in board
    assert Decimal(18) in {one.value for one in records.chart(patient).observations}


def test_on_paper_medicines_are_named_by_hand(patient, nurse) -> None:
    sitting = actions.ask(patient, INTAKE, mode=Mode.PAPER, language="zh-Hans", by=nurse, at=NOW, key=ids.new())
    answer = signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/paper/", secure=True)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "药物 6" in text
    assert "舍曲林" not in text
    assert "做事时提不起劲" in text


def test_at_the_desk_the_questions_about_a_medicine_follow_when_it_was_chosen(patient, nurse) -> None:
    sitting = actions.ask(patient, INTAKE, mode=Mode.DESK, language="en", by=nurse, at=NOW, key=ids.new())
    client, where = signed_in(nurse), f"/patients/{patient.id}/forms/{sitting.id}/"
    assert "Sertraline: when" not in client.get(where, secure=True).content.decode()
    told: dict[str, object] = {"key": str(ids.new()), "do": "fill"}
    for id, value in WHOLE.items():
        if not id.startswith(("sertraline", "venlafaxine")):
            told[f"q-{id}" if id != "since" else f"t-{id}"] = (
                value.split() if id in ("antidepressants", "conditions") else value
            )
    for id in (
        "why",
        "medicines",
        "talked-what",
        "talked-start",
        "allergies",
        "ketamine-when",
        "access",
        "phq-9.followup.where",
    ):
        told[f"t-{id}"] = told.pop(f"q-{id}")
    page = client.post(where, told, secure=True)
    assert page.status_code == 422
    assert "when did you start it" in page.content.decode()
    assert Task.objects.get().kind == "suicide"
    for id, value in WHOLE.items():
        if id.startswith(("sertraline", "venlafaxine")):
            told[f"t-{id}" if value not in (NOT_KNOWN, NOT_SAID) else f"q-{id}"] = value
    for id in ("sertraline.taking", "sertraline.stop", "venlafaxine.taking"):
        told[f"q-{id}"] = told.pop(f"t-{id}")
    assert client.post(where, told, secure=True).status_code == 302
    assert queries.answers(sitting) == WHOLE


def test_a_question_of_a_scale_stays_what_it_is_in_its_scale(monkeypatch) -> None:
    scale = makers.form("assessment:c-ssrs-screen", "en").questions
    marked = tuple(replace(one, sensitive=True, help="Help") for one in scale)
    monkeypatch.setattr(asked.SCALES, "form", lambda name, language: SimpleNamespace(questions=marked))
    found = list(asked._scales(["c-ssrs-screen"], "en"))
    back = [replace(one, id=one.id.partition(".")[2], after=was.after) for one, was in zip(found, marked, strict=True)]
    assert back == list(marked)
    assert [one.after and one.after[0] for one in found] == [
        was.after and f"c-ssrs-screen.{was.after[0]}" for was in marked
    ]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_scale_that_follows_is_published_in_the_language_of_the_form(language) -> None:
    for scale in loaded("intake")["intake"]["then"]:
        assert makers.form(f"assessment:{scale}", language).language == makers.form(INTAKE, language).language


def test_what_would_make_a_visit_easier_stands_at_the_head_and_is_a_task_once(
    patient, sitting, person, nurse, django_assert_max_num_queries
) -> None:
    assert (
        next(one for one in loaded("intake")["intake"]["questions"] if one["id"] == access.QUESTION)["kind"] == "text"
    )
    assert access.FORM == INTAKE
    answered(sitting, WHOLE)
    task = Task.objects.get(source=f"access {sitting.id}")
    assert (task.role, task.where) == (Role.FRONT_DESK, f"/patients/{patient.id}/details/")
    client = signed_in(person("fay", Role.FRONT_DESK))
    client.get(f"/patients/{patient.id}/", secure=True)
    with django_assert_max_num_queries(15):
        shown = client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert f"as the patient said in the intake of {NOW.date()}: <bdi>I hear badly</bdi>" in shown
    zh = client.get(f"/patients/{patient.id}/", secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert f"患者在 {NOW.date()} 的登记问卷中" in zh

    def again(text: str, n: int) -> None:
        told = {"mode": Mode.LINK, "language": "en", "by": nurse, "at": NOW + timedelta(hours=n), "key": ids.new()}
        sitting = actions.ask(patient, INTAKE, **told)
        actions.answer(sitting, "access", text, by=None, at=told["at"])
        actions.end(sitting, how=Ended.AS_FAR, by=nurse, at=told["at"])

    for n, text in enumerate(("I hear badly", "No.", NOT_SAID), 1):
        again(text, n)
    assert Task.objects.filter(what="intake.access_task").count() == 1
    taken_back = actions.ask(
        patient, INTAKE, mode=Mode.LINK, language="en", by=nurse, at=NOW + timedelta(hours=4), key=ids.new()
    )
    for n, text in enumerate(("my family must not know", NOT_SAID)):
        actions.answer(taken_back, "access", text, by=None, at=NOW + timedelta(hours=4, seconds=n))
    actions.end(taken_back, how=Ended.AS_FAR, by=nurse, at=NOW + timedelta(hours=4, minutes=1))
    assert "must not know" not in client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    again("no stairs", 5)
    assert Task.objects.filter(what="intake.access_task").count() == 2
    assert "<bdi>no stairs</bdi>" in client.get(f"/patients/{patient.id}/", secure=True).content.decode()
