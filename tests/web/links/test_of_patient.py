"""Do staff see which links a patient has, and does taking one back shut it at once?"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.forms import actions as forms
from daybreak.web.forms.models import Mode
from daybreak.web.links import actions, of_patient
from daybreak.web.links.models import FORM, JOIN, READERS, REVOKED, WALL, LinkEvent
from daybreak.web.links.purposes import PURPOSES
from daybreak.web.links.tokens import token
from daybreak.web.people import actions as people
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Forbidden
from tests.web.conftest import browser, signed_in
from tests.web.patients.samples import registered


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def desk(person):
    return person("fay", Role.FRONT_DESK)


@pytest.fixture
def patient(site, desk):
    return registered(site, desk)


@pytest.fixture
def make(patient, desk):
    """A link of that purpose about the patient."""

    def made(purpose, **other):
        told = {"by": desk, "at": now()}
        subject = patient.id
        if purpose == FORM:
            told_of_form = {"mode": Mode.LINK, "language": "en", "key": ids.new()}
            subject = forms.ask(patient, "assessment:phq-9", **told_of_form, **told).id
        about = {"purpose": purpose, "subject": subject, "organisation_id": patient.organisation_id}
        return actions.make(**about, **{**told, **other})

    return made


def page(client, patient) -> str:
    return html.unescape(client.get(f"/patients/{patient.id}/links/", secure=True).content.decode())


def lines(text: str) -> list[str]:
    return re.findall(r"<strong>(.*?)</p>", text)


def test_each_purpose_declares_what_its_links_may() -> None:
    for id, purpose in PURPOSES.items():
        assert re.fullmatch(r"/[a-z-]+/", purpose.leads_to), id
        assert purpose.lasts > timedelta(0) < purpose.held_for
        assert bool(purpose.subjects) is (id not in (JOIN, WALL))
        if purpose.subjects:
            assert list(import_string(purpose.subjects)([])) == []
    assert len({one.leads_to for one in PURPOSES.values()}) == len(PURPOSES), "a cookie is for one purpose"


def test_every_link_of_the_patient_stands_there_with_what_became_of_it(patient, desk, make) -> None:
    used, over, back, open_ = make(FORM, uses=1), make(READERS), make(READERS), make(FORM)
    make(READERS, lasts=timedelta(seconds=1), at=now() - timedelta(minutes=1))
    actions.use(token(used), at=now())
    actions.finish(over, who=None, at=now())
    actions.revoke(back, by=desk, at=now())
    text = page(signed_in(desk), patient)
    found = [re.sub(r"</?strong>| \d{4}.*", "", one) for one in lines(text)]
    assert found == [
        "Who looked at the record · its time is over since",
        "A form · works until",
        "Who looked at the record · taken back",
        "Who looked at the record · it did what it was made for",
        "A form · opened as often as it may be",
    ]
    assert "opened 1 of at most 1 times" in text
    assert "made by Fay" in text
    assert token(open_) not in text
    chinese = signed_in(desk)
    chinese.post("/language/", {"language": "zh-Hans", "next": "/"}, secure=True)
    assert "有效至" in page(chinese, patient)


def test_taking_it_back_shuts_it_at_once_also_for_whoever_has_it_open(patient, desk, make) -> None:
    link, other = make(FORM), make(FORM)
    holder = browser()
    assert holder.post(f"/l/{token(link)}/", secure=True).status_code == 302
    assert holder.get("/form/1/", secure=True).status_code == 200
    client, where = signed_in(desk), f"/patients/{patient.id}/links/"
    for _ in range(2):  # twice is as once
        assert client.post(where, {"link": str(link.id)}, secure=True)["Location"] == where
    assert holder.get("/form/1/", secure=True).status_code == 404
    assert browser().post(f"/l/{token(link)}/", secure=True).status_code == 404
    assert browser().post(f"/l/{token(other)}/", secure=True).status_code == 302
    assert LinkEvent.objects.filter(kind=REVOKED).count() == 1
    line = Line.objects.get(action="link_revoked")
    assert (line.who, line.via) == (desk.id, "web")


def test_all_of_them_are_taken_back_by_one_button(patient, desk, make) -> None:
    made = [make(FORM), make(READERS), make(FORM)]
    client = signed_in(desk)
    assert "Take all of them back" in page(client, patient)
    client.post(f"/patients/{patient.id}/links/", {"link": "all"}, secure=True)
    assert [browser().post(f"/l/{token(one)}/", secure=True).status_code for one in made] == [404] * 3
    assert "Take" not in " ".join(re.findall(r"<button.*?</button>", page(client, patient)))


def test_nobody_takes_back_what_is_not_this_patients(patient, desk, make, invited, person, site) -> None:
    link = make(FORM)
    join = invited("lee", Role.NURSE, at=now())
    other = registered(site, desk, number="B2")
    client = signed_in(desk)
    for about, which in ((other, link.id), (patient, join.id), (other, "all"), (patient, "nonsense"), (patient, "")):
        client.post(f"/patients/{about.id}/links/", {"link": str(which)}, secure=True)
    assert not LinkEvent.objects.exists()
    harbour = people.found(organisation="Dawn", site="Harbour", rooms=[], at=now())
    hana = person("hana", Role.FRONT_DESK, at_site=harbour)
    assert signed_in(hana).post(f"/patients/{patient.id}/links/", {"link": "all"}, secure=True).status_code == 404
    pia = person("pia", Role.PHARMACIST)
    for someone in (hana, pia):
        with pytest.raises(Forbidden):
            of_patient.revoke(patient, which=None, by=someone, at=now())
    assert not LinkEvent.objects.exists()


def test_the_page_asks_no_more_for_more_links(patient, desk, make) -> None:
    client = signed_in(desk)
    make(FORM)
    with CaptureQueriesContext(
        connection,
    ) as one:
        page(client, patient)
    for _ in range(6):
        make(READERS)
    with CaptureQueriesContext(connection) as seven:
        page(client, patient)
    assert len(one) == len(seven) <= 15


def test_within_another_action_all_are_taken_back_too(patient, make) -> None:
    make(FORM), make(READERS)
    of_patient.revoke_all(patient, by=None, at=now())
    assert LinkEvent.objects.filter(kind=REVOKED).count() == 2
