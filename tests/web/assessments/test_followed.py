"""Is an answer about suicide followed at once by what whoever calls has to know, and does it reach their task?"""

from __future__ import annotations

import html

import pytest

from daybreak.clinical.answers import UNREADABLE
from daybreak.web import ids
from daybreak.web.assessments import wordings
from daybreak.web.forms import actions, makers, queries
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import Ending, Mode
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.forms.conftest import opened as opened
from tests.web.forms.filling import asked, say, values
from tests.web.forms.samples import FOLLOWED
from tests.web.patients.samples import registered

SCREENER = [f"Licensed screener {n}" for n in range(1, 8)]


@pytest.fixture
def nurse(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, nurse):
    return registered(site, nurse)


def told(task) -> str:
    return "\n".join(task.events.order_by("seq").values_list("text", flat=True))


@pytest.mark.parametrize(("language", "intent"), [("en", "Do you intend to act"), ("zh-Hans", "您有打算")])
def test_by_link_each_question_has_the_card_and_its_answer_joins_the_task(
    opened, patient, nurse, language, intent
) -> None:
    client, _ = opened(asked(patient, nurse, language=language))
    for n in range(1, 9):
        say(client, n, "0")
    assert say(client, 9, "1")["Location"] == "/form/help/"
    assert client.get("/form/", secure=True)["Location"] == "/form/10/"
    page = client.get("/form/10/", secure=True).content.decode()
    assert intent in page
    assert "tel:" in page
    assert say(client, 10, "yes")["Location"] == "/form/11/"  # the card stood there already
    say(client, 11, "no")
    say(client, 12, NOT_SAID)
    say(client, 13, "no")
    assert not Ending.objects.exists()
    answer = client.post("/form/14/", {"typed": "At the harbour", "question": "followup.where"}, secure=True)
    assert answer["Location"] == "/form/done/"
    task = Task.objects.get()
    assert "At the harbour" in told(task)
    assert task.events.count() == 5
    found = values(patient)
    assert (found["phq-9"], found["phq-9.item-9"]) == (1, 1)
    assert [found[f"suicide-followup.{one}"] for one in ("intent", "plan", "act", "worse")] == [
        "yes",
        "no",
        UNREADABLE,
        "no",
    ]


def test_a_calm_answer_reaches_whoever_took_the_task_and_an_urgent_one_calls_anew(opened, patient, person) -> None:
    client, sitting = opened()
    say(client, 9, "3")
    task, doctor = Task.objects.get(), person("okafor", Role.PRESCRIBER)
    tasks.take(task, by=doctor, at=NOW, key=ids.new())
    actions.answer(sitting, "followup.plan", "no", by=None, at=NOW)
    assert "no" in told(task)
    assert Task.objects.count() == 1
    actions.answer(sitting, "followup.act", "yes", by=None, at=NOW)
    assert Task.objects.count() == 2


def test_staff_ask_the_same_on_the_same_page_and_each_may_be_left_out(patient, nurse) -> None:
    sitting = asked(patient, nurse, mode=Mode.PHONE)
    where = f"/patients/{patient.id}/forms/{sitting.id}/"
    assert "Do you intend to act" in signed_in(nurse).get(where, secure=True).content.decode()
    given = {str(n): "1" for n in range(1, 10)}
    with pytest.raises(Refused):
        actions.fill(sitting, given, minutes=5, by=nurse, at=NOW, key=ids.new())
    with pytest.raises(Refused):  # an answer where nothing was asked is not passed over
        actions.fill(sitting, given | {"9": "0"} | FOLLOWED, minutes=5, by=nurse, at=NOW, key=ids.new())
    actions.fill(sitting, given | dict.fromkeys(FOLLOWED, NOT_SAID), minutes=5, by=nurse, at=NOW, key=ids.new())
    assert values(patient)["suicide-followup.act"] is UNREADABLE
    assert Task.objects.count() == 1


@pytest.fixture
def licensed(settings, tmp_path):
    settings.WORDINGS = tmp_path
    lines = {
        "scale": "c-ssrs-screen",
        "language": "en",
        "stem": "Licensed stem",
        "items": SCREENER,
        "answers": '["yes", "no"]',
        "attribution": "Licence 12",
        "source": "{id: own-licence, where: contract}",
        "standing": "local_policy",
    }
    (tmp_path / "c-ssrs-screen.en.yaml").write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
    wordings.own.cache_clear()
    makers._form.cache_clear()
    yield
    wordings.own.cache_clear()
    makers._form.cache_clear()


def test_where_the_clinic_shows_the_screener_its_questions_follow_and_make_its_level(licensed, patient, nurse) -> None:
    alone = makers.form("assessment:c-ssrs-screen", "en")
    assert [one.words for one in alone.questions] == SCREENER
    assert all(one.safety for one in alone.questions)
    sitting = asked(patient, nurse, mode=Mode.DESK)
    shown = html.unescape(
        signed_in(nurse).get(f"/patients/{patient.id}/forms/{sitting.id}/", secure=True).content.decode()
    )
    assert "Licensed screener 7" in shown
    assert "Do you intend to act" not in shown
    said = {"followup.q1": "yes", "followup.q2": "yes", "followup.q3": "no", "followup.q4": "yes", "followup.q5": "no"}
    given = {str(n): "1" for n in range(1, 10)} | said | {"followup.q6": "no", "followup.where": "At home"}
    actions.fill(sitting, given, minutes=5, by=nurse, at=NOW, key=ids.new())
    assert values(patient)["c-ssrs-screen.risk"] == "high"
    assert queries.answers(sitting)["followup.where"] == "At home"
    assert Task.objects.count() == 1
