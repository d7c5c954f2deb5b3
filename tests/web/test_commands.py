"""Do setup, users, audit and serve do what they say, as commands of their own?"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

SET_UP = ["setup", "--demo", "--organisation", "Dawn", "--site", "Main Street", "--admin", "ada", "--name", "Ada"]


def daybreak(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daybreak", *words],
        env=surroundings(home, **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def surroundings(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAYBREAK", "DJANGO"))}
    return {**kept, "DAYBREAK_HOME": str(home), **more}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("clinic") / "new"
    done = daybreak(*SET_UP, home=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_setting_up_twice_changes_nothing_and_prints_the_link_again(home) -> None:
    before = (home / "clinic.json").read_text()
    again, third = (daybreak(*SET_UP, home=home) for _ in range(2))
    assert (again.returncode, again.stderr) == (0, "")
    assert re.search(r"http://localhost:8000/l/[\w-]{43}/", again.stdout)
    assert again.stdout == third.stdout
    assert (home / "clinic.json").read_text() == before
    assert (home / "clinic.json").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_nothing_has_a_password_that_somebody_else_knows(home) -> None:
    secrets = json.loads((home / "clinic.json").read_text())["keys"]
    database = (home / "daybreak.sqlite3").read_bytes()
    assert not any(key["secret"].encode() in database for keys in secrets.values() for key in keys)
    assert b"argon2$" not in database


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["setup", "--organisation", "D", "--site", "M", "--admin", "a", "--name", "A"], "--public-url is missing"),
        ([*SET_UP[:1], *SET_UP[2:], "--public-url", "https://10.0.0.7"], "certificate"),
        ([*SET_UP[:1], *SET_UP[2:], "--public-url", "https://x.example.org"], "another profile"),
        (["users", "invite", "lee", "--name", "Lee", "--role", "nurse", "--site", "Harbour"], "There are: Main Street"),
        (["users", "disable", "nobody"], "There are: ada"),
        (["serve", "--bind", "0.0.0.0:8000"], "this machine only"),
        (["serve", "--bind", "8000"], "ADDRESS:PORT"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(home, words, says) -> None:
    done = daybreak(*words, home=home)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_people_are_invited_listed_and_disabled(home) -> None:
    invited = daybreak("users", "invite", "lee", "--name", "Lee", "--role", "nurse", "--site", "Main Street", home=home)
    assert "/l/" in invited.stdout
    assert "lee  Lee  nurse at Main Street" in daybreak("users", "list", home=home).stdout
    assert "/l/" in daybreak("users", "link", "lee", home=home).stdout
    assert daybreak("users", "disable", "lee", home=home).returncode == 0
    assert "lee  Lee  no role: cannot sign in" in daybreak("users", "list", home=home).stdout
    assert "holds no role" in daybreak("users", "link", "lee", home=home).stderr


def test_what_was_there_before_is_shut_to_others(tmp_path) -> None:
    """A folder and files that the operator made with the usual modes, and what is beside the database while it is open."""
    set_up = [*SET_UP[:1], *SET_UP[2:], "--public-url", "https://x.example.org"]
    home, full = tmp_path / "new", tmp_path / "full"
    for folder in (home, full):
        folder.mkdir()
        folder.chmod(0o755)
    (full / "letter.txt").write_text("not ours")
    refused = daybreak(*set_up, home=full)
    assert (refused.returncode, "full has mode 755" in refused.stderr, "chmod 700" in refused.stderr) == (2, True, True)
    assert (os.listdir(full), full.stat().st_mode & 0o777) == (["letter.txt"], 0o755)
    assert daybreak(*set_up, home=home).returncode == 0
    database = home / "daybreak.sqlite3"
    assert (home.stat().st_mode & 0o777, database.stat().st_mode & 0o777) == (0o700, 0o600)
    database.chmod(0o644)
    with closing(sqlite3.connect(database)) as held:
        held.execute("SELECT count(*) FROM audit_entry").fetchone()
        beside = [Path(f"{database}-{end}") for end in ("wal", "shm")]
        for file in beside:
            file.chmod(0o644)
        assert daybreak("users", "list", home=home).returncode == 0
        assert [file.stat().st_mode & 0o777 for file in (database, *beside)] == [0o600] * 3


def test_commands_without_a_clinic_say_how_to_get_one(tmp_path) -> None:
    for words in (["users", "list"], ["audit", "verify"], ["cupboard", "verify"], ["adverse", "rates"], ["serve"]):
        done = daybreak(*words, home=tmp_path)
        assert (done.returncode, "run daybreak setup" in done.stderr) == (2, True)


def test_a_database_that_does_not_answer_is_named(home) -> None:
    done = daybreak("users", "list", home=home, DAYBREAK_DATABASE="postgres://x:secret@127.0.0.1:1/x")
    assert (done.returncode, "does not answer" in done.stderr, "secret" in done.stderr) == (2, True, False)


def test_other_keys_beside_an_old_database_start_nothing(home, tmp_path) -> None:
    """A clinic that is set up anew on the old database; every command begins by the same door."""
    old = f"sqlite://{home / 'daybreak.sqlite3'}"
    before = (home / "daybreak.sqlite3").read_bytes()
    for words in ([*SET_UP, "--database", old], ["serve", "--only", "clock"], ["users", "list"]):
        done = daybreak(*words, home=tmp_path / "new")
        assert (done.returncode, "new/clinic.json are not those of this database" in done.stderr) == (2, True), words
        assert "Traceback" not in done.stderr
    verified = daybreak(
        "audit", "verify", home=tmp_path / "new"
    )  # what names the lines that do not fit is never refused
    assert (verified.returncode, "line" in verified.stderr) == (3, True)
    assert (home / "daybreak.sqlite3").read_bytes() == before


def test_serving_links_the_trail_and_stops_cleanly(home, tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as written:  # not a pipe: nobody reads it meanwhile, and a full one stops the server
        served = subprocess.Popen(
            [sys.executable, "-m", "daybreak", "serve", "--bind", f"127.0.0.1:{port}"],
            env=surroundings(home),
            stderr=written,
        )
    try:
        assert answer(port, "/healthz") == (200, "ok\n")
        assert answer(port, "/login/")[0] == 200
        assert answer(port, "/static/daybreak/daybreak.css")[0] == 200
        assert answer(port, "/l/not-a-real-token/")[0] == 200
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(timeout=60)
        errors = log.read_text()
    assert served.returncode == 0, errors
    assert "not-a-real-token" not in errors
    assert "Traceback" not in errors
    report = daybreak("audit", "verify", home=home)
    assert (report.returncode, report.stderr) == (0, "")
    assert re.fullmatch(r"[1-9]\d* lines linked, 0 in the unlinked tail\n", report.stdout)
    report = daybreak("cupboard", "verify", home=home)
    assert (report.returncode, report.stderr, report.stdout) == (0, "", "0 entries of the cupboards\n")
    report = daybreak("adverse", "rates", home=home)
    assert (report.returncode, report.stderr) == (0, "")
    assert json.loads(report.stdout)["sessions"] == 0
    assert daybreak("adverse", "rates", "--site", "Nowhere", home=home).returncode == 2
    report = daybreak("registry", "report", home=home)
    assert (report.returncode, json.loads(report.stdout)["rows"]["sessions"]) == (0, 0), report.stderr
    kept = daybreak("registry", "file", str(tmp_path / "kept.duckdb"), home=home)
    assert (kept.returncode, (tmp_path / "kept.duckdb").stat().st_mode & 0o777) == (0, 0o600), kept.stderr
    assert daybreak("registry", "file", str(tmp_path / "kept.duckdb"), home=home).returncode == 2
    assert daybreak("registry", "file", str(tmp_path / "parquet"), home=home).returncode == 0
    assert (tmp_path / "parquet" / "sessions.parquet").exists()
    assert daybreak("adverse", "rates", "--from", "2026-02-01", "--to", "2026-01-01", home=home).returncode == 2


def test_a_database_that_may_lose_entries_is_refused(home, tmp_path) -> None:
    """The same server, told to keep less: it does not start."""
    less = (
        "from daybreak.web import database\n"
        "database.SQLITE['init_command'] = 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL'\n"
        "from daybreak.cli.main import main\n"
        "raise SystemExit(main(['serve']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", less], env=surroundings(home), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "synchronous = 1; expected 2 or 3" in done.stderr


def test_the_light_commands_do_not_load_the_web() -> None:
    command = (
        "import sys; from daybreak.cli.main import main; main(['score', 'phq-9', '-']); print(sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], input="[[1,1,1,1,1,1,1,1,0]]\n", capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert not re.search(r"'(django|uvicorn|daybreak\.web)", done.stdout)


def answer(port: int, path: str) -> tuple[int, str]:
    """Ask until the server is there."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as asked:
                asked.request("GET", path)
                answered = asked.getresponse()
                return answered.status, answered.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing listens on port {port}")
