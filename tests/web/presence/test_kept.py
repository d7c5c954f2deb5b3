"""Is nothing lost, and nothing doubled, when a session ends while a form is being filled?"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from daybreak.web import clock, ids
from daybreak.web.patients.models import Entry as PatientEntry
from daybreak.web.people import sessions
from daybreak.web.people.roles import Role
from daybreak.web.presence import kept, places
from daybreak.web.presence.models import KeptForm
from daybreak.web.tasks.models import Task
from tests.web.conftest import browser, signed_in
from tests.web.patients.samples import registered
from tests.web.presence.test_unlock import lee, left_alone, unlock  # noqa: F401

TYPED = 'cystitis "recurrent" <b>&amp;'


@pytest.fixture
def form(site, lee):  # noqa: F811
    patient = registered(site, lee)
    return f"/patients/{patient.id}/add/condition/"


def test_a_locked_session_brings_the_form_back_filled(form, lee) -> None:  # noqa: F811
    client, key = left_alone(lee), str(ids.new())
    sent = client.post(form, {"key": key, "concept": "asthma", "onset": TYPED}, secure=True)
    onward = parse_qs(urlsplit(sent.url).query)["next"][0]
    assert sent.url.startswith("/unlock/?next=")
    assert urlsplit(onward).path == form
    assert not PatientEntry.objects.exists(), "nothing was done"
    assert unlock(client, next=onward).url == onward
    page = client.get(onward, secure=True).content.decode()
    assert "You were away" in page
    assert key in page, "the request's own key: sent twice, it is done once"
    assert 'value="cystitis &quot;recurrent&quot; &lt;b&gt;&amp;amp;"' in page
    assert not PatientEntry.objects.exists(), "nothing is sent by itself"


def test_what_is_kept_is_sealed_and_says_nothing_in_log_or_address(form, lee, caplog) -> None:  # noqa: F811
    sent = left_alone(lee).post(form, {"key": str(ids.new()), "onset": TYPED, "confirm": "secret words"}, secure=True)
    row = KeptForm.objects.get()
    assert b"cystitis" not in bytes(row.sealed)
    assert "cystitis" not in caplog.text + sent.url
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM presence_keptform")
        assert "cystitis" not in str(cursor.fetchall())
    sealed = kept._seal(settings.PLACE.key("django")).decrypt(bytes(row.sealed)).decode()
    assert "cystitis" in sealed
    assert "secret words" not in sealed


def test_nobody_else_ever_sees_it(form, lee, person) -> None:  # noqa: F811
    sent = left_alone(lee).post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True)
    onward = parse_qs(urlsplit(sent.url).query)["next"][0]
    page = signed_in(person("eve", Role.NURSE)).get(onward, secure=True)
    assert page.status_code == 200
    assert "cystitis" not in page.content.decode()
    assert "You were away" not in page.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_after_a_night_the_browser_still_knows_whose_it_was(form, lee, known, rf) -> None:  # noqa: F811
    client = browser()
    if known:
        from django.http import HttpResponse

        places.remember(rf.get("/"), response := HttpResponse(), lee)
        client.cookies[settings.DEVICE_COOKIE_NAME] = response.cookies[settings.DEVICE_COOKIE_NAME].value
    sent = client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True)
    assert ("kept" in sent.url, KeptForm.objects.count()) == (known, int(known))
    assert sent.url.startswith("/login/?next=")


def test_a_session_that_was_too_long_keeps_the_form_too(form, lee) -> None:  # noqa: F811
    client = signed_in(lee, began=time.time() - sessions.LONGEST - 60)
    assert "kept" in client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True).url


def test_whoever_signed_out_leaves_nothing(form, lee) -> None:  # noqa: F811
    client = signed_in(lee)
    client.post("/logout/", secure=True)
    assert client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True).url == "/login/?next=/"


def test_it_does_not_wait_for_ever(form, lee) -> None:  # noqa: F811
    client = left_alone(lee)
    sent = client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True)
    onward = parse_qs(urlsplit(sent.url).query)["next"][0]
    unlock(client)
    KeptForm.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert "cystitis" not in client.get(onward, secure=True).content.decode()
    clock.tidy(at=datetime.now(UTC))
    assert not KeptForm.objects.exists()


def test_a_file_has_to_be_chosen_again(form, lee) -> None:  # noqa: F811
    client, page = left_alone(lee), form.replace("add/condition", "import")
    told = {"source": "Riverside", "file": SimpleUploadedFile("x.json", b'{"secret": 1}')}
    onward = parse_qs(urlsplit(client.post(page, told, secure=True).url).query)["next"][0]
    unlock(client)
    shown = client.get(onward, secure=True).content.decode()
    assert "Choose it again" in shown
    assert 'value="Riverside"' in shown


def test_a_form_that_is_gone_shows_what_was_typed(form, lee) -> None:  # noqa: F811
    client = left_alone(lee)
    sent = client.post("/me/sessions/", {"onset": TYPED}, secure=True, HTTP_REFERER="https://clinic.example.org/me/")
    onward = parse_qs(urlsplit(sent.url).query)["next"][0]
    assert urlsplit(onward).path == "/me/"
    unlock(client)
    page = client.get(onward, secure=True).content.decode()
    assert "no longer on the page" in page
    assert "cystitis &quot;recurrent&quot; &lt;b&gt;&amp;amp;" in page


def test_it_comes_back_to_the_page_that_sent_it_and_to_no_other_site(form, lee) -> None:  # noqa: F811
    sent = left_alone(lee).post(form, {"key": "x"}, secure=True, HTTP_REFERER="https://evil.example/x")
    assert urlsplit(parse_qs(urlsplit(sent.url).query)["next"][0]).path == form


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example/x", "/\\evil.example/x"])
def test_a_path_of_ours_never_reads_as_another_site(form, lee, path) -> None:  # noqa: F811
    client = signed_in(lee, resumed=True)
    client.handler.enforce_csrf_checks = True
    headers = {"origin": "https://clinic.example.org", "referer": f"https://clinic.example.org{path}"}
    sent = client.post(form, {"key": str(ids.new())}, secure=True, headers=headers)
    assert sent.status_code == 302
    assert sent.url.startswith("/evil.example/x?kept=")


@pytest.mark.parametrize(("origin", "resumed", "status"), [("https://clinic.example.org", True, 302),
    ("https://clinic.example.org", False, 403), ("https://evil.example", True, 403), (None, True, 403)])  # fmt: skip
def test_a_form_from_before_signing_in_again_comes_back_too(form, lee, origin, resumed, status) -> None:  # noqa: F811
    client = signed_in(lee, resumed=resumed)
    client.handler.enforce_csrf_checks = True
    headers = {"origin": origin} if origin else {}
    sent = client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True, headers=headers)
    assert (sent.status_code, KeptForm.objects.count()) == (status, int(status == 302))


@pytest.mark.parametrize("asked", ["x", "0193f000-0000-7000-8000-0000000000ff", ""])
def test_an_address_that_asks_for_nothing_kept_is_an_ordinary_one(lee, asked) -> None:  # noqa: F811
    assert signed_in(lee).get(f"/me/?kept={asked}", secure=True).status_code == 200


def test_what_a_script_sends_is_no_form(lee) -> None:  # noqa: F811
    sent = left_alone(lee).post("/me/passkeys/options/", secure=True, headers={"sec-fetch-mode": "cors"})
    assert sent.url == "/unlock/?next=/"


@pytest.mark.parametrize("came_back", [True, False])
def test_who_never_comes_back_to_a_form_about_a_patient_is_asked_for_it(form, lee, came_back) -> None:  # noqa: F811
    client = left_alone(lee)
    sent = client.post(form, {"key": str(ids.new()), "onset": TYPED}, secure=True)
    assert "not stored yet and calls nobody" in client.get(sent.url, secure=True).content.decode()
    onward = parse_qs(urlsplit(sent.url).query)["next"][0]
    if came_back:
        unlock(client, next=onward)
        client.get(onward, secure=True)
    clock.tidy(at=KeptForm.objects.get().until + timedelta(seconds=1))
    assert not KeptForm.objects.exists()
    found = Task.objects.filter(what="kept.never_stored")
    assert [(one.owner, str(one.patient_id)) for one in found] == ([] if came_back else [(lee, form.split("/")[2])])
    clock.tidy(at=datetime.now(UTC) + timedelta(days=1))
    assert Task.objects.filter(what="kept.never_stored").count() == len(found)
