"""Does a device measure for the one patient to whom a person gave it, and for nobody else?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.audit.models import Entry as Line
from daybreak.web.bedside import actions, silence
from daybreak.web.bedside.models import Binding, Device, Evidence, Said, Unbound
from daybreak.web.people.roles import Role
from daybreak.web.refusals import Conflict, Forbidden
from daybreak.web.treatment import queries
from daybreak.web.treatment.models import Session
from tests.exchange.hl7.pump import alarm
from tests.web.bedside import syringe
from tests.web.bedside.monitor import NAME, Monitor, message, raised
from tests.web.treatment.steps import MINUTE, does

LOW = "spo2.below"


def test_a_device_that_sends_of_another_patient_is_unbound_with_an_alarm(monitor, bound, session) -> None:
    monitor.sends(12, spo2=88)
    monitor.came(monitor.says({"spo2": 97}, patients=("P2",)))
    assert raised(session) == [f"{LOW} alarm", "device.patient alarm"]
    assert Unbound.objects.get().why == "other_patient"
    monitor.sends(12, spo2=70)
    assert raised(session) == [f"{LOW} alarm", "device.patient alarm"]
    last = Said.objects.filter(alarm=LOW).order_by("n").last()
    assert json.loads(last.gone) == ["monitor 150456"]


def test_two_beds_that_send_under_one_name_are_unbound_with_an_alarm(monitor, bound, session) -> None:
    monitor.sends()
    other = Monitor(monitor.at, store=monitor.store, connection=2)
    other.n = 1000
    other.sends()
    assert not Unbound.objects.exists()  # it may have been connected anew
    monitor.sends()
    assert (Unbound.objects.get().why, raised(session)) == ("two_senders", ["device.two alarm"])


def test_alarms_that_come_by_a_line_of_their_own_unbind_nothing_and_grow_louder(monitor, bound, session) -> None:
    line = Monitor(monitor.at, store=monitor.store, connection=2)
    line.n = 1000
    for priority, phase in (("PL", "start"), ("PH", "update"), ("PL", "update"), ("PH", "end")):
        monitor.sends()
        line.at, line.n = monitor.at, line.n + 1
        said = alarm(NAME, priority=priority, phase=phase)
        line.came(syringe.message(said, kind="R40", control=str(line.n), sent=line.at, patient="P1"))
    monitor.sends(11)
    assert not Unbound.objects.exists()
    assert raised(session) == ["own.monitor.FLUID_LINE_OCCL caution", "own.monitor.FLUID_LINE_OCCL alarm"]
    assert [one.what for one in Evidence.objects.order_by("n")] == ["alarm"] * 3
    assert Said.objects.order_by("n").last().sources == "[]"


def test_two_patients_under_one_id_are_not_bound(monitor, bound, session, nurse) -> None:
    Monitor(monitor.at, store=monitor.store, name="other", connection=2).sends()
    another = _another(session)
    for name, why in ((NAME, "already belongs"), ("other", "same patient")):
        with pytest.raises(Conflict, match=why):
            actions.bind(another, Device.objects.get(name=name), by=nurse, at=monitor.at, key=ids.new())


def _another(session: Session) -> Session:
    from tests.web.patients.samples import registered
    from tests.web.screening import samples as decisions
    from tests.web.treatment import samples

    patient = registered(session.site, session.by, number="77", family_name="Brandt")
    decisions.make(patient, session.site, session.by)
    return samples.make(patient, session.site, session.by)


def test_who_may_not_run_sessions_binds_nothing_and_twice_is_once(monitor, session, nurse, person) -> None:
    device, key = Device.objects.get(), ids.new()
    with pytest.raises(Forbidden):
        actions.bind(session, device, by=person("rae", Role.RESEARCHER), at=monitor.at, key=key)
    row = actions.bind(session, device, by=nurse, at=monitor.at, key=key)
    assert actions.bind(session, device, by=nurse, at=monitor.at, key=key) == row
    assert actions.bind(session, device, by=nurse, at=monitor.at, key=ids.new()) == row
    line = Line.objects.get(action="device_bound")
    assert (line.who, line.subject) == (nurse.id, session.patient_id)
    with pytest.raises(Forbidden):
        actions.unbind(row, by=person("roy", Role.RESEARCHER), at=monitor.at)
    for _ in range(2):
        actions.unbind(row, by=nurse, at=monitor.at)
    assert Unbound.objects.get().by == nurse


def test_another_device_takes_the_place_of_the_first(monitor, bound, session, nurse) -> None:
    Monitor(monitor.at, name="other", connection=2).came(message({"spo2": 97}, name="other", patients=()))
    actions.bind(session, Device.objects.get(name="other"), by=nurse, at=monitor.at, key=ids.new())
    assert list(Binding.objects.filter(end__isnull=True).values_list("device__name", flat=True)) == ["other"]


def test_a_session_that_is_over_keeps_no_device(monitor, bound, session, nurse) -> None:
    does(session, What.ENDED, nurse, monitor.at, outcome="cancelled", who="patient", why="x")
    assert not queries.now(Session.objects.get(pk=session.pk)).open
    silence.look(at=monitor.at + MINUTE)
    assert (Unbound.objects.get().why, raised(session)) == ("session_over", [])
    with pytest.raises(Exception, match="over"):
        actions.bind(session, Device.objects.get(), by=nurse, at=monitor.at + timedelta(hours=1), key=ids.new())
