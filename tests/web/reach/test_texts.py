"""Does a text reach the phone of who agreed to it, say nothing, and wait until they have slept?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as configured

from daybreak.web import ids
from daybreak.web.links import actions as links
from daybreak.web.links.models import READERS
from daybreak.web.links.tokens import token
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import TEXT, TEXT_FILE
from daybreak.web.place import Texts
from daybreak.web.reach import posting, quiet, standings
from daybreak.web.reach.models import STOPPED
from daybreak.web.tasks.models import Task
from daybreak.web.words import words
from tests.web.conftest import NOW, signed_in
from tests.web.outbox.postbox import running
from tests.web.reach.conftest import mails
from tests.web.reach.samples import reached
from tests.web.reach.test_posting import TELLING

PHONE = "+15550100123"
BY_TEXT = {"mobile": PHONE, "may_text": "yes", "way": "text"}


@pytest.fixture
def files(settings: Any) -> None:
    """Texts leave as files."""
    settings.PLACE = replace(configured.PLACE, texts=Texts(""))


def post(patient, site, *, at=NOW, **more):
    return posting.to_patient(patient, about=ids.new(), site=site, at=at, **more)


def left() -> list[str]:
    return [file.read_text("utf-8") for file in sorted(configured.PLACE.outbox.glob("*.text"))]


def test_a_text_is_a_line_with_the_link_and_names_nothing(patient, site, nurse, files) -> None:
    reached(patient, nurse, **BY_TEXT)
    link = links.make(purpose=READERS, subject=patient.id, organisation_id=site.organisation_id, by=None, at=NOW)
    message = post(patient, site, link=link)
    assert (message.channel, message.to) == (TEXT_FILE, PHONE)
    assert delivery.deliver(NOW) == 1
    (text,) = left()
    assert text.split("\n\n", 1)[1].replace("=\n", "").replace("=3D", "=").strip() == (
        f"Something waits for you: https://clinic.example.org/l/{token(link)}/"
    )
    assert "To: 15550100123@phone.invalid" in text
    assert "Subject" not in text
    assert not mails()
    page = signed_in(nurse).get(f"/patients/{patient.id}/reach/", secure=True).content.decode()
    assert "<strong>Sent</strong>" in page
    assert f"<bdi>{PHONE}</bdi>" in page
    said = [one for id in ("outbox.text_with_link", "outbox.text_without_link") for one in words()[id].values()]
    assert not [one for one in said if TELLING.search(one)]


def test_a_gateway_gets_it_as_a_mail_to_the_number(patient, site, nurse, mail_server, settings) -> None:
    reached(patient, nurse, **BY_TEXT)
    with running() as box:
        mail_server(box.port)
        settings.PLACE = replace(settings.PLACE, texts=Texts("texts.example.net"))
        assert post(patient, site).channel == TEXT
        assert delivery.deliver(NOW) == 1
    (mail,) = box.mails
    assert b"To: 15550100123@texts.example.net" in mail.replace(b"\r\n", b"\n")
    settings.PLACE = replace(configured.PLACE, texts=Texts("texts.example.net"), mail=None)
    assert posting.way(None) is None
    assert post(patient, site).channel == "file", (
        "without a mail server no gateway is reached: by mail, to which they agreed"
    )


@pytest.mark.parametrize(
    ("told", "channel"),
    [
        ({"mobile": PHONE, "may_text": "yes"}, "file"),  # mail, if they do not prefer texts
        ({"mobile": PHONE, "may_text": "yes", "may_write": "no"}, TEXT_FILE),
        ({"mobile": PHONE, "may_text": "no", "way": "text"}, "file"),
        ({"mobile": PHONE, "may_text": "", "may_write": ""}, None),  # not asked is not yes
        ({"mobile": "", "may_text": "yes", "may_write": "no"}, None),
    ],
)
def test_it_goes_by_a_way_to_which_they_agreed_or_somebody_calls(patient, site, nurse, files, told, channel) -> None:
    reached(patient, nurse, **told)
    message = post(patient, site)
    assert (message and message.channel) == channel
    assert posting.goes_to(patient) is (channel is not None)
    assert Task.objects.filter(what="reach.task_call").exists() is (channel is None)


def test_where_no_way_for_texts_is_set_up_none_is_pretended(patient, site, nurse) -> None:
    reached(patient, nurse, **BY_TEXT, may_write="no")
    assert post(patient, site) is None
    assert Task.objects.get().what == "reach.task_call"


def test_after_the_word_that_stops_all_no_text_leaves_either(patient, site, nurse, files) -> None:
    reached(patient, nurse, **BY_TEXT)
    post(patient, site)
    standings.say(patient, STOPPED, since=None, note="", seen=0, by=nurse, at=NOW, key=ids.new())
    assert delivery.deliver(NOW + timedelta(seconds=50)) == 0
    assert post(patient, site) is None
    assert left() == []


def test_what_nobody_waits_for_waits_for_the_morning_where_the_patient_is(patient, site, nurse, files) -> None:
    """Nine in the morning at the site is three at night in Chicago; a message that somebody sends by hand goes at once."""
    reached(patient, nurse, **BY_TEXT, zone="America/Chicago")
    late = post(patient, site, quietly=True)
    assert late.not_before == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    post(patient, site)
    assert delivery.deliver(NOW) == 1
    assert delivery.deliver(late.not_before - timedelta(seconds=1)) == 0
    assert delivery.deliver(late.not_before) == 1
    reached_at_home = posting.quiet.until(NOW, site.zone)
    assert reached_at_home is None


@pytest.mark.parametrize(
    ("zone", "local", "ends"),
    [
        ("America/Chicago", "2026-11-24 20:59", None),
        ("America/Chicago", "2026-11-24 21:00", "2026-11-25 14:00"),
        ("America/Chicago", "2026-11-25 07:59", "2026-11-25 14:00"),
        ("America/Chicago", "2026-11-25 08:00", None),
        ("America/Chicago", "2026-03-07 23:00", "2026-03-08 13:00"),  # in this night an hour is skipped
        ("America/Chicago", "2026-10-31 23:00", "2026-11-01 14:00"),  # and in this one it comes twice
        ("Asia/Shanghai", "2026-11-24 23:00", "2026-11-25 00:00"),
    ],
)
def test_the_quiet_hours_are_by_the_clock_on_the_wall(zone, local, ends) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = quiet.until(at, zone)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == ends


def test_a_number_is_written_with_its_country_and_kept_without_blanks(patient, nurse) -> None:
    client, here = signed_in(nurse), f"/patients/{patient.id}/reach/"
    for typed, says in (("555-0100", "“5550100” is no whole phone number"), ("", "there is no mobile phone")):
        page = client.post(here, {"mobile": typed, "may_text": "yes", "key": ids.new(), "seen": ""}, secure=True)
        assert says in page.content.decode()
    told = {"mobile": "00 1 (555) 010-0123", "may_text": "yes", "key": ids.new(), "seen": ""}
    assert client.post(here, told, secure=True).status_code == 302
    assert f'value="{PHONE}"' in client.get(here, secure=True).content.decode()
