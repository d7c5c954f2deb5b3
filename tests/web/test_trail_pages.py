"""Is the trail told in sentences, found by what is asked, quick however long, and without what an administrator may not see?"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybreak.web import ids
from daybreak.web.audit import export, queries, sealer, telling, trail
from daybreak.web.audit.models import Entry
from daybreak.web.people import actions, grants
from daybreak.web.people.models import Person
from daybreak.web.people.roles import Role
from tests.web.conftest import signed_in
from tests.web.patients.samples import registered


@pytest.fixture
def ada(person) -> Person:
    return person("ada", Role.ADMINISTRATOR)


@pytest.fixture
def lee(person) -> Person:
    return person("lee", Role.NURSE)


@pytest.fixture
def patient(site, lee):
    return registered(site, lee)


def now() -> datetime:
    return datetime.now(UTC)


def post(client, **told):
    return client.post("/audit/", told, secure=True)


def sentences(page) -> list[str]:
    found = re.findall(r"<li><p>(.*?)</p>", html.unescape(page.content.decode()))
    return [line.replace("&#x27;", "'") for line in found]


def test_a_line_is_a_sentence_in_the_readers_language(ada, lee, patient, site) -> None:
    signed_in(lee).get(f"/patients/{patient.id}/", secure=True)
    client = signed_in(ada)
    assert (
        sentences(client.get("/audit/", secure=True))[0] == f"Lee read the record (patient {telling.sign(patient.id)})"
    )
    assert sentences(client.get("/audit/", secure=True))[0] == "Ada read the audit trail"
    client.cookies["__Host-language"] = "zh-hans"
    assert f"Lee查看了病历（患者 {telling.sign(patient.id)}）" in sentences(client.get("/audit/", secure=True))


def test_a_line_says_whether_it_is_sealed(ada) -> None:
    client = signed_in(ada)
    assert "not sealed yet" in client.get("/audit/", secure=True).content.decode()
    sealer.seal(at=now())
    assert "sealed, place 1" in client.get("/audit/", secure=True).content.decode()


def test_lines_are_found_by_day_person_patient_and_action(ada, lee, patient, site) -> None:
    for who, action, subject in (
        (lee, "entry_added", patient.id),
        (lee, "decision_signed", None),
        (ada, "entry_added", ids.new()),
    ):
        trail.happened(action, who=who.id, at=now(), subject=subject)
    client, today = signed_in(ada), now().date()
    added = "Lee added an entry to the record of"
    assert [one for one in sentences(post(client, who=str(lee.id))) if "Lee" not in one] == []
    assert len(sentences(post(client, action="entry_added"))) == 2
    assert [one[: len(added)] for one in sentences(post(client, number="48", site=str(site.id)))] == [added]
    assert len(sentences(post(client, first=today.isoformat(), action="entry_added"))) == 2
    assert sentences(post(client, last=(today - timedelta(days=1)).isoformat())) == []
    assert all("The operator" in one for one in sentences(post(client, who="nobody")))
    assert 'value="48"' not in client.get("/audit/", secure=True).content.decode()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"number": "4711"}, "No patient has the number “4711”"),
        ({"first": "yesterday"}, "is not a day"),
        ({"first": "2026-02-01", "last": "2026-01-01"}, "lies before the first"),
    ],
)
def test_what_cannot_be_looked_for_is_said(ada, told, said) -> None:
    page = post(signed_in(ada), **told)
    assert (page.status_code, said in html.unescape(page.content.decode())) == (422, True)


def test_a_number_of_a_site_that_is_not_the_readers_is_unknown(ada, lee, patient, site, person) -> None:
    from daybreak.web.people import naming

    harbour = naming.add_site("Harbour", by=ada, at=now(), key=ids.new())
    hal = person("hal", Role.ADMINISTRATOR, at_site=harbour)
    assert post(signed_in(hal), number="48", site=str(site.id)).status_code == 422


def test_an_administrator_of_one_site_reads_what_is_of_that_site(ada, lee, patient, site, person) -> None:
    signed_in(ada).get("/audit/", secure=True)
    harbour = actions.found(organisation="Dawn", site="Harbour", rooms=[], at=now())
    hal, far = (
        person(name, role, at_site=harbour) for name, role in (("hal", Role.ADMINISTRATOR), ("far", Role.NURSE))
    )
    theirs = registered(harbour, far, number="9", family_name="Zhou")
    for one, nurse in ((patient, lee), (theirs, far)):
        assert signed_in(nurse).get(f"/patients/{one.id}/", secure=True).status_code == 200
    ours = sentences(signed_in(ada).get("/audit/", secure=True))
    assert any(one.startswith("Lee read the record") for one in ours)
    assert not any("Far read" in one or "read the audit trail" in one for one in ours)
    other = signed_in(hal)
    assert any(one.startswith("Far read the record") for one in sentences(other.get("/audit/", secure=True)))
    assert sentences(post(other, who=str(lee.id))) == []
    taken = post(other, do="ndjson").content.decode()
    assert str(theirs.id) in taken
    assert str(patient.id) not in taken
    assert str(lee.id) not in taken
    both = person("bo", Role.ADMINISTRATOR)
    grants.grant_role(both, Role.ADMINISTRATOR, site=harbour, by=None, at=now())
    assert "Ada read the audit trail" in sentences(signed_in(both).get("/audit/", secure=True))


def test_pages_follow_each_other_without_gap(ada) -> None:
    for _ in range(queries.SHOWN + 5):
        trail.happened("confirmed", who=ada.id, at=now())
    client = signed_in(ada)
    first = post(client, action="confirmed")
    older = re.search(r'name="before" value="([^"]+)"', first.content.decode())[1]
    second = post(client, action="confirmed", before=older)
    assert (len(sentences(first)), len(sentences(second))) == (queries.SHOWN, 5)
    assert 'name="before"' not in second.content.decode()


def test_the_number_of_questions_does_not_grow(ada, lee, site) -> None:
    client = signed_in(ada)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/audit/", secure=True).status_code == 200
        return len(found)

    asked()
    few = asked()
    for _ in range(40):
        trail.happened("confirmed", who=lee.id, at=now(), site=site.id)
    assert asked() == few <= 15


@pytest.mark.parametrize("asked", ["who", "subject", "action", "first"])
def test_each_question_is_answered_by_an_index(ada, asked) -> None:
    value = {"who": ada.id, "subject": ids.new(), "action": "x", "first": now().date()}[asked]
    plan = queries.lines(queries.Asked(**{asked: value}))[:51].explain()
    assert "SCAN audit_entry" not in plan
    assert "TEMP B-TREE" not in plan


def test_lines_are_taken_along_after_a_step_up(ada) -> None:
    sealer.seal(at=now())
    late = signed_in(ada, began=now().timestamp() - 600)
    assert post(late, do="ndjson").status_code == 422
    assert not Entry.objects.filter(action="audit_exported").exists()
    client = signed_in(ada)
    for ending, read in (
        ("ndjson", lambda text: [json.loads(line) for line in text.splitlines()]),
        ("csv", lambda text: list(csv.DictReader(io.StringIO(text)))),
    ):
        answer = post(client, do=ending, action="person_invited")
        rows = read(answer.content.decode())
        assert [(row["action"], row["login"], str(row["place"]) != "") for row in rows] == [
            ("person_invited", "", True)
        ]
        assert answer["Content-Disposition"].endswith(f'.{ending}"')
    assert Entry.objects.filter(action="audit_exported", who=ada.id).count() == 2


def test_too_many_lines_are_not_a_file(ada, monkeypatch) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    assert "More than 2 lines fit" in html.unescape(post(signed_in(ada), do="csv").content.decode())


def test_a_formula_is_text_in_the_table(person, ada) -> None:
    evil = person("=cmd|x", Role.NURSE)
    trail.happened("confirmed", who=evil.id, at=now())
    assert ",'=cmd|x," in post(signed_in(ada), do="csv", who=str(evil.id)).content.decode()
