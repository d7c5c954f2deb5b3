"""Can everybody complain, without the one complained of, and does a copy of a record leave whole, in time and once?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.clinical.records import Condition
from daybreak.exchange.fhir import charts
from daybreak.knowledge.deadlines import days
from daybreak.knowledge.terms import terms
from daybreak.web import ids
from daybreak.web.consent.items import title
from daybreak.web.flood import doors
from daybreak.web.flood.doors import DOORS
from daybreak.web.papers.models import Paper
from daybreak.web.patients import records
from daybreak.web.patients.kinds import SUBSTANCE_USE
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.requests import actions, copying, names, queries, waiting
from daybreak.web.requests.models import ANSWERED, COMPLAINT, DELIVERED, NOTE, OPEN_PAGE, PHONE, REFUSED, Event, Request
from daybreak.web.tasks import actions as tasks
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state
from tests.clinical.screening.build import cleared
from tests.web.conftest import NOW, browser, signed_in
from tests.web.consent import samples as consents
from tests.web.patients.samples import registered
from tests.web.requests.samples import make
from tests.web.screening import samples as signed
from tests.web.screening.samples import told as write

SAID = "nobody listened to me"


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    return registered(site, ines)


@pytest.fixture
def wish(patient, site, ines):
    return make(patient, site, ines)


def receive(site, by, **told):
    other = {"kind": COMPLAINT, "door": PHONE, "day": NOW.date(), "text": SAID, "at": NOW, "key": ids.new()}
    return actions.receive(**{**other, **told}, site=site, by=by)


def answer(row, by, **told):
    other = {"what": ANSWERED, "text": "we are sorry", "at": NOW, "key": ids.new()}
    return actions.answer(row, **{**other, **told}, by=by)


def deliver(row, by, **told):
    copy = copying.prepare(row, language="en", by=by, at=NOW, key=ids.new())
    return answer(row, by, **{"what": DELIVERED, "copy": copy.id, "looked": True, **told})


def test_a_stranger_complains_without_a_name_and_once(site, ines) -> None:
    client = browser()
    page = client.get("/complaint/", secure=True).content.decode()
    assert "988" in page
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    for _ in range(2):
        done = client.post("/complaint/", {"key": key, "text": SAID}, secure=True)
        assert done.status_code == 200
        assert "no way to reach you" in done.content.decode()
        assert SAID not in done.content.decode()
    row = Request.objects.get()
    assert (row.text, row.name, row.by, row.door) == (SAID, "", None, OPEN_PAGE)
    task = Task.objects.get()
    assert (task.due.date() - row.day).days == days("complaint") + 1
    assert (task.patient, task.values) == (None, "{}")
    reached = client.post("/complaint/", {"key": str(ids.new()), "text": SAID, "contact": "a@b.example"}, secure=True)
    assert "aim to answer you by" in reached.content.decode()
    assert client.post("/complaint/", {"key": str(ids.new()), "text": " "}, secure=True).status_code == 422


def test_in_chinese_too(site) -> None:
    client = browser()
    client.post("/language/", {"language": "zh-hans", "next": "/"}, secure=True)
    assert "告诉我们哪里出了问题" in client.get("/complaint/", secure=True).content.decode()


def test_who_floods_waits_and_nobody_else(site, ines) -> None:
    def complain(client, **about):
        return client.post("/complaint/", {"key": str(ids.new()), "text": SAID}, secure=True, **about)

    most = DOORS[doors.COMPLAINT].each
    answers = [complain(browser()) for _ in range(most + 2)]
    assert [one.status_code for one in answers] == [200] * most + [429] * 2
    page = answers[-1].content.decode()
    assert "Wait" in page
    assert SAID in page, "what was typed is still there"
    assert complain(browser(), REMOTE_ADDR="198.51.100.7").status_code == 200
    assert complain(signed_in(ines)).status_code == 200
    assert Request.objects.count() == most + 2


@pytest.mark.parametrize("told", [{"kind": "records"}, {"door": PHONE}])
def test_a_stranger_can_only_complain_and_only_on_that_page(site, told) -> None:
    with pytest.raises(Forbidden):
        receive(site, None, **{"door": OPEN_PAGE, **told})


@pytest.mark.parametrize("way", ["chosen", "named"])
def test_who_is_complained_of_does_not_see_it(site, ines, person, way) -> None:
    other = person("omar", Role.PRESCRIBER)
    told = {"about": {ines.id}} if way == "chosen" else {"text": f"{SAID} said INES to me"}
    row = receive(site, other, **told)
    for who, status in ((ines, 404), (other, 200)):
        client = signed_in(who)
        assert client.get(f"/requests/{row.id}/", secure=True).status_code == status
        assert (row.id.hex in client.get("/requests/", secure=True).content.decode().replace("-", "")) is (
            status == 200
        )
    assert Task.objects.get().owner == other
    with pytest.raises(Forbidden):
        answer(row, ines)
    assert queries.counts([site.id]) == [{"kind": COMPLAINT, "received": 1, "answered": 0, "open": 1}]
    answer(row, other)
    assert queries.counts([site.id]) == [{"kind": COMPLAINT, "received": 1, "answered": 1, "open": 0}]
    assert not state(Task.objects.get()).open


def test_its_task_is_hidden_from_the_one_complained_of_and_ends_by_the_answer_alone(site, ines, person) -> None:
    other = person("omar", Role.PRESCRIBER)
    row = receive(site, other, about={ines.id})
    task = Task.objects.get()
    client, here = signed_in(ines), f"/tasks/{task.id}/"
    assert client.get(here, secure=True).status_code == 404
    page = client.get("/tasks/", secure=True).content.decode()
    assert here not in page
    assert 'class="count"' not in page
    assert 'class="count"' in signed_in(other).get("/tasks/", secure=True).content.decode()
    for do, told in (
        ("take", {}),
        ("close", {"result": tasks.NOT_NEEDED, "text": "it is nothing"}),
        ("note", {"text": "?"}),
    ):
        sent = {"do": do, "key": str(ids.new()), **told}
        assert client.post(here, sent, secure=True).status_code == 404
        with pytest.raises(Forbidden):
            getattr(tasks, do)(task, **told, by=ines, at=NOW, key=ids.new())
    with pytest.raises(Refused, match="may see this task"):
        tasks.offer(task, to=ines, by=other, at=NOW, key=ids.new())
    assert ines.display_name not in signed_in(other).get(here, secure=True).content.decode().split('id="hands"')[1]
    for result in (tasks.DONE, tasks.NOT_NEEDED):
        with pytest.raises(Refused, match="by the answer itself"):
            tasks.close(task, result=result, text="no", by=other, at=NOW, key=ids.new())
    assert 'value="close"' not in signed_in(other).get(here, secure=True).content.decode()
    answer(row, other)
    assert not state(task).open


def test_whoever_is_alone_at_a_site_and_complained_of_has_it_answered_by_another_site(site, ines, person) -> None:
    harbour = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    away, desk = person("eve", Role.PRESCRIBER, at_site=harbour), person("dana", Role.FRONT_DESK)
    row = receive(site, desk, about={ines.id})
    task = Task.objects.get()
    assert (task.owner, task.site, row.elsewhere) == (away, harbour, harbour)
    client = signed_in(away)
    assert client.get(f"/tasks/{task.id}/", secure=True).status_code == 200
    assert f"/requests/{row.id}/" in client.get("/requests/", secure=True).content.decode()
    assert client.get(f"/requests/{row.id}/", secure=True).status_code == 200
    answer(row, away)
    assert not state(task).open
    person("omar", Role.PRESCRIBER)
    assert receive(site, desk).elsewhere is None
    ordinary = receive(site, desk, key=ids.new())
    with pytest.raises(Forbidden):
        answer(ordinary, away)


def test_what_names_nobody_has_a_second_reader_where_one_person_would_read_it_alone(site, ines, person) -> None:
    harbour = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    away, desk = person("eve", Role.PRESCRIBER, at_site=harbour), person("dana", Role.FRONT_DESK)
    row = receive(site, desk)
    first, second = Task.objects.order_by("id")
    assert [(one.site, one.owner) for one in (first, second)] == [(site, None), (harbour, away)]
    for who in (ines, away):
        assert signed_in(who).get(f"/requests/{row.id}/", secure=True).status_code == 200
    answer(row, away)
    assert not state(first).open
    assert not state(second).open


@pytest.mark.parametrize(("language", "says"), [("en", "nobody here can read it"), ("zh-hans", "没有人可以阅读")])
def test_where_nobody_else_is_it_waits_hidden_and_that_is_said(site, ines, person, caplog, language, says) -> None:
    client, desk = browser(), person("dana", Role.FRONT_DESK)
    client.post("/language/", {"language": language, "next": "/"}, secure=True)
    sent = {"key": str(ids.new()), "text": f"{SAID}, said Ines", "contact": "a@b.example"}
    page = client.post("/complaint/", sent, secure=True).content.decode()
    assert says in page
    assert "Dawn" in page
    assert str(queries.due(Request.objects.get())) not in page, "no day is promised"
    assert (Task.objects.get().owner, Task.objects.get().hidden.get().person) == (None, ines)
    waiting.tell(at=NOW)
    assert "nobody at the clinic may read: 1" in caplog.text
    assert SAID not in caplog.text
    assert "nobody here can read: 1" in signed_in(desk).get("/requests/", secure=True).content.decode()
    person("omar", Role.PRESCRIBER)
    caplog.clear()
    waiting.tell(at=NOW)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("Ada Brandt shouted", "Dr. Ada Brandt", True),
        ("dr BRANDT shouted", "Dr. Ada Brandt", True),
        ("the doctor, Dr. Moss, shouted", "Dr. Ada Brandt", False),
        ("Mueller and Müller", "Prof. Ines Müller", True),
        ("Muller", "Ines Müller", True),
        ("I had an appointment", "Dr. An Vo", False),
        ("An was rude", "Dr. An Vo", True),
        ("李雷对我大喊", "李 雷", True),
        ("李医生对我大喊", "李雷", True),
        ("行李丢了", "李雷", False),
        ("nobody", "Dr.", False),
        ("李娜很粗鲁", "Li Na", True),
        ("李护士很粗鲁", "Na Li", True),
        ("nurse li na shouted", "Li Na", True),
        ("王主任很粗鲁", "Wang Wei", True),
        ("Nurse Li was rude", "李娜", True),
        ("Xiaoming Wang was rude", "王小明", True),
        ("王护士很粗鲁", "Li Na", False),
        ("the lina of it", "Bo Li", False),
        ("I waited in China an hour", "李娜", False),
    ],
)
def test_whom_the_words_of_a_complaint_mean(text, name, meant) -> None:
    assert names.means(text, name) is meant


def test_it_is_over_once_and_twice_is_once(site, ines) -> None:
    row, key = receive(site, ines), ids.new()
    answer(row, ines, what=NOTE)
    assert answer(row, ines, key=key) == answer(row, ines, key=key)
    assert row.events.count() == 2
    with pytest.raises(Conflict, match="Ines has answered"):
        answer(row, ines, what=REFUSED)
    for change in (lambda: Request.objects.update(text="?"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"what": DELIVERED}, "one of the ways"),
        ({"what": "paid"}, "one of the ways"),
        ({"text": ""}, "1 to 4000"),
        ({"text": "x" * 4001}, "1 to 4000"),
    ],
)
def test_what_is_no_answer_is_refused(site, ines, told, says) -> None:
    with pytest.raises(Refused, match=says):
        answer(receive(site, ines), ines, **told)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"kind": "praise"}, "Choose what"),
        ({"door": "dove"}, "Choose what"),
        ({"kind": "records"}, "Whose record"),
        ({"text": ""}, "1 to 4000"),
        ({"name": "x" * 201}, "1 to 4000"),
        ({"day": NOW.date() + timedelta(days=1)}, "on which day"),
    ],
)
def test_what_cannot_be_taken_is_refused(site, ines, told, says) -> None:
    with pytest.raises(Refused, match=says):
        receive(site, ines, **told)
    assert not Request.objects.exists()


def test_a_copy_is_the_whole_record_as_paper_and_as_fhir(wish, patient, ines) -> None:
    write(patient, ines, cleared())
    secret = Condition("Condition/s", "alcohol use disorder", frozenset({"substance_use_disorder"}))
    records.entry(secret, patient=patient, by=ines, at=NOW).save(force_insert=True)
    signed.make(patient, wish.site, ines)
    talk = consents.signed(patient, ines).talk
    deliver(wish, ines, text="showed her card")
    papers = {one.media_type: one for one in Paper.objects.all()}
    assert {one.sensitivity for one in papers.values()} == {SUBSTANCE_USE}
    pages = PdfReader(BytesIO(bytes(papers["application/pdf"].bytes))).pages
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for one in ("alcohol use disorder", "Keller", "sertraline", "Who recorded it", "Signed decisions", "to treat"):
        assert one in said
    for one in ("Courses", "Consents", title(talk, "en"), "does not mean that there was nothing"):
        assert one in said
    content = json.loads(bytes(papers["application/fhir+json"].bytes))
    (chart,) = charts(content, terms=terms(), place="f")
    assert chart == records.chart(patient)
    assert content["entry"][0]["resource"]["name"] == [{"family": "Keller", "given": ["Anna"]}]


@pytest.mark.parametrize(("kind", "role"), [("records", Role.PRESCRIBER), ("correction", Role.PRESCRIBER)])
def test_a_copy_is_asked_of_those_who_may_give_it(patient, site, ines, kind, role) -> None:
    receive(site, ines, kind=kind, patient=patient)
    assert Task.objects.get().role == role
    receive(site, ines)
    assert Task.objects.exclude(role=role).get().role == Role.ADMINISTRATOR


def test_only_who_may_read_all_of_a_record_gives_it(wish, patient, person, site) -> None:
    ada = person("ada", Role.ADMINISTRATOR)
    page = signed_in(ada).get(f"/requests/{wish.id}/", secure=True).content.decode()
    assert "Keller" not in page
    assert str(patient.id) not in page
    with pytest.raises(Forbidden):
        receive(site, ada, kind="records", patient=patient)
    for act in (answer, deliver):
        with pytest.raises(Forbidden):
            act(wish, ada, what=DELIVERED)
    assert not Paper.objects.exists()
    answer(wish, ada, what=REFUSED, text="it is not theirs")


def test_another_site_neither_takes_nor_reads_it(wish, patient, person, site, ines) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=site.organisation_id, created=NOW, name="Harbour")
    eve = person("eve", Role.PRESCRIBER, at_site=other)
    assert signed_in(eve).get(f"/requests/{wish.id}/", secure=True).status_code == 404
    with pytest.raises(Forbidden):
        answer(wish, eve)
    with pytest.raises(Forbidden):
        receive(site, eve)
    with pytest.raises(Forbidden):
        receive(other, eve, kind="correction", patient=patient)


def test_staff_write_it_down_and_answer_it_in_the_browser(patient, ines, person, site) -> None:
    client = signed_in(person("dana", Role.FRONT_DESK))
    today = str(datetime.now(UTC).date())
    form = {"kind": "records", "door": "desk", "day": today, "text": "a copy", "key": str(ids.new())}
    here = f"/patients/{patient.id}/requests/"
    assert client.post(here, {**form, "kind": COMPLAINT}, secure=True).status_code == 422
    assert client.post(here, {**form, "door": OPEN_PAGE}, secure=True).status_code == 422
    for _ in range(2):
        assert client.post(here, form, secure=True).status_code == 302
    row = Request.objects.get()
    assert (row.kind, row.patient) == ("records", patient)
    assert "A copy of one’s own record" in client.get(here, secure=True).content.decode()
    assert client.get(f"/requests/{row.id}/", secure=True).status_code == 403
    complaint = {"door": "phone", "day": today, "text": SAID, "key": str(ids.new()), "about": str(ines.id)}
    assert client.post("/requests/", complaint, secure=True).status_code == 302
    assert client.post("/requests/", {**complaint, "key": str(ids.new()), "text": ""}, secure=True).status_code == 422
    assert Request.objects.get(kind=COMPLAINT).about.get().person == ines
    doctor = signed_in(ines)
    at = f"/requests/{row.id}/"
    assert doctor.post(at, {"do": "prepare", "key": str(ids.new())}, secure=True).status_code == 422
    made = {"do": "prepare", "language": "zh-Hans", "key": str(ids.new())}
    assert doctor.post(at, made, secure=True).status_code == 302
    copy = re.search(r'name="copy" value="([^"]+)"', doctor.get(at, secure=True).content.decode())[1]
    told = {"do": DELIVERED, "text": "card", "copy": copy, "key": str(ids.new())}
    assert doctor.post(at, told, secure=True).status_code == 422, "nobody has looked at it"
    assert doctor.post(at, {**told, "looked": "yes"}, secure=True).status_code == 302
    assert "Delivered as PDF and FHIR" in doctor.get(f"/requests/{row.id}/", secure=True).content.decode()
    assert Paper.objects.count() == 2


def test_the_list_asks_as_often_for_many_as_for_one(site, ines, django_assert_max_num_queries) -> None:
    for n in range(8):
        receive(site, ines, text=f"{SAID} {n}")
    client = signed_in(ines)
    with django_assert_max_num_queries(15):
        assert client.get("/requests/", secure=True).status_code == 200
