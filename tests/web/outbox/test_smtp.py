"""Does a notice reach a real mail server, trusted only when it shows who it is?"""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from daybreak.web.outbox import delivery, queries
from daybreak.web.outbox.models import Result
from tests.browser.tls import certificate
from tests.web.conftest import NOW
from tests.web.outbox import postbox
from tests.web.outbox.conftest import post, reached_at
from tests.web.outbox.postbox import PASSWORD, USER, running


@pytest.fixture
def shown(tmp_path):
    return certificate("localhost", tmp_path)


@pytest.fixture(autouse=True)
def with_address(lee) -> None:
    reached_at(lee, "lee@example.org")


def error() -> str:
    return Result.objects.get().error


def test_a_server_on_this_machine_takes_it(lee, mail_server) -> None:
    with running() as box:
        mail_server(box.port)
        message = post(lee)
        assert delivery.deliver(NOW) == 1
    mail = message_from_bytes(box.mails[0], policy=default)
    assert (mail["From"], mail["To"]) == ("Daybreak <clinic@example.org>", "Lee <lee@example.org>")
    assert mail["Message-ID"] == message.message_id
    assert box.recipients == ["TO:<lee@example.org>"]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_of_ones_own_is_trusted_only_when_told(lee, mail_server, shown, tls) -> None:
    with running(tls=tls, certificate=shown) as box:
        about = {"host": "localhost", "tls": tls, "user": USER, "password": PASSWORD}
        mail_server(box.port, **about)
        post(lee)
        assert delivery.deliver(NOW) == 0
        assert (box.mails, error()) == ([], "outbox.error_certificate")
        mail_server(box.port, trusts=str(shown.file), **about)
        assert delivery.deliver(NOW + timedelta(minutes=1)) == 1
    assert len(box.mails) == 1


def test_another_name_than_the_certificates_is_not_trusted(lee, mail_server, shown) -> None:
    with running(tls="tls", certificate=shown) as box:
        mail_server(box.port, tls="tls", trusts=str(shown.file))  # 127.0.0.1, and the certificate says localhost
        post(lee)
        delivery.deliver(NOW)
    assert (box.mails, error()) == ([], "outbox.error_certificate")


def test_a_server_without_tls_gets_no_password(lee, mail_server) -> None:
    with running() as box:
        mail_server(box.port, tls="starttls", user=USER, password=PASSWORD)
        post(lee)
        delivery.deliver(NOW)
    assert (box.mails, error()) == ([], "outbox.error_certificate")


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ({"AUTH": "535 no"}, "outbox.error_sign_in"),
        ({"RCPT": "550 nobody of that name"}, "outbox.error_address_refused"),
        ({"MAIL": "550 not from you"}, "outbox.error_refused"),
        ({"DATA": "554 not that"}, "outbox.error_refused"),
        ({"DATA": "554 not that", "QUIT": "500 what?"}, "outbox.error_refused"),
        ({"EHLO": "421 closed", "HELO": "421 closed"}, "outbox.error_unreachable"),
    ],
)
def test_what_the_server_refuses_is_named_and_no_repeat(lee, mail_server, says, named) -> None:
    with running() as box:
        mail_server(box.port, user=USER, password=PASSWORD)
        box.says = says
        post(lee)
        delivery.deliver(NOW)
        assert (Result.objects.get().outcome, error()) == ("failed", named)
        box.says = {}
        assert delivery.deliver(NOW + timedelta(minutes=1)) == 1
    assert "repeat" not in message_from_bytes(box.mails[-1], policy=default)["Subject"]


def test_a_line_that_breaks_after_the_mail_makes_the_next_one_a_repeat(lee, mail_server) -> None:
    with running() as box:
        mail_server(box.port)
        box.hangs_up_after = "DATA"
        post(lee)
        assert delivery.deliver(NOW) == 0
        assert (Result.objects.get().outcome, error()) == ("unclear", "outbox.error_broken_off")
        box.hangs_up_after = ""
        assert delivery.deliver(NOW + timedelta(minutes=1)) == 1
    first, second = (message_from_bytes(mail, policy=default) for mail in box.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"].endswith("(repeat)")


def test_nobody_listens_there(lee, mail_server) -> None:
    with running() as box:
        closed = box.port
    mail_server(closed)
    post(lee)
    delivery.deliver(NOW)
    assert error() == "outbox.error_unreachable"
    assert queries.stuck(at=NOW + timedelta(minutes=6))[0].error == "outbox.error_unreachable"


def test_a_mail_server_that_was_taken_away_is_said(lee, mail_server, settings) -> None:
    before = settings.PLACE
    mail_server(1)
    post(lee)
    settings.PLACE = before
    delivery.deliver(NOW)
    assert error() == "outbox.error_no_server"


def test_the_password_is_in_no_representation() -> None:
    from daybreak.web.place import Mail

    assert postbox.PASSWORD not in repr(Mail("h", 1, "s@example.org", "tls", "u", postbox.PASSWORD))
