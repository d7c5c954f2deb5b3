"""Is a psychotherapy note read by its author alone, in an emergency by who says why, and does it stand nowhere else?"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.glass.actions import lasts
from daybreak.web.papers.models import Paper
from daybreak.web.patients import copies
from daybreak.web.patients import queries as patients
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.therapy import actions, queries
from daybreak.web.therapy.models import Note, Opened
from daybreak.web.transfer import actions as transfers
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.test_access import routes

SECRET = "what was said about the father"


@pytest.fixture
def evelyn(person):
    return person("evelyn", Role.EVALUATOR)


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    return registered(site, ines)


def write(patient, by, text=SECRET, **other) -> Note:
    told = {"day": NOW.date(), "replaces": None, "at": NOW, "key": ids.new(), **other}
    return actions.write(patient, text, **told, by=by)


def opening(patient, by, **other) -> Opened:
    told = {"code": "danger", "reason": "cannot be found", "at": NOW, "key": ids.new(), **other}
    return actions.open_all(patient, **told, by=by)


def page(patient, by) -> str:
    return signed_in(by).get(f"/patients/{patient.id}/notes/", secure=True).content.decode()


def test_a_note_is_its_authors_alone_and_stands_on_no_other_page_and_in_no_copy(patient, site, evelyn, ines) -> None:
    write(patient, evelyn)
    assert SECRET in page(patient, evelyn)
    client = signed_in(ines)
    mine = [one for one in routes() if one.count("<") == 1 and "<uuid:patient_id>" in one]
    assert len(mine) > 20
    for route in mine:
        shown = client.get(route.replace("<uuid:patient_id>", str(patient.id)), secure=True)
        assert SECRET.encode() not in b"".join(shown), route
    assert "Evelyn" in page(patient, ines), "that there are some is said"
    told = {
        "receiver": "Riverside",
        "note": "",
        "language": "en",
        "labelled": True,
        "reproductive": True,
        "agreed": True,
    }
    transfers.send(patient, **told, seen=patients.state(patient), by=ines, at=NOW, key=ids.new())
    made = copies.copy_of(patient, site=site, language="en", at=NOW, by="Ines")
    papers = [made.paper, made.fhir, *(bytes(one.bytes) for one in Paper.objects.all())]
    for paper in papers:
        text = (
            b"".join(one.extract_text().encode() for one in PdfReader(BytesIO(paper)).pages)
            if paper[:4] == b"%PDF"
            else paper
        )
        assert SECRET.encode() not in text.replace(b"\n", b" ")


def test_only_its_author_puts_it_right_and_the_earlier_version_is_kept(patient, evelyn, ines, person) -> None:
    key = {"key": ids.new()}
    first = write(patient, evelyn, **key)
    assert write(patient, evelyn, **key) == first
    with pytest.raises(Forbidden):
        write(patient, ines, "other", replaces=first)
    second = write(patient, evelyn, "put right", replaces=first)
    with pytest.raises(Conflict):
        write(patient, evelyn, "again", replaces=first)
    assert queries.notes(patient, by=evelyn, at=NOW) == [second]
    assert Note.objects.count() == 2
    for wrong in ({"text": ""}, {"text": "x" * 20_001}, {"day": None}, {"day": NOW.date() + timedelta(days=1)}):
        with pytest.raises(Refused):
            write(patient, evelyn, **wrong)
    with pytest.raises(Forbidden):
        write(patient, person("lee", Role.NURSE))


def test_opening_them_has_a_reason_an_end_and_tells_their_author(patient, evelyn, ines, person) -> None:
    write(patient, evelyn)
    for wrong in ({"code": "curious"}, {"reason": ""}):
        with pytest.raises(Refused):
            opening(patient, ines, **wrong)
    with pytest.raises(Forbidden):
        opening(patient, person("omar", Role.EVALUATOR))
    key = {"key": ids.new()}
    row = opening(patient, ines, **key)
    assert opening(patient, ines, **key) == row
    assert [one.text for one in queries.notes(patient, by=ines, at=NOW)] == [SECRET]
    assert queries.notes(patient, by=ines, at=NOW + lasts()) == []
    assert queries.notes(patient, by=person("uma", Role.PRESCRIBER), at=NOW) == []
    told = {one.what: one for one in Task.objects.all()}
    assert (told["therapy.task_author"].owner, told["therapy.task_review"].role) == (evelyn, Role.ADMINISTRATOR)
    assert told["therapy.task_review"].patient is None
    with pytest.raises(Forbidden):
        write(patient, ines, "mine now", replaces=Note.objects.get())


def test_the_form_opens_them_and_each_reading_is_a_line_of_the_trail(patient, evelyn, ines) -> None:
    note, client, where = write(patient, evelyn), signed_in(ines), f"/patients/{patient.id}/notes/"
    refused = client.post(where, {"do": "open", "code": "danger", "reason": "", "key": str(ids.new())}, secure=True)
    assert (refused.status_code, SECRET in refused.content.decode()) == (422, False)
    sent = {"do": "open", "code": "danger", "reason": "cannot be found", "key": str(ids.new())}
    assert client.post(where, sent, secure=True).status_code == 302
    assert SECRET in client.get(where, secure=True).content.decode()
    lines = Entry.objects.filter(object_type="psychotherapy_note", object_id=note.id)
    assert lines.values_list("who", flat=True).get() == ines.id
    wrong = {"do": "write", "note": str(note.id), "day": "2026-11-24", "text": "mine now", "key": str(ids.new())}
    assert client.post(where, wrong, secure=True).status_code == 403
