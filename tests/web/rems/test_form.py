"""Does a monitoring form come from the session without a figure typed, and is every judgement a person's own?"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.clinical.records import Exposure
from daybreak.clinical.treatment.events import What
from daybreak.knowledge import rems
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.patients import records
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.rems import drugs, lines, queries
from daybreak.web.rems.models import Form
from daybreak.web.rems.whole import whole
from daybreak.web.treatment import actions as treatment
from daybreak.web.treatment import queries as treatments
from daybreak.web.treatment.models import Session
from tests.web.conftest import signed_in
from tests.web.rems.samples import JUDGED, LATER, MINUTE, over, sign
from tests.web.treatment.conftest import booking, chair, decided, desk, doctor, noon, nurse, patient, session, watched
from tests.web.treatment.steps import DEVICE, cleared, does

__all__ = ["booking", "chair", "decided", "desk", "doctor", "noon", "nurse", "patient", "session", "watched"]


@pytest.fixture
def ended(session, nurse, noon):
    return over(session, nurse, noon)


def now(session):
    return treatments.now(Session.objects.get(pk=session.pk))


def shown(client, session, ask: str = "") -> str:
    answer = client.get(f"/sessions/{session.id}/rems/{ask}", secure=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_every_version_comes_from_the_same_session_and_answers_no_judgement(session, ended) -> None:
    made = {id: whole(now(session), id, "en") for id in rems.versions()}
    values = [
        {id: (line.value, line.notes) for id, line in one.lines.items() if id in made["2025"].lines}
        for one in made.values()
    ]
    assert {id: one for id, one in values[0].items() if id in values[1]} == {
        id: one for id, one in values[1].items() if id in values[0]
    }
    one = made["2021"].lines
    assert one["dose"].value == "56 mg"
    assert (one["address"].value, one["monitor_mail"].value) == ("1 Main Street", "rems@example.org")
    enrolled = made["2025"].judged["enrolled"].notes
    assert enrolled == ("Enrolled · no last day was named · P-77",)
    assert one["minutes"].value == "135 min"
    assert [one[id].value for id in ("pressure_before", "pressure_about", "pressure_last")] == [
        "120/80 mmHg",
        "138/82 mmHg",
        "120/80 mmHg",
    ]
    assert "42 min after the first device" in one["pressure_about"].notes[0]
    assert "A17" in one["lots"].value
    assert one["benzodiazepines"].value == "No"
    assert "was gone through, and has none" in one["benzodiazepines"].notes[0]
    judged = made["2021"].judged
    assert set(judged) == set(JUDGED)
    assert "otherwise at" in " ".join(judged["dissociation"].notes)
    assert judged["ready"].choices == (("135", "After 135 minutes, as the timeline proposes"),)
    assert judged["ready"].notes[1].startswith("Not assessed before")
    assert "(Walks as before, Knows name, place and day)" in judged["ready"].notes[1]


def test_other_medicines_are_the_list_and_what_was_said_today(session, ended, doctor, monkeypatch) -> None:
    taken = Exposure(ref="x", text="lorazepam 1 mg", ingredients=("lorazepam",), status="active")
    records.entry(taken, patient=session.patient, by=doctor, at=ended).save(force_insert=True)
    one = drugs.lists(lines.facts(now(session), "en"), "2021")
    assert one["benzodiazepines"].value == "Yes: lorazepam 1 mg"
    assert one["benzodiazepines"].notes[-1] == "The list and what was said today differ."
    assert one["maois"].value == "No"
    chart = records.chart(session.patient)
    monkeypatch.setattr(records, "chart_of", lambda *_: replace(chart, coverage=(), exposures=()))
    one = drugs.lists(lines.facts(now(session), "en"), "2021")
    assert one["benzodiazepines"].value == "", "a list that nobody went through says nothing"
    assert "The list of medicines does not say" in one["benzodiazepines"].notes[0]
    silent = replace(now(session), state=replace(now(session).state, answers={}))
    assert "Today, sedatives: not asked" in drugs.lists(lines.facts(silent, "en"), "2021")["benzodiazepines"].notes


def test_the_page_starts_with_every_judgement_empty_and_no_figure_to_type(session, ended, nurse) -> None:
    page = shown(signed_in(nurse), session)
    fields = re.findall(r'<input[^>]*name="(q-[^"]*)"[^>]*>', page)
    assert set(fields) == {f"q-{one}" for one in (*JUDGED, *LATER, "enrolled")} | {"q-ready.other"}
    assert "checked" not in page
    assert "138/82 mmHg" in page
    assert "Our own field" in page
    assert "benzodiazepines" not in page.casefold()
    assert "Benzodiazepines" in shown(signed_in(nurse), session, "?version=2021")


def test_a_form_is_signed_once_and_kept_as_a_paper(session, ended, nurse, desk) -> None:
    client = signed_in(nurse)
    told = {f"q-{id}": answer for id, answer in ({**JUDGED, **LATER, "ready": "other"}).items()}
    told |= {"q-ready.other": "140", "version": "2025", "events": str(len(now(session).events)), "key": str(ids.new())}
    address = f"/sessions/{session.id}/rems/"
    assert client.post(address, told, secure=True).status_code == 302
    assert client.post(address, told, secure=True).status_code == 302
    (row,) = Form.objects.all()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(bytes(row.paper.bytes))).pages)
    for words in (
        "56 mg",
        "138/82 mmHg",
        "140 min",
        "Answered by who signed",
        "not the form of the programme",
        "Not known",
    ):
        assert words in " ".join(text.split()), words
    assert json.loads(row.answers)["dissociation"] == "yes"
    line = Entry.objects.get(action="rems_form_signed")
    assert (line.who, line.subject, line.site) == (nurse.id, session.patient_id, session.site_id)
    assert "Open the paper" in shown(client, session)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Form.objects.update(reason="x")
    with pytest.raises(Forbidden):
        sign(session, desk, ended)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"sedation": ""}, "rems.answer_missing"),
        ({"sedation": "perhaps"}, "rems.answer_missing"),
        ({"ready": ""}, "rems.answer_missing"),
        ({"ready": "other", "ready.other": "soon"}, "rems.which_minute"),
        ({"ready": "60"}, "rems.earlier_why"),
        ({"serious": "yes"}, "rems.tell_missing"),
        ({"serious": "yes", "serious.text": "x" * 2001}, "rems.too_long"),
        ({"first": "yes"}, "rems.answer_missing"),
    ],
)
def test_what_is_not_answered_cannot_be_signed(session, ended, nurse, told, problem) -> None:
    with pytest.raises(Refused) as refused:
        sign(session, nurse, ended, answered={**JUDGED, **LATER, "ready": "140", **told})
    assert refused.value.id == problem
    assert not Form.objects.exists()


def test_an_earlier_minute_than_what_was_documented_has_its_reason(session, ended, nurse) -> None:
    told = {**JUDGED, **LATER, "ready": "60", "ready.text": "up and about; nobody charted it"}
    told |= {"first": "yes", "enrolled": "no", "serious": "yes", "serious.text": "fell, taken to hospital"}
    row = sign(session, nurse, ended, answered=told)
    kept = json.loads(row.answers)
    assert (kept["ready"], kept["ready.text"], kept["enrolled"]) == ("60", "up and about; nobody charted it", "no")
    assert kept["serious.text"] == "fell, taken to hospital"


def test_who_signs_after_somebody_else_or_after_another_event_sees_it_first(session, ended, nurse, doctor) -> None:
    row = sign(session, nurse, ended)
    with pytest.raises(Conflict):
        sign(session, doctor, ended, replaces=None)
    with pytest.raises(Refused) as refused:
        sign(session, doctor, ended, reason="")
    assert refused.value.id == "rems.correction_why"
    seq = next(
        one.seq for one in now(session).events if one.told.get("value") == {"systolic": "138", "diastolic": "82"}
    )
    told = {"row": "pressure", "value": {"systolic": "158", "diastolic": "92"}}
    treatment.correct(session, seq, told, why="mistyped", by=nurse, at=ended + MINUTE, key=ids.new())
    with pytest.raises(Conflict):
        sign(session, doctor, ended, events=row.events)
    assert "lines were added" in shown(signed_in(nurse), session)
    again = sign(session, doctor, ended + MINUTE, reason="a reading was corrected")
    assert (again.replaces, queries.newest(session)) == (row, again)
    kept = json.loads(again.lines)["pressure_about"]
    assert kept["value"] == "158/92 mmHg"
    assert "corrected since" in kept["notes"]
    assert json.loads(Form.objects.get(pk=row.pk).lines)["pressure_about"]["value"] == "138/82 mmHg"


def test_no_form_before_the_end_none_without_a_dose_and_none_of_another_protocol(session, nurse, noon) -> None:
    assert queries.owes_none(now(session)) == "rems.not_exposed"
    cleared(session, nurse, noon)
    does(session, What.DOSE, nurse, noon, n=1, **DEVICE)
    assert queries.owes_none(now(session)) == "rems.still_open"
    assert "The treatment is not over" in shown(signed_in(nurse), session)
    with pytest.raises(Conflict):
        sign(session, nurse, noon)
    other = now(session)
    other.session.protocol = "ketamine-iv-consensus"
    assert queries.owes_none(other) == "rems.not_asked"


def test_an_amount_that_nobody_knows_is_a_bound_on_the_form(session, nurse, noon) -> None:
    cleared(session, nurse, noon)
    told = {**DEVICE, "mg_low": "0", "mg_high": "28", "why": "sneezed", "n": 1}
    does(session, What.DOSE, nurse, noon, **told)
    found = lines.facts(now(session), "zh-hans")
    assert lines.known_lines(found, "2021")["dose"].value == "0 至 28 mg"
    state = now(session).state
    unknown = replace(state, exposures=(replace(state.exposures[0], mg_high=None, lots=(), serial="S1"),))
    found = lines.facts(replace(now(session), state=unknown), "en")
    one = lines.known_lines(found, "2021")
    assert one["dose"].value == "at least 0 mg; how much in all is not known"
    assert "lot not known · SN S1" in one["lots"].value
    assert one["minutes"].value == ""
