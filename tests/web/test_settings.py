"""Does the clinic start only as it should be run?"""

from __future__ import annotations

import json
import os
import re
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from daybreak.web import database, place
from daybreak.web import settings as real
from daybreak.web.append_only import unprotected
from daybreak.web.place import NotReady
from daybreak.web.serve import Listening, check

PROTECTED = {
    *("audit_entry", "audit_seal", "people_role_grant", "people_usedcode", "links_link", "links_link_event"),
    *("once_answered", "demo_mark"),
    *("outbox_address", "outbox_message", "outbox_attempt", "outbox_result"),
    *("presence_handover", "presence_handover_end"),
    "papers_paper",
    *("consent_talk", "consent_step", "consent_signature", "consent_withdrawal", "consent_talk_end"),
    *("forms_sitting", "forms_answer", "forms_ending"),
    *("courses_course", "courses_course_end", "courses_chair", "courses_chair_end"),
    *("courses_interval", "courses_without_interval", "courses_ride", "courses_near_reason"),
    *("courses_booking", "courses_booking_event"),
    *("rota_shift", "rota_shift_end", "rota_word"),
    *("courses_booking", "courses_booking_event", "courses_reminder"),
    "closing_closing",
    "morning_read",
    *("limits_signed", "watching_sound_test", "cards_text", "switches_switched"),
    *("card_card", "card_stated"),
    *("dosing_figure", "dosing_order", "pdmp_look", "pdmp_rule", "rems_form", "rems_filing"),
    *("rems_document", "rems_certification", "rems_enrolment", "rems_training", "rems_setting"),
    *(f"bedside_{one}" for one in ("device", "message", "binding", "unbound", "said", "minute", "evidence")),
    *("steering_judgement", "steering_signal"),
    *(f"misuse_{one}" for one in ("sign", "explanation", "test", "review", "answer")),
    *("adverse_version", "adverse_review", "adverse_report"),
    *(f"bedside_{one}" for one in ("device", "message", "binding", "unbound", "said", "minute")),
    *("tasks_hidden", "tasks_unreached_rule", "tasks_tied", "tasks_waits", "tasks_raised"),
    *("onsite_stay", "onsite_planned"),
    *("treatment_session", "treatment_session_event"),
    "checkins_checkin",
    *("waitlist_wish", "waitlist_event", "courses_chair_bed", "courses_course_taken"),
    *("cupboard_lot", "cupboard_entry", "cupboard_recall", "cupboard_count", "cupboard_counted"),
    *("cupboard_count_signed", "cupboard_rule", "cupboard_inventory"),
    *("reach_reach", "reach_outsider", "reach_standing", "reach_after_stop"),
    *("diary_page", "diary_shown"),
    *("texting_text", "texting_whose"),
    *("requests_request", "requests_about", "requests_event", "requests_copy"),
    *("referral_referral", "referral_event", "tasks_task"),
    *("transfer_transfer", "transfer_receipt", "letters_letter", "letters_step"),
    "window_word",
    *("therapy_note", "therapy_opened"),
    *("careplan_plan", "careplan_share", "careplan_line", "careplan_asked", "careplan_checked"),
    *("authorisation_authorisation", "authorisation_event"),
    *("authorisation_statement", "authorisation_signed", "authorisation_taken_back"),
}


def test_the_checks_for_deployment_are_clean() -> None:
    call_command("check", deploy=True, fail_level="DEBUG", stderr=StringIO(), stdout=StringIO())


def test_the_models_have_their_migrations(db) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_database_keeps_what_it_acknowledges(db) -> None:
    assert database.shortfall(connection) is None


def test_starting_with_less_is_refused(db) -> None:
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite and connection.in_atomic_block:
            pytest.skip("SQLite does not change it within a transaction; tests/web/test_commands.py does it outside")
        cursor.execute("SET synchronous_commit = off")
    with pytest.raises(NotReady, match="synchronous_commit = off; expected on or remote_apply"):
        database.demand_durability()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")


def test_rows_that_are_versions_are_protected_by_the_database(db) -> None:
    assert {table for table in PROTECTED if unprotected(connection, table)} == set()


@pytest.mark.parametrize(
    ("address", "engine", "name"),
    [
        ("sqlite:///var/x.sqlite3", "django.db.backends.sqlite3", "/var/x.sqlite3"),
        ("postgres://ann:p%40ss@db.example.org:5433/clinic?sslmode=verify-full", "daybreak.web.postgres", "clinic"),
        ("postgresql://postgres@/postgres?host=/run/x", "daybreak.web.postgres", "postgres"),
    ],
)
def test_one_address_names_the_database(address, engine, name) -> None:
    found = database.settings(address)
    assert (found["ENGINE"], found["NAME"]) == (engine, name)
    if "p%40ss" in address:
        assert (found["PASSWORD"], found["PORT"]) == ("p@ss", "5433")
        assert found["OPTIONS"] == {**database.POSTGRES, "sslmode": "verify-full"}
    if "host=" in address:
        assert (found["HOST"], found["OPTIONS"]) == ("/run/x", database.POSTGRES)


@pytest.mark.parametrize("address", ["mysql://root:secret@x/y", "sqlite:", "sqlite://relative.db", "postgres://x"])
def test_another_address_is_refused_without_repeating_it(address) -> None:
    with pytest.raises(NotReady, match="expected sqlite:///") as refused:
        database.settings(address)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("profile", "url", "says"),
    [
        ("clinic", "http://clinic.example.org", "TLS only"),
        ("clinic", "https://clinic.example.org/x", "nothing after it"),
        ("clinic", "clinic.example.org", "TLS only"),
        ("clinic", "https://10.0.0.7", "certificate"),
        ("clinic", "https://[fd00::7]", "certificate"),
        ("clinic", "https://clinic", "certificate"),
        ("demo", "http://192.0.2.1:8000", "this machine only"),
        ("demo", "https://clinic.example.org", "this machine only"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused(profile, url, says) -> None:
    with pytest.raises(NotReady, match=says):
        place.check_address(url, profile=profile)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_a_demo_is_for_this_machine(url) -> None:
    place.check_address(url, profile="demo")


@pytest.mark.parametrize(
    ("profile", "listening", "says"),
    [
        ("clinic", Listening(), "TLS only"),
        ("demo", Listening(host="0.0.0.0"), "this machine only"),
        ("demo", Listening(proxy="127.0.0.1"), "leave --proxy out"),
        ("clinic", Listening(certificate=place.folder() / "clinic.json"), "belong together"),
        ("clinic", Listening(certificate=place.folder() / "a", key=place.folder() / "b"), "There is no file"),
    ],
)
def test_serving_without_tls_is_refused(profile, listening, says) -> None:
    with pytest.raises(NotReady, match=says):
        check(listening, profile=profile)


def test_a_password_is_hashed_with_as_much_work_as_the_real_hasher_asks_for() -> None:
    """Everywhere else in the tests it costs nearly nothing."""
    with override_settings(PASSWORD_HASHERS=real.PASSWORD_HASHERS):
        hashed = make_password("four owls under a bridge")
        assert check_password("four owls under a bridge", hashed)
    memory, passes, lanes = map(int, re.search(r"m=(\d+),t=(\d+),p=(\d+)", hashed).groups())
    assert memory >= 19_456  # KiB: the least with two passes by the OWASP Password Storage Cheat Sheet
    assert passes >= 2
    assert lanes >= 1


def test_the_secrets_are_for_their_owner_only() -> None:
    file = settings.PLACE.home / "clinic.json"
    assert file.stat().st_mode & 0o777 == 0o600
    keys = json.loads(file.read_text())["keys"]
    assert set(keys) == set(place.PURPOSES)
    assert len({key["secret"] for list_ in keys.values() for key in list_}) == len(place.PURPOSES)
    os.chmod(file, 0o640)
    try:
        with pytest.raises(NotReady, match="mode 640"):
            place.current()
    finally:
        os.chmod(file, 0o600)


def test_a_new_key_goes_first_and_the_old_one_still_opens() -> None:
    keys = (place.Key("2", "new"), place.Key("1", "old"))
    two = place.Place(settings.PLACE.home, "clinic", "https://x.example", "sqlite:///x", {"audit": keys})
    assert (two.key("audit"), two.key("audit", "1"), two.key("audit", "3")) == (*keys, None)


def test_a_second_set_up_asks_for_the_same() -> None:
    with pytest.raises(NotReady, match="another public_url"):
        place.demand_same(profile="clinic", public_url="https://other.example.org", database=None)
    with pytest.raises(NotReady, match="another profile"):
        place.demand_same(profile="demo", public_url=None, database=None)


def test_without_a_clinic_the_sentence_says_what_to_do(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DAYBREAK_HOME", str(tmp_path))
    with pytest.raises(NotReady, match="run daybreak setup"):
        place.current()
