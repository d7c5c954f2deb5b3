"""Is a pump held against the order as soon as a message shows it, and does what it says not stand in the record?"""

from __future__ import annotations

import html
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from daybreak.clinical.treatment.events import What
from daybreak.web import ids
from daybreak.web.bedside import actions, evidence, plans, said, silence
from daybreak.web.bedside.models import Binding, Device, Evidence, Kind, Said, Unbound
from daybreak.web.bedside.store import Store
from daybreak.web.switches.models import Function
from daybreak.web.treatment import actions as treatment
from daybreak.web.treatment import alarms, queries
from tests.exchange.hl7.pump import programme
from tests.web.bedside.monitor import Monitor
from tests.web.bedside.syringe import EVERY, NAME, Syringe
from tests.web.bedside.test_monitor import named
from tests.web.bedside.test_store import raised, sees
from tests.web.conftest import signed_in
from tests.web.dosing.conftest import course, weighed
from tests.web.switches.samples import everything_on, switch
from tests.web.treatment.test_pump import compares, drip

__all__ = ["course", "drip", "weighed"]


@pytest.fixture
def pump(drip, site, doctor, nurse, noon) -> Syringe:
    """It has sent one message while it stood, and gives to the patient of the session."""
    everything_on(site, doctor)
    found = Syringe(noon)
    found.sends(runs="not-infusing", flow="0", delivered="0", left="35")
    bind(drip, nurse, found.at)
    return found


def bind(session, by, at, name: str = NAME, kind: Kind = Kind.PUMP) -> Binding:
    return actions.bind(session, Device.objects.get(name=name), kind=kind, by=by, at=at, key=ids.new())


def begins(session, by, at) -> None:
    told = {"drug": "ketamine", "route": "infusion", "mg_high": "35"}
    treatment.report(session, What.INFUSION_STARTED, told, happened=at, by=by, at=at, key=ids.new())


def told(session) -> list[str]:
    return [f"{one.what} {one.told.get('name', one.told.get('runs'))}" for one in evidence.of(session.pk)]


def test_a_pump_that_is_set_as_ordered_is_compared_and_alarms_of_nothing(pump, drip, nurse) -> None:
    assert pump.sends(3) == ["AA"] * 3
    assert raised(drip) == []
    client = signed_in(nurse)
    page = html.unescape(client.get(f"/sessions/{drip.id}/monitor/", secure=True).text)
    assert "Gives to the patient of this session" in page
    assert page.count('verdict-met">as ordered') == 7
    assert "31.2 mL" in page


@pytest.mark.parametrize(
    ("figures", "alarm"),
    [
        ({"rate": "525"}, "pump.rate.ten alarm"),
        ({"concentration": "50"}, "pump.concentration.other-concentration alarm"),
        ({"weight": "154.3", "dose_rate": ""}, "pump.weight.pounds alarm"),
        ({"weight": "85", "dose_rate": ""}, "pump.weight.differs caution"),
        ({"dose_rate": "25"}, "pump.dose_rate.inconsistent alarm"),
        ({"drug": "Esketamine 1 mg/mL"}, "pump.drug.differs alarm"),
        ({"rate": "no number"}, "pump.rate.unreadable caution"),
    ],
)
def test_what_is_not_as_ordered_is_an_alarm_with_its_sentence_at_once(pump, drip, nurse, figures, alarm) -> None:
    pump.sends(**figures)
    assert raised(drip) == [alarm]
    pump.sends(5)
    alarms.look_after(at=pump.at)
    assert [json.loads(one.sources) for one in Said.objects.order_by("n")] == [["pump"], []]
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/cockpit/", secure=True).text)
    name = alarm.split()[0]
    assert f'value="{name}"' in page, "it stays until somebody has seen it"
    assert "Another alarm" not in page
    for language in ("en", "zh-Hans"):
        client = signed_in(nurse)
        client.cookies["language"] = language
        assert client.get(f"/sessions/{drip.id}/", secure=True).status_code == 200


def test_where_its_alarms_are_off_it_is_shown_and_alarms_of_nothing(pump, drip, site, doctor, nurse) -> None:
    switch(site, Function.PUMPS, doctor, on=False)
    pump.sends(2, rate="525")
    silence.look(at=pump.at + 4 * EVERY)
    assert (raised(drip), told(drip)) == ([], ["runs runs"]), "what it says is kept"
    switch(site, Function.PUMPS, doctor)
    pump.sends(rate="525")
    assert raised(drip) == ["pump.rate.ten alarm"]
    switch(site, Function.ALARMS, doctor, on=False)
    silence.look(at=pump.at)
    assert Said.objects.filter(alarm="pump.rate.ten", sources="[]").exists()


def test_what_nobody_could_read_is_not_forgotten_by_a_process_that_begins_anew(pump, drip) -> None:
    pump.sends()
    pump.sends(rate="many", dose_rate="")
    assert raised(drip) == ["pump.rate.unreadable caution"]
    pump.store = Store()
    pump.sends(3, rate="", dose_rate="")
    assert not Said.objects.filter(sources="[]").exists(), "it is not over because somebody began anew"
    pump.sends(3)
    assert Said.objects.filter(alarm="pump.rate.unreadable", sources="[]").exists()


def test_what_it_does_not_say_agrees_with_nothing(pump, drip, nurse) -> None:
    fresh = Syringe(pump.at, name="P2", store=pump.store)
    fresh.sends(rate="", flow="", concentration="", volume="", weight="", dose="", seconds="", dose_rate="", drug="")
    actions.unbind(Binding.objects.get(), by=nurse, at=fresh.at)
    bind(drip, nurse, fresh.at, "P2")
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/monitor/", secure=True).text)
    assert page.count("not known") == 6
    assert 'verdict-met">as ordered' not in page


def test_the_scale_of_the_comparison_counts_beside_the_order(pump, drip, nurse) -> None:
    compares(drip, nurse, pump.at, scale="78", weight="70", why="weighed in boots")
    pump.store.bound.clear()
    pump.sends()
    assert raised(drip) == ["pump.weight.differs caution"]


def test_what_happens_in_it_is_evidence_and_starts_pauses_and_ends_nothing(pump, drip, nurse) -> None:
    pump.sends(runs="not-infusing", flow="0")
    pump.wrong = timedelta(minutes=-24)
    pump.happens("197288^MDC_EVT_PUMP_DELIV_START^MDC")
    pump.sends(2)
    pump.sends(2, runs="paused", flow="0")
    pump.sends(rate="60")
    pump.happens("0^MDCX_PUMP_DELIV_STOP^MDC")
    assert told(drip) == [
        "runs stands", "event PUMP_DELIV_START", "runs runs", "runs paused", "runs runs", "event PUMP_DELIV_STOP", "runs stands",
    ]  # fmt: skip
    first = evidence.of(drip.pk)[1]
    assert (first.received - first.taken) // timedelta(minutes=1) == 24
    state = queries.now(drip).state
    assert (state.running, state.exposures, state.paused) == (None, (), False)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Evidence.objects.update(told="{}")


def test_it_runs_while_nothing_is_said_to_run_and_the_reverse(pump, drip, nurse) -> None:
    pump.sends()
    silence.look(at=pump.at + EVERY)
    assert raised(drip) == [], "whoever taps a moment later is no alarm"
    silence.look(at=pump.at + 3 * EVERY)
    assert raised(drip) == ["device.pump_runs alarm"]
    begins(drip, nurse, pump.at + 3 * EVERY)
    silence.look(at=pump.at + 4 * EVERY)
    sees(drip, "device.pump_runs", nurse, pump.at + 4 * EVERY)
    pump.at += 3 * EVERY
    pump.sends(runs="not-infusing", flow="0")
    silence.look(at=pump.at + 4 * EVERY)
    silence.look(at=pump.at + 5 * EVERY)
    assert raised(drip) == ["device.pump_runs alarm", "device.pump_stands alarm"]
    assert queries.now(drip).state.running is not None
    silence.look(at=pump.at + 20 * EVERY)
    assert raised(drip)[2:] == ["device.pump_lost alarm"], "and once it is silent nobody knows more"


def test_its_own_alarm_is_attributed_and_its_end_ends_none_of_ours(pump, drip, nurse) -> None:
    pump.alarms()
    pump.alarms(phase="update")
    assert raised(drip) == ["own.pump.FLUID_LINE_OCCL alarm"]
    pump.alarms(phase="end")
    pump.sends(3)
    alarms.look_after(at=pump.at)
    assert "own.pump.FLUID_LINE_OCCL" in queries.now(drip).state.alarms
    page = html.unescape(signed_in(nurse).get(f"/sessions/{drip.id}/cockpit/", secure=True).text)
    assert "The pump itself alarms: the line is blocked" in page
    lines = [one.told for one in evidence.of(drip.pk) if one.what == "alarm"]
    assert [(one["text"], one["priority"], one["over"]) for one in lines] == [
        ("Occlusion", "PH", False),
        ("Occlusion", "PH", True),
    ]
    sees(drip, "own.pump.FLUID_LINE_OCCL", nurse, pump.at)
    alarms.look_after(at=pump.at + EVERY)
    assert "own.pump.FLUID_LINE_OCCL" not in queries.now(drip).state.alarms


def test_two_long_names_that_begin_alike_are_two_alarms(pump, drip) -> None:
    for end in "XY":
        pump.alarms(condition=f"1^MDC_EVT_{'A' * 70}{end}^MDC")
    one, other = raised(drip)
    assert one != other


def test_a_figure_that_is_too_long_for_its_row_stays_the_same_number() -> None:
    for value in (Decimal("1E+80"), Decimal("123456789") * 10**60, Decimal("1E-70"), Decimal("120.50")):
        assert Decimal(said.figure(value)) == value


@pytest.mark.parametrize(("priority", "level"), [("PM", "alarm"), ("PL", "caution"), ("PN", "alarm"), ("", "alarm")])
def test_a_priority_that_says_nothing_is_as_loud_as_can_be(pump, drip, priority, level) -> None:
    pump.alarms(priority=priority, condition="1^MDC_EVT_SOMETHING_ELSE^MDC")
    assert raised(drip) == [f"own.pump.SOMETHING_ELSE {level}"]


def test_after_a_start_it_goes_on_from_its_last_line(pump, drip) -> None:
    pump.sends(2, rate="525")
    pump.alarms()
    pump.store = Store()
    pump.sends(3, rate="525")
    assert raised(drip) == ["pump.rate.ten alarm", "own.pump.FLUID_LINE_OCCL alarm"]
    assert told(drip) == ["runs runs", "alarm FLUID_LINE_OCCL"]
    assert not Said.objects.filter(sources="[]").exists(), "nothing is over because somebody started anew"


def test_monitor_and_pump_stand_beside_each_other_and_end_apart(pump, drip, nurse) -> None:
    monitor = Monitor(pump.at, store=pump.store, connection=2)
    monitor.came(monitor.says({"spo2": 97}, patients=()))
    bind(drip, nurse, monitor.at, monitor.name, Kind.MONITOR)
    pump.at = monitor.at
    pump.sends(rate="525")
    monitor.at = pump.at
    for _ in range(14):
        monitor.came(monitor.says({"spo2": 88}, patients=()))
    assert raised(drip) == ["pump.rate.ten alarm", "spo2.below alarm"]
    actions.unbind(Binding.objects.get(kind="monitor"), by=nurse, at=monitor.at)
    over = {one.alarm for one in Said.objects.filter(sources="[]")}
    assert over == {"spo2.below"}
    assert not Unbound.objects.filter(binding__kind="pump").exists()


def test_another_patient_ends_it_with_an_alarm(pump, drip) -> None:
    pump._came(programme(NAME), patient="P9")
    assert raised(drip) == ["device.pump_patient alarm"]
    assert Unbound.objects.get().why == "other_patient"


def test_what_could_not_be_written_is_written_with_what_comes_next(pump, drip, monkeypatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(evidence, "add", fails)
        pump.sends(rate="525")
    assert (raised(drip), told(drip)) == ([], [])
    pump.sends(rate="525")
    assert raised(drip) == ["pump.rate.ten alarm"]
    assert told(drip) == ["runs runs"]


def test_it_is_chosen_on_the_page_as_what_it_is(drip, site, doctor, nurse) -> None:
    client, page = signed_in(nurse), f"/sessions/{drip.id}/monitor/"
    pump = Syringe(datetime.now(UTC) - 2 * EVERY)
    pump.sends()
    shown = client.get(page, secure=True).text
    assert "This pump gives to this patient" in shown
    fields = {"device": str(Device.objects.get().id), "kind": "pump", "key": str(ids.new()), "named": named(shown)}
    assert client.post(page, fields, secure=True).status_code == 302
    assert Binding.objects.get().kind == "pump"
    assert "Pumps are not switched on here" in client.get(page, secure=True).text
    everything_on(site, doctor)
    pump.at = datetime.now(UTC) - EVERY
    pump.sends()
    cockpit = client.get(f"/sessions/{drip.id}/cockpit/", secure=True).text
    assert "data-monitored" not in cockpit, "a pump is no monitor"
    assert "the pump says that it runs" in cockpit


def test_what_it_delivered_is_taken_over_by_a_person_and_says_so_for_ever(pump, drip, nurse) -> None:
    pump.sends(runs="not-infusing", flow="0", delivered="5")
    begins(drip, nurse, pump.at)
    pump.sends(2, delivered="5.1")
    pump.sends(runs="not-infusing", flow="0", delivered="36.2")
    client, address = signed_in(nurse), f"/sessions/{drip.id}/"
    page = html.unescape(client.get(address, secure=True).text)
    assert "31.2 mL delivered of this infusion; 31.2 mg of what was ordered" in page, "its counter held 5 mL before"
    assert "Pump P52814: the pump says that it has stopped" in page, "on the timeline, as what it is"
    taken = html.unescape(client.get(f"{address}?step=dose&take=1", secure=True).text)
    assert taken.count('value="31.2"') == 2
    assert taken.count('value="infusion_ended"') == 1, "nobody ends it in full by the button beside it"
    line = evidence.of(drip.pk)[-1].n
    ends = {"do": "infusion_ended", "amount": "other", "mg_low": "31.2", "mg_high": "31.2", "taken_over": "1"}
    ends |= {"key": str(ids.new()), "pump": str(line)}
    assert client.post(address, ends, secure=True).status_code == 422, "why it is not all of it says the person"
    told = queries.now(drip).state.running
    assert told is not None
    assert client.post(address, {**ends, "why": "the line had slipped"}, secure=True).status_code == 302
    pump.sends(delivered="40")
    assert client.post(address, {**ends, "why": "the line had slipped"}, secure=True).status_code == 302, (
        "the same again"
    )
    (dose,) = queries.now(drip).state.exposures
    assert (dose.mg_low, dose.mg_high) == (Decimal("31.2"), Decimal("31.2"))
    page = html.unescape(client.get(address, secure=True).text)
    assert "taken over from the pump P52814: 31.2 mL, 31.2 mg" in page


def test_an_entry_that_differs_from_the_pump_shows_by_how_much(pump, drip, nurse) -> None:
    pump.sends(runs="not-infusing", flow="0", delivered="0")
    begins(drip, nurse, pump.at)
    pump.sends(delivered="1")
    pump.sends(runs="not-infusing", flow="0", delivered="31.2")
    client, address = signed_in(nurse), f"/sessions/{drip.id}/"
    line = evidence.of(drip.pk)[-1].n
    old = client.post(address, {"do": "infusion_ended", "pump": str(line - 1), "key": str(ids.new())}, secure=True)
    assert (old.status_code, "has said something else meanwhile" in old.text) == (409, True)
    ends = {"do": "infusion_ended", "pump": str(line), "key": str(ids.new())}
    assert client.post(address, ends, secure=True).status_code == 302
    page = html.unescape(client.get(address, secure=True).text)
    assert "35 mg · the pump P52814 says 31.2 mL, 31.2 mg · 3.8 mg from what was entered" in page


def test_what_it_said_before_the_infusion_began_is_not_that_nothing_ran_in(pump, drip, nurse) -> None:
    pump.sends(runs="not-infusing", flow="0", delivered="0")
    begins(drip, nurse, pump.at + EVERY)
    client, address = signed_in(nurse), f"/sessions/{drip.id}/"
    page = html.unescape(client.get(address, secure=True).text)
    assert ("the pump says that it has stopped" in page, "take=1" in page) == (True, False), "it is silent since"
    ends = {"do": "infusion_ended", "pump": str(evidence.of(drip.pk)[-1].n), "key": str(ids.new())}
    assert client.post(address, ends, secure=True).status_code == 302
    page = html.unescape(client.get(address, secure=True).text)
    assert "the pump P52814 says ? mL, ? mg" in page


def test_nothing_is_offered_where_pumps_are_off_or_nothing_was_said(pump, drip, site, doctor, nurse) -> None:
    begins(drip, nurse, pump.at)
    client, address = signed_in(nurse), f"/sessions/{drip.id}/"
    assert "What the pump says" not in client.get(address, secure=True).text
    pump.sends(delivered="3")
    pump.sends(runs="paused", flow="0", delivered="12")
    page = html.unescape(client.get(address, secure=True).text)
    assert "the pump says that it is paused" in page
    assert "How much of what the pump has delivered is of this infusion is not known" in page, (
        "it ran when it was connected"
    )
    assert "take=1" not in page
    switch(site, Function.PUMPS, doctor, on=False)
    assert "What the pump says" not in client.get(address, secure=True).text


def test_a_programme_that_was_cleared_is_held_against_nothing(pump, drip) -> None:
    pump.sends(weight="154.3", dose_rate="")
    pump.happens("197296^MDC_EVT_PUMP_PROG_CLEARED^MDC")
    pump.sends(3, weight="", dose_rate="")
    assert raised(drip) == ["pump.weight.pounds alarm"]
    assert Said.objects.filter(alarm="pump.weight.pounds", sources="[]").exists()
    assert "pump.weight.pounds" in queries.now(drip).state.alarms, "somebody sees to it all the same"


def test_what_a_device_writes_is_kept_as_letters_and_holds_up_nothing(pump, drip) -> None:
    pump.alarms(condition=f"1^MDC_EVT_A\\X00\\B.C{'D' * 90}^MDC^^^^^^{'x' * 300}")
    pump.sends(rate="525", drug="Ke\\X00\\ta")
    own, rate = raised(drip)
    assert (own.startswith(f"own.pump.A_B_C{'D' * 37}~"), rate) == (True, "pump.rate.ten alarm")
    lines = evidence.of(drip.pk)
    assert [len(one.told.get("text", "")) for one in lines] == [200, 0]
    assert lines[1].told["drug"] == "Keta"


def test_an_order_that_cannot_be_worked_out_holds_up_no_other_message(pump, drip, monkeypatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(plans, "plan", fails)
    pump.store.bound.clear()
    assert pump.sends(2, rate="525", dose_rate="") == ["AA"] * 2
    assert raised(drip) == [], "nothing is known of it"


def test_a_monitor_has_alarms_of_its_own_for_each_of_its_values(monitor, bound, session, nurse) -> None:
    def own(about: str, phase: str) -> None:
        lines = [
            f"MSH|^~\\&|Monitor^{monitor.name}^EUI-64|Maker|||||ORU^R40^ORU_R40|{about}{phase}|P|2.6",
            "PID|||P1",
            "OBR|1|1|1|196616^MDC_EVT_ALARM^MDC",
            "OBX|1|ST|196674^MDC_EVT_LO^MDC|1.1.1.1|Low||||PM||F",
            f"OBX|2|ST|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.1.1.2|{about}||||||F",
            f"OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.3|{phase}||||||F",
        ]
        monitor.at += timedelta(seconds=1)
        monitor.came("\r".join(lines).encode())

    own("150456", "start")
    own("147842", "start")
    assert raised(session) == ["own.monitor.LO.150456 alarm", "own.monitor.LO.147842 alarm"]
    own("147842", "end")
    monitor.sends(12)
    over = [one.alarm for one in Said.objects.filter(sources="[]")]
    assert over == ["own.monitor.LO.147842"], "the other one goes on"
    page = html.unescape(signed_in(nurse).get(f"/sessions/{session.id}/", secure=True).text)
    assert "its own alarm begins: LO" in page
