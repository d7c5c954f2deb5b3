"""Does one word stop everything that goes to a patient, at once and for everybody?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from daybreak.web import ids
from daybreak.web.consent import actions as consent
from daybreak.web.consent import sending as consent_sending
from daybreak.web.forms import actions as forms
from daybreak.web.forms import sending
from daybreak.web.forms.models import Mode, Sitting
from daybreak.web.links import actions as links
from daybreak.web.links.models import READERS
from daybreak.web.outbox import delivery
from daybreak.web.outbox.models import Message, Result
from daybreak.web.patients.register import Stale
from daybreak.web.people.roles import Role
from daybreak.web.reach import posting, queries, standings
from daybreak.web.reach.models import BACK, DIED, ENDS, HOSPITAL, PAUSES, PREGNANT, STOPPED, Outsider, Standing
from daybreak.web.refusals import Forbidden, Refused
from daybreak.web.tasks import queries as task_queries
from daybreak.web.tasks.models import Task
from tests.web.conftest import NOW, signed_in
from tests.web.consent import samples as consents
from tests.web.reach.conftest import mails
from tests.web.reach.samples import make, reached

LATER = NOW + timedelta(seconds=50)


def say(patient, kind, by, *, seen=0, since=None, note="", key=None) -> Standing:
    told = {"since": since, "note": note, "seen": seen, "by": by, "at": NOW, "key": key or ids.new()}
    return standings.say(patient, kind, **told)


@pytest.mark.parametrize("kind", [*ENDS, *PAUSES])
def test_after_it_nothing_leaves_not_even_what_waits(patient, site, nurse, kind) -> None:
    therapist = make(patient, site, nurse)
    waiting = posting.to_patient(patient, about=ids.new(), site=site, at=NOW)
    say(patient, kind, nurse)
    assert delivery.deliver(LATER) == 0
    assert delivery.deliver(LATER + timedelta(hours=2)) == 0
    assert mails() == []
    assert Result.objects.get().outcome == "held"
    assert posting.to_patient(patient, about=ids.new(), site=site, at=LATER) is None
    there = Outsider.objects.get(pk=therapist.pk)
    there.email = "rivera@example.org"
    assert posting.to_outsider(there, about=ids.new(), at=LATER) is None
    assert list(Message.objects.all()) == [waiting]
    assert not Task.objects.filter(what="reach.task_call").exists(), "nobody is sent to call either"


def test_what_was_held_back_does_not_leave_when_it_is_over(patient, site, nurse) -> None:
    reached(patient, nurse)
    posting.to_patient(patient, about=ids.new(), site=site, at=NOW)
    say(patient, HOSPITAL, nurse)
    delivery.deliver(LATER)
    say(patient, BACK, nurse, seen=1)
    assert delivery.deliver(LATER + timedelta(minutes=1)) == 0, "it is old by now"
    posting.to_patient(patient, about=ids.new(), site=site, at=LATER)
    assert delivery.deliver(LATER + timedelta(minutes=2)) == 1


def test_links_open_nothing_any_more(patient, nurse) -> None:
    link = links.make(
        purpose=READERS,
        subject=patient.id,
        organisation_id=patient.organisation_id,
        lasts=timedelta(days=1),
        by=nurse,
        at=NOW,
    )
    say(patient, DIED, nurse)
    assert not links.usable(link, at=LATER)


def test_each_role_has_a_task_that_it_may_see_and_that_tells_nothing(patient, nurse, person) -> None:
    say(patient, PREGNANT, nurse)
    for role, what in {role: what for role, (what, _) in standings.TOLD.items()}.items():
        someone = person(f"x{role.value}", role)
        seen = [task for task in task_queries.visible(someone, at=NOW) if task.role == role]
        assert what in {task.what for task in seen}
    desk = person("dot", Role.FRONT_DESK)
    assert {task.what for task in task_queries.visible(desk, at=NOW)} == {"reach.task_stop_desk"}
    assert "regnant" not in signed_in(desk).get("/tasks/", secure=True).content.decode()


@pytest.mark.parametrize(
    ("kind", "besides"), [(kind, [what for what, *_ in each]) for kind, each in standings.BESIDES.items()]
)
def test_what_a_prescriber_sees_to_besides(patient, nurse, kind, besides) -> None:
    say(patient, kind, nurse)
    found = {one.what: one for one in Task.objects.filter(what__in=besides)}
    assert found.keys() == set(besides)
    assert {one.role for one in found.values()} == {Role.PRESCRIBER}
    if kind == DIED:
        assert found["reach.task_died"].where == f"/patients/{patient.id}/adverse/", "where it becomes a serious event"


CALLED: list[tuple[object, object]] = []


def called_off(patient, standing, *, by, at) -> None:
    CALLED.append((patient.id, standing.kind))


def breaks(patient, standing, *, by, at) -> None:
    raise Refused("error.bad_request")


def test_what_an_app_calls_off_is_in_the_same_transaction(patient, nurse, monkeypatch) -> None:
    CALLED.clear()
    monkeypatch.setattr(standings, "CALL_OFF", ["tests.web.reach.test_standing.called_off"])
    say(patient, STOPPED, nurse)
    assert [(patient.id, STOPPED)] == CALLED
    say(patient, BACK, nurse, seen=1)
    assert len(CALLED) == 1, "nothing is called off when it is over"
    monkeypatch.setattr(standings, "CALL_OFF", ["tests.web.reach.test_standing.breaks"])
    with pytest.raises(Refused):
        say(patient, DIED, nurse, seen=2)
    assert queries.standing(patient) is None
    assert Standing.objects.count() == 2


def test_twice_is_once_and_a_stale_form_is_noticed(patient, nurse, desk) -> None:
    key = ids.new()
    assert say(patient, DIED, nurse, key=key) == say(patient, DIED, nurse, key=key)
    with pytest.raises(Stale):
        say(patient, HOSPITAL, desk)
    assert queries.standing(patient).kind == DIED
    answer = signed_in(desk).post(
        f"/patients/{patient.id}/standing/", {"kind": "moved", "seen": "0", "key": ids.new()}, secure=True
    )
    assert answer.status_code == 409


def test_what_cannot_be_is_refused(patient, nurse, person) -> None:
    with pytest.raises(Refused, match="Nothing was stopped"):
        say(patient, BACK, nurse)
    with pytest.raises(Refused, match="future"):
        say(patient, DIED, nurse, since=date(2026, 11, 25))
    with pytest.raises(Refused, match="Choose what happened"):
        say(patient, "on_holiday", nurse)
    with pytest.raises(Refused, match="1000"):
        say(patient, DIED, nurse, note="x" * 1001)
    with pytest.raises(Forbidden):
        say(patient, DIED, person("phil", Role.PHARMACIST))
    assert Standing.objects.count() == 0


def test_it_stands_on_every_page_about_the_patient_and_a_pause_says_not_why(patient, nurse, desk) -> None:
    client = signed_in(desk)
    here = f"/patients/{patient.id}/standing/"
    told = {"kind": "pregnant", "since": "2026-11-20", "note": "eighth week", "seen": "0", "key": ids.new()}
    assert client.post(here, told, secure=True).status_code == 302
    page = client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    assert "Paused since 2026-11-20. Nothing is sent or booked." in page
    assert "regnant" not in page
    assert "eighth week" not in client.get(here, secure=True).content.decode()
    assert "eighth week" in signed_in(nurse).get(here, secure=True).content.decode()
    say(patient, DIED, nurse, seen=1, since=date(2026, 11, 22))
    assert (
        "Died, since 2026-11-22. Nothing is sent or booked."
        in client.get(f"/patients/{patient.id}/", secure=True).content.decode()
    )


def test_a_form_without_its_version_is_not_understood(patient, nurse) -> None:
    for seen in ("", "x", "٣", "-1"):
        told = {"kind": "died", "seen": seen, "key": ids.new()}
        assert signed_in(nurse).post(f"/patients/{patient.id}/standing/", told, secure=True).status_code == 400


def test_what_was_said_stays(patient, nurse) -> None:
    row = say(patient, DIED, nurse)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reach_standing SET kind = 'back'")
    assert Standing.objects.get() == row


@pytest.mark.parametrize("kind", [*ENDS, *PAUSES])
def test_after_it_no_link_is_made_and_who_is_gone_agrees_to_nothing(patient, site, nurse, person, kind) -> None:
    doctor = person("okafor", Role.PRESCRIBER)
    asked = {"by": nurse, "at": NOW}
    before = forms.ask(patient, "assessment:phq-9", mode=Mode.LINK, language="en", **asked, key=ids.new())
    talk = consents.understood(consents.begun(patient, doctor))
    say(patient, kind, nurse)

    def refused(act) -> str:
        with pytest.raises(Refused) as why:
            act()
        assert "." in why.value.sentence("zh-Hans") or "。" in why.value.sentence("zh-Hans")
        return why.value.id

    def ask(mode) -> Sitting:
        return forms.ask(patient, "assessment:phq-9", mode=mode, language="en", **asked, key=ids.new())

    assert refused(lambda: ask(Mode.LINK)) == "reach.nothing_goes"
    assert refused(lambda: sending.link(before, **asked, key=ids.new())) == "reach.nothing_goes"
    if kind == DIED:
        assert {refused(lambda mode=mode: ask(mode)) for mode in (Mode.DESK, Mode.PHONE)} == {"forms.died_asked"}
    else:
        assert ask(Mode.PHONE), "whoever stopped is still asked about suicide by a person"
    if kind in PAUSES:
        assert refused(lambda: consent_sending.link(talk, by=doctor, at=NOW, key=ids.new())) == "reach.nothing_goes"
        assert consents.begun(patient, doctor, consents.REGISTRY), "who is away may talk"
        return
    assert refused(lambda: consents.begun(patient, doctor)) == "consent.stopped"
    told = {"clear": "yes", "read": "shown", "how": "here", "by": doctor, "at": NOW}
    assert refused(lambda: consent.sign(talk, name="Anna Keller", **told, key=ids.new())) == "consent.ended_already"
    talk = consents.understood(consents.make(patient, site, doctor))  # one that was begun after all
    assert refused(lambda: consent.sign(talk, name="Anna Keller", **told, key=ids.new())) == "consent.stopped"
