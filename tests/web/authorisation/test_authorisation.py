"""Is a payer asked, and its answer kept, step by step, and does it stay out of the clinical decision?"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from daybreak.knowledge.deadlines import days
from daybreak.web import ids, screening
from daybreak.web.audit.models import Entry
from daybreak.web.authorisation import actions, doses, gate, queries
from daybreak.web.authorisation.fields import FIELDS
from daybreak.web.authorisation.models import Event, What
from daybreak.web.authorisation.state import AFTER, NEW, state
from daybreak.web.courses.models import Booking, BookingEvent, Chair, Course
from daybreak.web.courses.state import standing
from daybreak.web.papers.models import Paper
from daybreak.web.patients import one_person
from daybreak.web.people.models import Site
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden, Refused
from daybreak.web.tasks.models import Task
from daybreak.web.tasks.state import state as task_state
from tests.web.authorisation.samples import make
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered

TODAY = NOW.date()
APPROVED = {"number": "A-77", "start": "2026-11-01", "until": "2026-12-20", "amount": "3", "unit": "treatments"}
TOLD = {
    What.CHECKED: {"benefit": "medical", "way": "buy_and_bill"},
    What.MORE_ASKED: {"text": "PHQ-9"},
    What.ANSWERED: {"text": "sent PHQ-9"},
    What.APPROVED: APPROVED,
    What.USED: {"amount": "1"},
    What.DENIED: {"text": "not enough trials"},
    What.PEER_TO_PEER: {"outcome": "open"},
    What.SELF_PAY: {"sum": "450", "currency": "usd", "signed_by": "Anna Keller", "language": "en"},
    What.PENDING: {"sum": "450.50", "currency": "EUR", "signed_by": "Anna Keller", "language": "zh-Hans"},
    What.CLOSED: {"text": "moved away"},
}


@pytest.fixture
def desk(person):
    return person("dana", Role.FRONT_DESK)


@pytest.fixture
def patient(site, desk):
    return registered(site, desk)


@pytest.fixture
def row(patient, site, desk):
    return make(patient, site, desk)


def now_of(row):
    return state(row.events.all())


def step(row, what, by, **told):
    other = {"day": told.pop("day", TODAY), "key": told.pop("key", ids.new())}
    seen = told.pop("seen", row.events.count())
    return actions.add(row, what, {**TOLD.get(what, {}), **told}, seen=seen, by=by, at=NOW, **other)


def walk(row, by, *steps):
    for what in steps:
        step(row, what, by)


def open_tasks(row):
    found = Task.objects.filter(patient=row.patient)
    return [(one.what, one.due.date()) for one in found if task_state(one).open]


def test_the_whole_life(row, desk) -> None:
    walk(
        row,
        desk,
        What.CHECKED,
        What.SENT,
        What.MORE_ASKED,
        What.ANSWERED,
        What.DENIED,
        What.PEER_TO_PEER,
        What.APPEALED,
    )
    step(row, What.APPROVED, desk)
    now = now_of(row)
    assert (now.phase, now.approval.left) == (What.APPROVED, 3)
    walk(row, desk, What.USED, What.USED)
    assert now_of(row).approval.left == 1
    with pytest.raises(Refused, match="More than the 1 that is left"):
        step(row, What.USED, desk, amount="2")
    step(row, What.USED, desk)
    assert not now_of(row).covers(TODAY)
    assert now_of(row).approval.left == 0
    step(row, What.CLOSED, desk)
    assert not now_of(row).open
    assert now_of(row).next == ()
    assert open_tasks(row) == []


@pytest.mark.parametrize("phase", [NEW, *AFTER])
@pytest.mark.parametrize("what", list(What))
def test_only_what_follows_may_follow(row, desk, phase, what) -> None:
    before = {
        What.CHECKED: [What.CHECKED],
        What.SENT: [What.SENT],
        What.MORE_ASKED: [What.SENT, What.MORE_ASKED],
        What.ANSWERED: [What.SENT, What.MORE_ASKED, What.ANSWERED],
        What.APPROVED: [What.SENT, What.APPROVED],
        What.DENIED: [What.SENT, What.DENIED],
        What.PEER_TO_PEER: [What.SENT, What.DENIED, What.PEER_TO_PEER],
        What.APPEALED: [What.SENT, What.DENIED, What.APPEALED],
        What.CLOSED: [What.CLOSED],
    }.get(phase, [])
    walk(row, desk, *before)
    phase = now_of(row).phase
    if phase in AFTER[what]:
        assert step(row, what, desk).what == what
    else:
        with pytest.raises(Refused, match="does not follow"):
            step(row, what, desk)


def test_each_step_asks_its_writer_for_the_next_and_ends_what_was_asked_before(row, desk) -> None:
    step(row, What.SENT, desk)
    tomorrow = timedelta(days=1)
    look = ("authorisation.task_look", TODAY + timedelta(days=days("authorisation-answer")) + tomorrow)
    assert open_tasks(row) == [look]
    assert Task.objects.get(what=look[0]).owner == desk
    step(row, What.SELF_PAY, desk)
    assert open_tasks(row) == [look]
    step(row, What.MORE_ASKED, desk, until="2026-11-27")
    assert open_tasks(row) == [("authorisation.task_send", date(2026, 11, 28))]
    step(row, What.DENIED, desk)
    due = TODAY + timedelta(days=days("authorisation-denied")) + tomorrow
    assert open_tasks(row) == [("authorisation.task_denied", due)]
    step(row, What.APPROVED, desk)
    renew = max(date(2026, 12, 20) - timedelta(days=days("authorisation-lapse-first")), TODAY) + tomorrow
    assert open_tasks(row) == [("authorisation.task_renew", renew)]


def test_what_was_signed_for_the_time_of_asking_ends_with_the_answer(row, desk, patient, site) -> None:
    def pays():
        return queries.paid_by(queries.of(patient), site_id=site.id, protocol=row.protocol, day=TODAY)

    step(row, What.PENDING, desk)
    assert pays() is None, "nobody has been asked"
    step(row, What.SENT, desk)
    assert pays() == "pending"
    step(row, What.DENIED, desk)
    assert (pays(), now_of(row).signed) == (None, None)
    step(row, What.APPEALED, desk)
    assert pays() is None
    walk(row, desk, What.SELF_PAY, What.PENDING)
    step(row, What.DENIED, desk)
    assert (pays(), now_of(row).signed.what) == ("self_pay", What.SELF_PAY)


def test_an_approval_holds_by_its_dates_while_its_renewal_is_asked_for(row, desk) -> None:
    last, later = date(2026, 12, 20), date(2026, 12, 21)
    walk(row, desk, What.SENT, What.APPROVED, What.USED, What.SENT)
    assert now_of(row).covers(last)
    assert now_of(row).lapses(last) == (0, True)
    assert What.USED in now_of(row).next
    step(row, What.USED, desk)
    step(row, What.DENIED, desk)
    assert now_of(row).covers(last)
    assert not now_of(row).covers(later)
    step(row, What.APPROVED, desk, start=str(later), until="2027-02-28")
    now = now_of(row)
    assert (now.covers(last), now.covers(later), now.approval.left) == (True, True, 3)
    step(row, What.USED, desk)
    assert (now_of(row).covers(last), now_of(row).approval.left) == (False, 3), "used of the one that held on the day"
    step(row, What.CLOSED, desk)
    assert not now_of(row).covers(later)


def test_the_end_of_an_approval_is_seen_coming(row, desk) -> None:
    walk(row, desk, What.SENT, What.APPROVED)
    now = now_of(row)
    last = date(2026, 12, 20)
    first, second, third = (days(f"authorisation-lapse-{one}") for one in ("first", "second", "last"))
    assert first > second > third
    assert now.lapses(last - timedelta(days=first + 1)) is None
    assert now.lapses(last - timedelta(days=first)) == (first, False)
    assert now.lapses(last - timedelta(days=third + 1)) == (third + 1, False)
    assert now.lapses(last - timedelta(days=third)) == (third, True)
    assert now.lapses(last + timedelta(days=2)) == (-2, True)
    assert now.covers(last)
    assert not now.covers(last + timedelta(days=1))
    assert not now.covers(date(2026, 10, 31))


def test_the_list_says_how_soon_it_ends(row, desk) -> None:
    step(row, What.SENT, desk)
    step(row, What.APPROVED, desk, until=str(datetime.now(UTC).date() + timedelta(days=12)))
    assert "The approval ends in 12 days" in signed_in(desk).get("/authorisations/", secure=True).content.decode()


def test_who_pays_on_a_day(row, desk, patient, site) -> None:
    def pays(day=TODAY, site_id=site.id, protocol=row.protocol):
        return queries.paid_by(queries.of(patient), site_id=site_id, protocol=protocol, day=day)

    assert pays() is None
    page = signed_in(desk).get(f"/patients/{patient.id}/authorisations/", secure=True).content.decode()
    assert re.search(r"Main Street · [^<]+: <strong>Nobody has agreed to pay", page)
    walk(row, desk, What.SENT, What.PENDING)
    assert pays() == "pending"
    step(row, What.SELF_PAY, desk)
    assert pays() == "self_pay"
    step(row, What.APPROVED, desk)
    assert pays() == "covered"
    assert pays(date(2027, 1, 1)) == "self_pay"
    assert pays(site_id=ids.new()) is None
    for other in ("ketamine-iv-va", None):
        assert row.protocol != other
        assert pays(protocol=other) is None, "what pays for one treatment pays for no other"
    step(row, What.CLOSED, desk)
    assert pays() is None


@pytest.mark.parametrize("what", [What.SELF_PAY, What.PENDING])
def test_what_the_patient_signed_is_a_paper_with_the_sum(row, desk, what) -> None:
    step(row, what, desk)
    paper = Paper.objects.get(patient=row.patient)
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(bytes(paper.bytes))).pages)
    assert TOLD[what]["sum"] in said
    assert TOLD[what]["currency"].upper() in said
    assert "Dana" in said, "who wrote down that it was signed"
    assert "Anna Keller" in said
    assert paper.language == TOLD[what]["language"]
    assert ("付费方" in said) is (what is What.PENDING)
    page = signed_in(desk).get(f"/patients/{row.patient_id}/papers/", secure=True).content.decode()
    assert "the signed statement" in page


@pytest.mark.parametrize(
    ("what", "told", "says"),
    [
        (What.CHECKED, {"benefit": ""}, "“Benefit” is empty"),
        (What.CHECKED, {"benefit": "dental"}, "“Benefit” holds nothing"),
        (What.CHECKED, {"text": "x" * 2001}, "“Note” is too long"),
        (What.SELF_PAY, {"sum": "-1"}, "holds nothing that fits"),
        (What.SELF_PAY, {"sum": "٣"}, "holds nothing that fits"),
        (What.SELF_PAY, {"sum": "1e9"}, "holds nothing that fits"),
        (What.SELF_PAY, {"sum": "0.00"}, "holds nothing that fits"),
        (What.SELF_PAY, {"sum": "1000000.01"}, "holds nothing that fits"),
        (What.SELF_PAY, {"currency": "dollars"}, "three letters"),
        (What.CHECKED, {"day": None}, "on which day"),
        (What.CHECKED, {"day": TODAY + timedelta(days=1)}, "on which day"),
    ],
)
def test_what_does_not_hold_together_is_refused_by_name(row, desk, what, told, says) -> None:
    with pytest.raises(Refused, match=says) as refused:
        step(row, what, desk, **told)
    assert refused.value.sentence("zh-Hans")
    assert row.events.count() == 0


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"until": "2026-02-30"}, "“Last day” holds"),
        ({"start": "2027-01-01"}, "before the first"),
        ({"number": ""}, "empty"),
    ],
)
def test_an_approval_has_its_dates_in_order(row, desk, told, says) -> None:
    step(row, What.SENT, desk)
    with pytest.raises(Refused, match=says):
        step(row, What.APPROVED, desk, **told)


def test_twice_is_once_and_another_content_under_the_same_key_is_refused(row, desk) -> None:
    key = ids.new()
    first = step(row, What.CHECKED, desk, key=key)
    assert step(row, What.CHECKED, desk, key=key, seen=0) == first
    assert row.events.count() == 1
    with pytest.raises(Conflict):
        step(row, What.CHECKED, desk, key=key, benefit="pharmacy")


def test_somebody_elses_step_in_between_is_noticed(row, desk) -> None:
    step(row, What.SENT, desk)
    with pytest.raises(Conflict, match="Meanwhile Dana"):
        step(row, What.DENIED, desk, seen=0)


def test_nobody_of_another_site_writes_or_reads_it(row, person, patient) -> None:
    other = Site.objects.create(id=ids.new(), organisation_id=row.organisation_id, created=NOW, name="Harbour")
    eve = person("eve", Role.FRONT_DESK, at_site=other)
    with pytest.raises(Forbidden):
        step(row, What.SENT, eve)
    client = signed_in(eve)
    assert client.get(f"/patients/{patient.id}/authorisations/{row.id}/", secure=True).status_code == 404
    assert "Keller" not in client.get("/authorisations/", secure=True).content.decode()


def test_the_database_keeps_every_step(row, desk) -> None:
    step(row, What.SENT, desk)
    for change in (lambda: Event.objects.update(what="approved"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_it_is_begun_and_carried_on_in_the_browser(patient, desk) -> None:
    client = signed_in(desk)
    here = f"/patients/{patient.id}/authorisations/"
    form = {"payer": "", "payer_name": "", "protocol": "esketamine-nasal-us", "key": str(ids.new())}
    refused = client.post(here, form, secure=True)
    assert refused.status_code == 422
    assert "Choose a payer" in refused.content.decode()
    assert client.post(here, {**form, "payer": "acme"}, secure=True).status_code == 422
    assert client.post(here, {**form, "payer": "cigna", "protocol": "x"}, secure=True).status_code == 422
    begun = client.post(here, {**form, "payer_name": "Harbour Mutual"}, secure=True)
    again = client.post(here, {**form, "payer_name": "Harbour Mutual"}, secure=True)
    assert begun["Location"] == again["Location"]
    where = begun["Location"]
    sent = {"do": "sent", "day": str(NOW.date()), "seen": "0", "key": str(ids.new()), "text": "by fax"}
    wrong = client.post(where, {**sent, "day": "2126-01-01"}, secure=True)
    assert wrong.status_code == 422
    assert "by fax" in wrong.content.decode()
    assert client.post(where, {**sent, "do": "bribed"}, secure=True).status_code == 422
    assert client.post(where, sent, secure=True).status_code == 302
    page = client.get(where, secure=True).content.decode()
    assert "Sent to the payer" in page
    assert "Harbour Mutual" in page
    assert client.post(where, {**sent, "key": str(ids.new())}, secure=True).status_code == 409
    written = {one.action for one in Entry.objects.filter(subject=patient.id)}
    assert {"authorisation_opened", "authorisation_step", "task_made"} <= written


def test_a_dose_that_the_protocol_does_not_have_is_asked_about_once(row, desk, patient) -> None:
    client, page = signed_in(desk), f"/patients/{patient.id}/authorisations/{row.id}/"
    sent = {"do": "sent", "day": TODAY, "seen": 0, "dose": "2020 mg", "key": ids.new()}
    asked = client.post(page, sent, secure=True)
    shown = asked.content.decode()
    assert (asked.status_code, row.events.count()) == (422, 0)
    assert "one treatment has 56 to 84 mg" in shown
    assert shown.count('name="right_dose" value="2020 mg"') == 1
    zh = client.post(page, sent, secure=True, headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert "每次治疗为 56 至 84 mg" in zh
    other = sent | {"dose": "3030 mg", "right_dose": "2020 mg"}
    assert client.post(page, other, secure=True).status_code == 422, "another one than was looked at"
    for _ in range(2):
        assert client.post(page, sent | {"right_dose": "2020 mg"}, secure=True).status_code == 302
    assert json.loads(row.events.get().told)["dose"] == "2020 mg"
    for said in ("84 mg", "56 mg, then 168 mg a week", "as the plan", ""):
        doses.ask(said, row.protocol, right=False)
    doses.ask("2020 mg", "ketamine-iv-va", right=False)  # by body weight: no source gives mg
    with pytest.raises(doses.Implausible):
        doses.ask("2,5毫克", row.protocol, right=False)
    with pytest.raises(doses.Implausible):
        doses.ask("５６０mg", row.protocol, right=False)


def test_every_step_shows_what_was_told_in_both_languages(row, desk) -> None:
    walk(row, desk, What.CHECKED, What.SENT, What.APPROVED, What.USED, What.SELF_PAY)
    client = signed_in(desk)
    for language, said in (("en", "1 of 3 treatments used"), ("zh-hans", "已用 1，共 3 次治疗")):
        client.post("/language/", {"language": language, "next": "/"}, secure=True)
        page = client.get(f"/patients/{row.patient_id}/authorisations/{row.id}/", secure=True).content.decode()
        assert said in page
        assert "简体中文" in page
    assert all(
        json.loads(one.told).keys() <= {field.name for field in FIELDS[What(one.what)]} for one in row.events.all()
    )


@pytest.mark.parametrize(("until", "firm"), [(5, False), (6, True)])
def test_a_booked_treatment_needs_somebody_who_pays_on_its_day(row, desk, patient, site, until, firm) -> None:
    chair = Chair.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, room=site.rooms.get(), name="1", by=desk
    )
    booking = Booking.objects.create(
        id=ids.new(),
        organisation_id=site.organisation_id,
        created=NOW,
        patient=patient,
        site=site,
        visit="treatment",
        by=desk,
    )
    starts = NOW + timedelta(days=6)
    BookingEvent.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, booking=booking, seq=1, what="booked",
        happened=NOW, chair=chair, starts=starts, ends=starts + timedelta(hours=2), by=desk,
    )  # fmt: skip
    booking.course = Course(protocol=row.protocol)
    assert gate.nobody_pays([standing(booking)], at=NOW) == {booking.id}
    step(row, What.SENT, desk)
    step(row, What.APPROVED, desk, until=str(TODAY + timedelta(days=until)))
    assert (not gate.nobody_pays([standing(booking)], at=NOW)) is firm
    booking.course = Course(protocol="ketamine-iv-va")
    assert gate.nobody_pays([standing(booking)], at=NOW), "an approval of another treatment"


def test_a_short_approval_is_not_late_from_the_start_and_its_task_names_the_payer(row, desk) -> None:
    step(row, What.SENT, desk)
    step(row, What.APPROVED, desk, until=str(TODAY + timedelta(days=6)))
    assert now_of(row).due == TODAY
    assert open_tasks(row) == [("authorisation.task_renew", TODAY + timedelta(days=1))]
    assert {one.values for one in Task.objects.filter(patient=row.patient)} == {'{"payer": "Cigna"}'}


def test_an_approval_on_another_record_of_the_person_counts_and_is_used_once(row, desk, patient, site, person) -> None:
    other = registered(site, desk, number="49", given_names="Ana")
    chair = Chair.objects.create(
        id=ids.new(), organisation_id=site.organisation_id, created=NOW, room=site.rooms.get(), name="1", by=desk
    )
    visits = []
    for n, who in enumerate((other, patient)):
        booking = Booking.objects.create(
            id=ids.new(), organisation_id=site.organisation_id, created=NOW, patient=who, site=site, visit="treatment",
            by=desk,
        )  # fmt: skip
        starts = NOW + timedelta(days=2 + n)
        BookingEvent.objects.create(
            id=ids.new(), organisation_id=site.organisation_id, created=NOW, booking=booking, seq=1, what="booked",
            happened=NOW, chair=chair, starts=starts, ends=starts + timedelta(hours=2), by=desk,
        )  # fmt: skip
        visits.append(booking)

    def unpaid() -> set[int]:
        found = [Booking.objects.select_related("patient", "site").get(pk=one.pk) for one in visits]
        for one in found:
            one.course = Course(protocol=row.protocol)
        missing = gate.nobody_pays([standing(one) for one in found], at=NOW)
        return {n for n, one in enumerate(visits) if one.id in missing}

    step(row, What.SENT, desk)
    step(row, What.APPROVED, desk, amount="1")
    assert unpaid() == {0}
    told = {"at": NOW, "key": ids.new()}
    claim = one_person.claim(patient, other, reason="same mother", by=person("lee", Role.NURSE), **told)
    one_person.second(claim, by=person("ines", Role.PRESCRIBER), **{**told, "key": ids.new()})
    assert unpaid() == {1}, "one treatment was granted, and the earlier visit takes it"
    step(row, What.SENT, desk)
    step(row, What.APPROVED, desk, amount="2", number="A-78")
    assert unpaid() == set()


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    row, desk, site, django_assert_max_num_queries, patient
) -> None:
    for n in range(6):
        make(registered(site, desk, number=f"n{n}"), site, desk, id=ids.new())
    client = signed_in(desk)
    with django_assert_max_num_queries(15):
        assert client.get("/authorisations/", secure=True).status_code == 200


def test_no_answer_of_a_payer_reaches_the_decision() -> None:
    for file in Path(screening.__file__).parent.glob("*.py"):
        assert "web.authorisation" not in file.read_text("utf-8"), file.name
