"""What do a referrer without an account, and a stranger, see and hear of a referral?"""

from __future__ import annotations

import re

import pytest

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.flood.doors import DOORS, REFERRAL
from daybreak.web.links import actions as links
from daybreak.web.links.models import Link
from daybreak.web.links.tokens import token
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message
from daybreak.web.reach import actions as reach
from daybreak.web.reach import queries as reached
from daybreak.web.reach import standings
from daybreak.web.reach.forms import Known, of
from daybreak.web.referral import actions
from daybreak.web.referral.models import Referral, What
from daybreak.web.referral.state import state
from tests.web.conftest import NOW, browser, signed_in
from tests.web.patients.samples import registered
from tests.web.reach.conftest import mails
from tests.web.referral.conftest import does, receive
from tests.web.referral.samples import TOLD


def sent(client, **other):
    return client.post("/refer/", {**TOLD, "key": ids.new(), **other}, secure=True)


def status_page(row) -> str:
    client = browser()
    link = Link.objects.filter(subject=row.id).latest("created")
    opened = client.post(f"/l/{token(link)}/", secure=True)
    assert opened["Location"] == "/referral/"
    asks = client.get("/referral/", secure=True).content.decode()
    assert "In which year was the patient born?" in asks
    assert "Go on</button>" in asks
    assert client.post("/referral/", {"year": "1971"}, secure=True).status_code == 302
    return client.get("/referral/", secure=True).content.decode()


def test_a_therapist_refers_gets_a_receipt_and_a_page(site) -> None:
    client = browser()
    page = client.get("/refer/", secure=True).content.decode()
    assert "Do not use this for emergencies" in page
    assert "988" in page or "emergency number" in page
    key = ids.new()
    first, again = (sent(client, key=key).content.decode() for _ in range(2))
    address = re.search(r"https://clinic.example.org/l/[\w-]+/", first)[0]
    assert address in again, "the same referral has the same page"
    assert "Keller" not in first
    assert Referral.objects.count() == 1
    (message,) = Message.objects.all()
    delivery.deliver(message.created)
    (mail,) = mails()
    assert address in mail.get_content()
    assert mail["To"] == "rivera@example.org"
    assert "Keller" not in mail.as_string()


def test_the_status_page_asks_the_year_and_shows_no_name(site, nurse) -> None:
    row = receive(site)
    page = status_page(row)
    assert "Received" in page
    for telling in ("Keller", "Anna", "1971", "Two medicines", "Lee"):
        assert telling not in page
    actions.make_patient(row, number="77", not_these=[], seen=0, by=nurse, at=NOW, key=ids.new())
    page = status_page(row)
    assert "Somebody is looking at it" in page
    assert "contacted" not in page, "to be registered is not to be spoken with"
    does(row, What.CONTACTED, nurse, text="she cried")
    page = status_page(row)
    assert "The patient was contacted" in page
    assert "she cried" not in page
    assert Entry.objects.filter(action="read", object_type="referral_status", who=None, via="link").exists()


def test_a_wrong_year_shows_nothing_and_in_the_end_closes_the_page(site) -> None:
    row = receive(site)
    client = browser()
    client.post(f"/l/{token(Link.objects.get(subject=row.id))}/", secure=True)
    for _ in range(5):
        assert client.post("/referral/", {"year": "1980"}, secure=True).status_code == 422
    assert client.post("/referral/", {"year": "1971"}, secure=True).status_code == 404


@pytest.mark.parametrize("told", [True, False])
def test_a_reason_is_read_only_when_the_clinic_shares_it(site, nurse, told) -> None:
    row = receive(site)
    does(row, What.DECLINED, nurse, text="we treat adults only", told=told)
    page = status_page(row)
    assert "Not accepted" in page
    assert ("we treat adults only" in page) is told


def test_a_note_is_never_shared(site, nurse) -> None:
    row = receive(site)
    event = does(row, What.NOTE, nurse, text="sounds unwell", told=True)
    assert not event.told
    assert "sounds unwell" not in status_page(row)


def test_without_the_patients_consent_the_referrer_hears_nothing_more(site, nurse) -> None:
    row = receive(site, may_tell="")
    before = Message.objects.count()
    does(row, What.CONTACTED, nurse)
    does(row, What.DECLINED, nurse, text="no room", told=True)
    assert Message.objects.count() == before
    page = status_page(row)
    assert "has not agreed that you hear more" in page
    for telling in ("contacted", "Not accepted", "no room"):
        assert telling not in page


@pytest.mark.parametrize("word", [{"may_tell": "no"}, {"may_tell": ""}, {"ended": "yes"}])
def test_once_the_patient_says_otherwise_the_referrer_hears_and_sees_no_more(site, nurse, word) -> None:
    row = receive(site)
    patient = registered(site, nurse, number="77")
    actions.belongs_to(row, patient, seen=0, by=nurse, at=NOW)
    does(row, What.CONTACTED, nurse)
    assert "The patient was contacted" in status_page(row)
    staff = signed_in(nurse)
    assert "agrees that the referrer hears" in staff.get(f"/referrals/{row.id}/", secure=True).content.decode()
    now = reached.outsider_now(row.outsider.root)
    told = Known(**{**of(now), **word})
    reach.set_outsider(patient, told, seen=now, by=nurse, at=NOW, key=ids.new())
    before = Message.objects.count()
    does(row, What.DECLINED, nurse, text="she told us why", told=True)
    assert Message.objects.count() == before
    page = status_page(row)
    assert "Not accepted" not in page
    assert "she told us why" not in page
    page = staff.get(f"/referrals/{row.id}/", secure=True).content.decode()
    assert "agrees that the referrer hears" not in page


def test_a_status_page_that_was_taken_back_is_not_made_anew(site, nurse) -> None:
    client, key = browser(), ids.new()
    assert "/l/" in sent(client, key=key).content.decode()
    row = Referral.objects.get()
    link = Link.objects.get(subject=row.id)
    links.revoke(link, by=nurse, at=link.created)
    before = Message.objects.count()
    does(row, What.CONTACTED, nurse, at=link.created)
    assert (Link.objects.filter(subject=row.id).count(), Message.objects.count()) == (1, before)
    again = sent(client, key=key)
    assert (again.status_code, "/l/" in again.content.decode()) == (200, False)


def test_with_it_they_are_written_to_at_each_step(site, nurse) -> None:
    row = receive(site)
    does(row, What.LOOKED, nurse)
    assert Message.objects.count() == 1, "of the beginning alone"
    does(row, What.CONTACTED, nurse)
    assert Message.objects.count() == 2
    assert len(set(Message.objects.values_list("link", flat=True))) == 1, "one page"


def test_once_everything_has_stopped_nothing_goes_to_the_referrer(site, nurse) -> None:
    row = receive(site)
    patient = actions.make_patient(row, number="77", not_these=[], seen=0, by=nurse, at=NOW, key=ids.new())
    standings.say(patient, "died", since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    before = Message.objects.count()
    does(row, What.NO_RESPONSE, nurse)
    assert Message.objects.count() == before
    assert state(row).ended
    assert not links.usable(Link.objects.get(subject=row.id), at=NOW), "and the page shows nothing any more"


def test_a_referrer_without_mail_has_the_page_alone(site) -> None:
    answer = sent(browser(), from_email="")
    assert "/l/" in answer.content.decode()
    assert "comes by mail" not in answer.content.decode()
    assert Message.objects.count() == 0


def test_what_is_missing_is_said_and_what_was_typed_stays(site) -> None:
    answer = sent(browser(), agreed="", why="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "only when the patient agrees" in page
    assert 'value="Keller"' in page
    assert Referral.objects.count() == 0


def test_a_flood_is_held_up(site) -> None:
    client = browser()
    for _ in range(DOORS[REFERRAL].each):
        assert sent(client).status_code == 200
    refused = sent(client)
    assert refused.status_code == 429
    assert Referral.objects.count() == DOORS[REFERRAL].each


def test_nobody_guesses_a_page(site) -> None:
    receive(site)
    assert browser().get("/referral/", secure=True).status_code == 404
    assert browser().post(f"/l/{'x' * 43}/", secure=True).status_code == 404


def test_the_form_is_in_chinese_too(site) -> None:
    client = browser()
    client.cookies["__Host-language"] = "zh-hans"
    page = client.get("/refer/", secure=True).content.decode()
    assert "请勿用于紧急情况" in page
    assert '<option value="zh-Hans" selected>' in page, "and so are the messages, unless told otherwise"
    assert sent(client, from_language="zh-Hans").status_code == 200
    delivery.deliver(Message.objects.get().created)
    assert mails()[0]["Subject"] == "您有一条消息"


def test_without_a_site_there_is_nothing_to_fill_in(db) -> None:
    assert browser().get("/refer/", secure=True).status_code == 200
