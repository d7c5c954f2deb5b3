"""Does `daybreak outbox` set up, try out and tell?"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.browser.tls import certificate
from tests.web.migrated import copied
from tests.web.outbox.postbox import PASSWORD, USER, running
from tests.web.test_commands import SET_UP, daybreak


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic") / "new"
    folder.mkdir(mode=0o700)
    copied(folder / "daybreak.sqlite3")
    assert daybreak(*SET_UP, "--country", "cn", home=folder).returncode == 0
    return folder


def test_the_country_is_chosen_at_set_up(home) -> None:
    with sqlite3.connect(home / "daybreak.sqlite3") as database:
        assert database.execute("SELECT country FROM people_organisation").fetchall() == [("CN",)]
    database.close()


def test_without_a_server_the_test_is_a_file(home) -> None:
    assert daybreak("outbox", "list", home=home).stdout == "nothing is held up\n"
    done = daybreak("outbox", "test", "lee@example.org", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    (file,) = (home / "outbox").glob("*.eml")
    assert str(file) in done.stdout
    assert b"To: lee@example.org" in file.read_bytes()


def test_a_server_is_named_tried_out_and_its_password_is_nowhere_but_among_the_secrets(home, tmp_path) -> None:
    shown = certificate("localhost", tmp_path)
    words = ["outbox", "smtp", "localhost", "--starttls", "--user", USER, "--from", "clinic@example.org"]
    with running(tls="starttls", certificate=shown) as box:
        words += ["--port", str(box.port), "--trusts", str(shown.file)]
        done = daybreak(*words, home=home, DAYBREAK_SMTP_PASSWORD=PASSWORD)
        assert (done.returncode, done.stderr) == (0, "")
        assert PASSWORD not in done.stdout
        file = home / "clinic.json"
        assert json.loads(file.read_text())["mail"]["password"] == PASSWORD
        assert file.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in home.glob("clinic*")] == ["clinic.json"]
        assert daybreak("outbox", "test", "lee@example.org", home=home).returncode == 0
        box.says = {"AUTH": "535 no"}
        refused = daybreak("outbox", "test", "lee@example.org", home=home)
    assert len(box.mails) == 1
    assert (refused.returncode, refused.stderr) == (
        3,
        "daybreak outbox: The mail server refused user or password.\n",
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["smtp", "mail.example.org", "--from", "clinic@example.org"], "give --starttls or --tls"),
        (["smtp", "localhost", "--from", "clinic"], "'clinic' is no mail address"),
        (["smtp", "localhost", "--from", "c@example.org", "--trusts", "nowhere.pem"], "There is no file"),
        (["test", "lee"], "“lee” is no mail address"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(home, words, says) -> None:
    done = daybreak("outbox", *words, home=home)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_texts_leave_as_files_or_by_a_gateway_that_is_a_domain(home) -> None:
    done = daybreak("outbox", "texts", "--files", home=home)
    file = home / "clinic.json"
    kept = json.loads(file.read_text())["texts"]
    assert kept["gateway"] == ""
    assert f"Authorization: Bearer {kept['secret']}" in done.stdout
    assert "/texts/" in done.stdout
    assert daybreak("outbox", "smtp", "localhost", "--from", "clinic@example.org", home=home).returncode == 0
    assert "is no domain" in daybreak("outbox", "texts", "me@texts.example.net", home=home).stderr
    assert daybreak("outbox", "texts", "texts.example.net", home=home).returncode == 0
    again = json.loads(file.read_text())["texts"]
    assert again["gateway"] == "texts.example.net"
    assert again["secret"] != kept["secret"]


def test_a_country_that_is_none_is_refused(tmp_path) -> None:
    done = daybreak(*SET_UP, "--country", "China", home=tmp_path / "x")
    assert done.returncode == 2
    assert "expected the two letters of ISO 3166" in done.stderr
