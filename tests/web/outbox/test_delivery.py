"""Does a notice leave once, again when nobody knows, and never silently not at all?"""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.outbox import channels, delivery, queries
from daybreak.web.outbox.models import Message, Result
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting
from tests.web.conftest import NOW
from tests.web.outbox.conftest import post, reached_at
from tests.web.patients.samples import registered
from tests.web.reach.samples import reached


def mails() -> list:
    return [message_from_bytes(file.read_bytes(), policy=default) for file in settings.PLACE.outbox.glob("*.eml")]


def after(**time: float):
    return NOW + timedelta(**time)


def test_a_notice_becomes_a_file_for_its_person_alone(lee) -> None:
    message = post(lee)
    assert delivery.deliver(NOW) == 1
    (file,) = settings.PLACE.outbox.iterdir()
    assert file.name == f"{message.id}.eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings.PLACE.outbox.stat().st_mode & 0o777 == 0o700
    (mail,) = mails()
    assert mail["Subject"] == "Daybreak: something waits for you"
    assert mail["Message-ID"] == message.message_id
    assert mail["To"].groups[0].display_name == "Lee"
    assert "https://clinic.example.org/tasks/" in mail.get_content()
    assert delivery.deliver(after(days=1)) == 0
    assert [row.action for row in Entry.objects.filter(via="clock").order_by("id")] == [
        "message_posted",
        "message_tried",
        "message_sent",
    ]


def test_a_notice_is_in_the_persons_language_and_says_nothing_about_anybody(person) -> None:
    message = post(person("wang", Role.NURSE, language="zh-Hans"))
    delivery.deliver(NOW)
    (mail,) = mails()
    assert mail["Subject"] == "Daybreak：有事项等待您处理"
    assert "请登录" in mail.get_content()
    whole = f"{mail.as_string()}{mail.get_content()}"
    assert str(message.about) not in whole
    assert message.about.hex not in whole


def test_what_is_undone_is_not_sent(lee) -> None:
    with transaction.atomic():
        post(lee)
        transaction.set_rollback(True)
    assert delivery.deliver(NOW) == 0


def test_a_folder_that_cannot_be_written_is_tried_again_with_longer_and_longer_pauses(lee) -> None:
    settings.PLACE.outbox.write_text("a file where the folder belongs")
    post(lee)
    made: list[int] = []
    second = 0
    try:
        while second < 2 * 60 * 60:
            step = 5
            if queries.waiting(at=after(seconds=second)):
                delivery.deliver(after(seconds=second))
                made.append(second)
                step = 5 if len(made) < 7 else 595  # what waits then would have waited since
            second += step
    finally:
        settings.PLACE.outbox.unlink()
    between = [later - earlier for earlier, later in pairwise(made)]
    assert between[:6] == sorted(between[:6])
    assert between[0] <= 20
    assert set(between[6:]) <= {600, 605}
    assert set(Result.objects.values_list("outcome", "error")) == {("failed", "outbox.error_folder")}
    assert delivery.deliver(after(hours=10)) == 1
    assert "repeat" not in mails()[0]["Subject"], "a file that was not written reached nobody"


def test_who_was_killed_between_start_and_result_sends_again_and_says_so(lee) -> None:
    message = post(lee)
    assert delivery.begin(message, at=NOW)
    assert delivery.deliver(after(seconds=60)) == 0, "somebody may still be at it"
    assert delivery.deliver(NOW + queries.LEASE) == 1
    (mail,) = mails()
    assert mail["Subject"] == "Daybreak: something waits for you (repeat)"
    assert mail["Message-ID"] == message.message_id
    assert "This is a repeat" in mail.get_content()
    assert list(message.attempts.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("wrong", [ValueError, DatabaseError])
def test_one_that_cannot_be_sent_keeps_nobody_else_waiting(lee, person, monkeypatch, wrong) -> None:
    first, second = post(lee), post(person("kim", Role.NURSE))
    send = channels.send

    def breaks(mail, *, name, **told) -> None:
        if name == str(first.id):
            raise wrong("something that nobody thought of")
        send(mail, name=name, **told)

    monkeypatch.setattr(channels, "send", breaks)
    assert delivery.deliver(NOW) == 1
    assert [one.message for one in queries.stuck(at=after(minutes=10))] == [first]
    assert Result.objects.get().attempt.message == second


def test_a_call_to_somebody_here_goes_before_the_reminders_also_when_it_comes_between_them(
    site, lee, person, monkeypatch
) -> None:
    patient = registered(site, person("front", Role.FRONT_DESK))
    reached(patient, lee)
    reminders = [posting.to_patient(patient, about=ids.new(), site=site, at=NOW) for _ in range(3)]
    first = post(lee, at=after(seconds=1))
    left = []

    def sends(mail, *, name, **_) -> None:
        left.append(name)
        if len(left) == 2:
            left.append(f"posted {post(lee, at=after(seconds=1)).id}")

    monkeypatch.setattr(channels, "send", sends)
    assert delivery.deliver(after(seconds=1)) == 5
    assert left[0] == str(first.id)
    assert left[2].removeprefix("posted ") == left[3]
    assert [left[n] for n in (1, 4, 5)] == [str(one.id) for one in reminders]


def test_what_does_not_leave_for_long_is_listed_until_the_person_is_reached(lee) -> None:
    message = post(lee)
    assert queries.stuck(at=after(minutes=4)) == []
    (stuck,) = queries.stuck(at=after(minutes=5))
    assert (stuck.message, stuck.tries, stuck.error) == (message, 0, "outbox.error_not_tried")
    delivery.begin(message, at=after(minutes=6))
    assert queries.stuck(at=after(minutes=7))[0].error == "outbox.error_silent"
    assert delivery.deliver(after(hours=25)) == 0, "too late to be a notice"
    (stuck,) = queries.stuck(at=after(days=3))
    assert stuck.given_up
    post(lee, at=after(days=3))
    delivery.deliver(after(days=3))
    assert queries.stuck(at=after(days=4)) == []


def test_without_an_address_a_mail_is_not_pretended(lee, mail_server) -> None:
    mail_server(1)
    assert post(lee) is None
    assert Message.objects.count() == 0
    line = Entry.objects.get(action="not_reached")
    assert (line.object_id, line.via) == (lee.id, "clock")
    reached_at(lee, "lee@example.org")
    assert post(lee).to == "lee@example.org"
