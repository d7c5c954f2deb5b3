"""Is the time for a talk counted from the last dose, written down once, and never taken for kept by silence?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from daybreak.clinical.followup.window import Share, State
from daybreak.clinical.treatment.events import What
from daybreak.knowledge.window import hours
from daybreak.web import ids, instant
from daybreak.web.people.roles import Role
from daybreak.web.reach.models import CARER, NO, Outsider
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.treatment.models import SessionEvent
from daybreak.web.window import actions, queries
from daybreak.web.window.models import Word
from tests.web.conftest import NOW, signed_in
from tests.web.patients.samples import registered
from tests.web.reach import samples as reach
from tests.web.screening import samples as signed
from tests.web.treatment import samples as treated

HOUR = timedelta(hours=1)
OPENS, CLOSES = hours()


@pytest.fixture
def ines(person):
    return person("ines", Role.PRESCRIBER)


@pytest.fixture
def patient(site, ines):
    found = registered(site, ines)
    signed.told(found, ines)
    signed.make(found, site, ines)
    reach.make(found, site, ines)
    return found


@pytest.fixture
def session(patient, site, ines):
    """Two devices, five minutes apart."""
    row = treated.make(patient, site, ines)
    for n in (1, 2):
        at = NOW + n * 5 * HOUR / 60
        SessionEvent.objects.create(
            id=ids.new(),
            organisation_id=site.organisation_id,
            created=at,
            session=row,
            seq=100 + n,
            what=What.DOSE,
            told="{}",
            happened=at,
            noted=at,
            received=at,
            by=ines,
            key=ids.new(),
        )
    return row


def say(patient, session, by, what, **other) -> Word:
    told = {"starts": None, "whom": None, "text": "", "at": NOW + CLOSES + 2 * HOUR, "key": ids.new(), **other}
    return actions.say(patient, session.id, what=what, **told, by=by)


def test_the_time_runs_from_the_last_dose_and_silence_is_no_talk(patient, session, site) -> None:
    last = NOW + 10 * HOUR / 60
    (one,) = queries.of(patient, at=last + CLOSES)
    assert (one.window.opens, one.window.closes, one.state) == (last + OPENS, last + CLOSES, State.AHEAD)
    after = {"at": last + CLOSES + HOUR}
    assert queries.met(queries.of(patient, **after)) == Share(0, 1, 1) == queries.at_site(site.id, **after)
    assert queries.of(patient, at=NOW - HOUR) == []


def test_the_last_word_counts_and_is_said_once(patient, session, ines, site) -> None:
    key, talked = {"key": ids.new()}, NOW + OPENS + HOUR
    first = say(patient, session, ines, "offered", starts=talked, **key)
    assert say(patient, session, ines, "offered", starts=talked, **key) == first
    therapist = Outsider.objects.get()
    say(patient, session, ines, "kept", starts=talked, whom=therapist.root)
    after = {"at": NOW + CLOSES + 3 * HOUR}
    assert queries.met(queries.of(patient, **after)) == Share(1, 1, 0) == queries.at_site(site.id, **after)
    say(patient, session, ines, "declined")
    assert queries.met(queries.of(patient, **after)) == Share(0, 1, 0)
    assert [one.seq for one in Word.objects.order_by("seq")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("kept", {}),
        ("offered", {}),
        ("kept", {"starts": NOW - 24 * HOUR}),
        ("kept", {"starts": NOW + CLOSES + 3 * HOUR}),
        ("not_offered", {}),
        ("forgotten", {}),
        ("declined", {"text": "x" * 1001}),
        ("declined", {"whom": ids.new()}),
    ],
)
def test_what_says_too_little_or_cannot_be_is_refused(patient, session, ines, what, told) -> None:
    with pytest.raises(Refused):
        say(patient, session, ines, what, **told)
    assert not Word.objects.exists()


def test_only_of_an_own_patient_and_with_whom_the_patient_agreed(patient, session, ines, site, person) -> None:
    with pytest.raises(Refused):
        say(registered(site, ines, number="B7", family_name="Meyer"), session, ines, "declined")
    with pytest.raises(Forbidden):
        say(patient, session, person("fay", Role.FRONT_DESK), "declined")
    now = Outsider.objects.get()
    told = {name: getattr(now, name) for name in ("organisation_id", "root", "site", "patient", "role", "name", "by")}
    Outsider.objects.create(id=ids.new(), created=NOW, replaces=now, may_tell=NO, **told)
    with pytest.raises(Refused):
        say(patient, session, ines, "declined", whom=now.root)


def test_the_page_writes_it_down_and_keeps_what_was_typed(patient, session, ines) -> None:
    client, page = signed_in(ines), f"/patients/{patient.id}/talks/"
    sent = {"session": str(session.id), "what": "not_offered", "text": "", "starts": "", "key": str(ids.new())}
    refused = client.post(page, sent, secure=True)
    assert (refused.status_code, 'value="not_offered" required checked' in refused.content.decode()) == (422, True)
    sent |= {"what": "offered", "starts": f"{NOW + OPENS:%Y-%m-%dT%H:%M}"}
    assert client.post(page, sent, secure=True).status_code == 302
    assert Word.objects.get().starts == NOW + OPENS
    assert client.get(page, secure=True).status_code == 200


def test_the_page_of_the_site_counts_them_too(patient, session, ines, monkeypatch) -> None:
    say(patient, session, ines, "kept", starts=NOW + OPENS + HOUR)
    monkeypatch.setattr(instant, "now", lambda: NOW + CLOSES + 3 * HOUR)
    page = signed_in(ines).get("/checkins/", secure=True).content.decode()
    assert re.search(r'id="talks">.*?<span class="number">1/1</span>', page, re.DOTALL)


def test_a_talk_is_with_whoever_treats_and_with_no_carer(patient, session, ines) -> None:
    therapist = Outsider.objects.get()
    told = {name: getattr(therapist, name) for name in ("organisation_id", "site", "patient", "may_tell", "by")}
    Outsider.objects.create(id=(id := ids.new()), root=id, created=NOW, role=CARER, name="Ruth", **told)
    with pytest.raises(Refused):
        say(patient, session, ines, "offered", starts=NOW + OPENS, whom=id)
    page = signed_in(ines).get(f"/patients/{patient.id}/talks/", secure=True).content.decode()
    assert str(therapist.root) in page
    assert str(id) not in page
