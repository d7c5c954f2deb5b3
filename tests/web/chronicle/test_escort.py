"""Does whoever takes a patient home read on their own phone until when there is no driving, and sign, without a name shown?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.clinical.treatment.events import Phase, What
from daybreak.web import ids
from daybreak.web.audit.models import Entry
from daybreak.web.chronicle import escort
from daybreak.web.links.tokens import token
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden
from daybreak.web.treatment import actions as treatment
from tests.web.chronicle.test_record import make, text
from tests.web.conftest import browser, signed_in
from tests.web.treatment.steps import DEVICE, MINUTE, stands


@pytest.fixture
def dosed_once(session, nurse, noon):
    about = {"happened": noon, "by": nurse, "at": noon + MINUTE, "key": ids.new()}
    treatment.report(session, What.DOSE, {**DEVICE, "n": 1, "of": 1}, **about)
    return session


def test_they_read_and_sign_and_it_clears_nothing(dosed_once, nurse, noon) -> None:
    client, address = signed_in(nurse), f"/sessions/{dosed_once.id}/hand-out/"
    page = client.post(address, {"key": str(ids.new()), "do": "escort"}, secure=True).content.decode()
    (shown,) = re.findall(r"/l/[^/<\s]+/", page)
    phone = browser()
    assert phone.get("/escort/", secure=True).status_code == 404
    assert phone.get(shown, secure=True).status_code == 200
    assert phone.post(shown, secure=True)["Location"] == "/escort/"
    page = html.unescape(phone.get("/escort/", secure=True).content.decode())
    assert "No driving before" in page
    assert "Get help at once" in page
    assert not [one for one in ("ketamine", "psychiat", "depress", "keller") if one in page.casefold()]
    key = str(ids.new())
    for wrong in ({"name": " ", "agreed": "on"}, {"name": "Sam Keller"}, {"name": "x" * 201, "agreed": "on"}):
        assert phone.post("/escort/", {"key": key, **wrong}, secure=True).status_code == 422
    for _ in range(2):
        answer = phone.post("/escort/", {"key": key, "name": "Sam  Keller", "agreed": "on"}, secure=True)
        assert answer.status_code == 302
    assert "Signed at" in phone.get("/escort/", secure=True).content.decode()
    assert stands(dosed_once).phase is Phase.OBSERVING
    assert dosed_once.events.filter(told__contains="escort").count() == 1
    assert Entry.objects.get(action="escort_signed").via == "link"
    assert "Sam Keller signed at" in client.get(address, secure=True).content.decode()
    paper = text(make(dosed_once, nurse, noon + 2 * MINUTE))
    assert "Sam Keller takes the patient home and has read" in paper


def test_before_a_dose_there_is_nothing_to_sign(session, nurse) -> None:
    made = escort.link(session, by=nurse, at=datetime.now(UTC), key=ids.new())
    phone = browser()
    phone.post(f"/l/{token(made)}/", secure=True)
    page = phone.get("/escort/", secure=True).content.decode()
    assert "Ask the staff until when" in page
    assert 'name="agreed"' not in page


def test_a_link_is_made_by_who_runs_the_session_and_ends_with_the_day(session, nurse, person, noon) -> None:
    with pytest.raises(Forbidden):
        escort.link(session, by=person("gus", Role.RESEARCHER), at=noon, key=ids.new())
    made = escort.link(session, by=nurse, at=noon - timedelta(hours=13), key=ids.new())
    assert browser().post(f"/l/{token(made)}/", secure=True).status_code == 404
