"""Does the list hold what came since it was last read, and can nobody clear it while an answer about suicide is open?"""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from daybreak.web import ids
from daybreak.web.morning import actions, queries
from daybreak.web.morning.models import Read
from daybreak.web.people.models import Site
from daybreak.web.people.permissions import Permission
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Kind, Level, Task
from daybreak.web.words import known, word
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.tasks.samples import made

LATER = NOW + timedelta(hours=8)


@pytest.fixture
def lee(person):
    return person("lee", Role.NURSE)


@pytest.fixture
def okafor(person):
    return person("okafor", Role.PRESCRIBER)


@pytest.fixture
def patient(site, okafor):
    return registered(site, okafor)


def asked(site, patient, *, level=Level.NOW, source="suicide:1", at=NOW) -> Task:
    told = {"kind": Kind.SUICIDE, "what": "tasks.suicide_tried", "role": Role.PRESCRIBER, "values": {}}
    values = {"what": "observation.phq-9.item-9", "value": "2", "on": "2026-11-01"}
    return made(
        site,
        patient=patient,
        level=level,
        source=source,
        at=at,
        **{**told, "what": "tasks.suicide_now", "values": values},
    )


def read(site, by, *, at=LATER, key=None, seen=None) -> Read:
    seen = queries.morning(site, reader=by, at=at).digest if seen is None else seen
    return actions.read(site, seen=seen, by=by, at=at, key=key or ids.new())


def test_it_is_not_cleared_while_an_answer_that_calls_people_at_once_is_open_of_whatever_night(
    site, patient, lee, okafor
) -> None:
    made(site, source="other")
    read(site, lee, at=NOW + timedelta(minutes=1))
    task = asked(site, patient, at=NOW + timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        read(site, lee)
    assert refused.value.sentence("en") == word("morning.open", "en", n=1)
    tasks.take(task, by=okafor, at=LATER, key=ids.new())
    with pytest.raises(Refused):
        read(site, lee)
    told = {"assessment": "Safe at home tonight.", "plan": "Seen tomorrow at nine."}
    tasks.assess(task, by=okafor, at=LATER, key=ids.new(), **told)
    assert read(site, lee, at=LATER + timedelta(minutes=1)).tasks == 1


def test_one_that_waits_for_the_day_holds_nothing_up_and_closes_nothing(site, patient, lee) -> None:
    task = asked(site, patient, level=Level.TODAY)
    read(site, lee)
    assert not task.events.exists()


def test_the_next_list_begins_where_this_one_ended(site, lee) -> None:
    made(site, source="first")
    row = read(site, lee)
    assert (row.upto, row.tasks, row.answered, row.seq) == (LATER, 1, 0, 1)
    with pytest.raises(Conflict, match="Nothing has come"):
        read(site, lee, at=LATER + timedelta(hours=1))
    second = made(site, source="second", at=LATER + timedelta(minutes=5))
    found = queries.morning(site, reader=lee, at=LATER + timedelta(hours=1))
    assert [task.id for task, _ in found.tasks] == [second.id]
    assert found.last is not None
    assert found.last.by == lee


def test_what_came_meanwhile_is_looked_at_first(site, lee) -> None:
    made(site, source="first")
    seen = queries.morning(site, reader=lee, at=LATER).digest
    made(site, source="second", at=NOW + timedelta(hours=1))
    with pytest.raises(Conflict, match="Something has come"):
        read(site, lee, seen=seen)
    assert not Read.objects.exists()


def test_sent_twice_it_is_read_once(site, lee) -> None:
    made(site, source="first")
    key, seen = ids.new(), queries.morning(site, reader=lee, at=LATER).digest
    assert read(site, lee, key=key, seen=seen) == read(site, lee, key=key, seen=seen)
    assert Read.objects.count() == 1


def test_only_who_treats_patients_there_reads_it(site, person, lee) -> None:
    made(site, source="first")
    with pytest.raises(Forbidden):
        read(site, person("desk", Role.FRONT_DESK))
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    with pytest.raises(Forbidden):
        read(other, lee)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_why_the_button_is_dead_and_then_who_read_it(site, patient, lee, okafor, language) -> None:
    task = asked(site, patient)
    made(site, source="for a prescriber", permission=Permission.SIGN_SCREENING, role=Role.PRESCRIBER)
    client, spoken = signed_in(lee), known(language)
    client.cookies["__Host-language"] = language
    shown = client.get("/morning/", secure=True)
    said = html.unescape(shown.content.decode())
    assert word("morning.open", spoken, n=1) in said
    assert "disabled" in said
    assert 'name="seen"' not in said
    assert len(shown.context["open"]) == 1, "what the prescriber alone may see is not on a nurse's list"
    told = {"site": str(site.id), "key": str(ids.new()), "seen": shown.context["seen"]}
    assert client.post("/morning/", told, secure=True).status_code == 422
    at = NOW + timedelta(minutes=2)
    tasks.take(task, by=okafor, at=at, key=ids.new())
    tasks.assess(task, assessment="Talked.", plan="Again tomorrow.", by=okafor, at=at, key=ids.new())
    told = {**told, "seen": client.get("/morning/", secure=True).context["seen"]}
    assert client.post("/morning/", {**told, "site": "", "key": str(ids.new())}, secure=True).status_code == 422
    assert client.post("/morning/", {**told, "key": str(ids.new())}, secure=True).status_code == 302
    shown = client.get("/morning/", secure=True)
    assert shown.context["last"].by == lee
    assert word("morning.none_answered", spoken) in html.unescape(shown.content.decode())
