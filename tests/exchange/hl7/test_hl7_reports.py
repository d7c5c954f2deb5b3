"""Is what devices send read as it was meant?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daybreak.exchange.hl7 import Kind, Unreadable, answer, read
from daybreak.exchange.hl7.measured import measured, unwatched
from daybreak.exchange.hl7.message import Separators, Why, split, unescaped
from daybreak.exchange.hl7.moments import moment
from tests.exchange.hl7.build import HEADER, message, obx

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_one_message_is_one_report() -> None:
    (found,) = read(
        message([obx(1), obx(2, "149530^MDC_PULS_OXIM_PULS_RATE^MDC", "64", "264864^MDC_DIM_BEAT_PER_MIN^MDC")])
    )
    assert (found.kind, found.control, found.sender) == (Kind.OBSERVATIONS, "7", "Monitor")
    assert (found.device, found.patients, found.bed) == ("0011223344556677", ("P1^Site",), "Room 2^^Chair 1")
    assert found.sent == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert not found.demo
    assert not found.trial
    assert [(one.sign, one.value, one.unit, one.source) for one in measured(found)] == [
        ("spo2", "97", "%", "monitor 150456"),
        ("heart_rate", "64", "/min", "monitor 149530"),
    ]


@pytest.mark.parametrize(
    ("code", "place", "number"),
    [
        ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.1", 150456),
        ("^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.150456", 150456),
        ("SpO2^Saturation^99MAKER^150456^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.1", 150456),
        ("150456", "1.3.1.1", 150456),
        ("59408-5^Oxygen saturation^LN", "1.3.1.1", None),
        ("150456^Other^99MAKER", "1.3.1.1", None),
        ("0^MDCX_SPO2^MDC", "1.3.1.1", None),
        ("１５０４５６^MDC_PULS_OXIM_SAT_O2^MDC", "1.3.1.x", None),
        ("99999999999^MDC_PULS_OXIM_SAT_O2^MDC", "", None),
    ],
)
def test_a_value_is_known_by_its_number_wherever_that_stands(code: str, place: str, number: int | None) -> None:
    (found,) = read(message([obx(1, code, place=place)]))
    assert found.observations[0].number == number
    assert [one.sign for one in measured(found)] == (["spo2"] if number else [])
    assert bool(unwatched(found)) is (number is None)


@pytest.mark.parametrize(
    ("unit", "value", "read_as"),
    [
        ("mm[Hg]^mm[Hg]^UCUM", "120", ("120", "mm[Hg]")),
        ("266016^MDC_DIM_MMHG^MDC", "120", ("120", "mm[Hg]")),
        ("266016^MDC_DIM_MMHG^MDC^mm[Hg]^mm[Hg]^UCUM", "120", ("120", "mm[Hg]")),
        ("kPa", "13.3322", ("100", "mm[Hg]")),
        ("265987^MDC_DIM_KILO_PASCAL^MDC", "13.3322", ("100", "mm[Hg]")),
        ("kPa", "high", ("high", "mm[Hg]")),
        ("", "16", ("16", None)),
        ("266016^kPa", "16", ("16", None)),
        ("Torr", "16", ("16", None)),
        ("MM[HG]", "16", ("16", None)),
    ],
)
def test_a_unit_is_what_is_named_and_never_guessed(unit: str, value: str, read_as: tuple[str, str | None]) -> None:
    (found,) = read(message([obx(1, "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", value, unit)]))
    (one,) = measured(found)
    assert (one.value, one.unit) == read_as


def test_what_a_device_has_not_or_pretends_has_no_value() -> None:
    (found,) = read(message([obx(1, rest="||||X"), obx(2, rest="|DEMO|||R")]))
    assert [one.value for one in measured(found)] == ["", ""]
    assert found.demo


def test_each_patient_and_each_device_is_a_report_of_its_own() -> None:
    whole = "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||{}"
    lines = [
        whole.format("A"),
        obx(2),
        "OBR|2|2|2",
        obx(1),
        "PID|||P2",
        "OBR|1|1|1",
        whole.format("B"),
        obx(2),
        "OBR|2|2|2",
    ]
    found = read(message(lines))
    assert [(one.device, one.patients, len(one.observations)) for one in found] == [
        ("A", ("P1^Site",), 2),
        ("A", ("P1^Site",), 1),
        ("B", ("P2",), 2),
    ]


def test_a_device_without_a_line_of_its_own_is_the_one_of_the_order_or_the_sender() -> None:
    order = "OBR|1||0009AA^^^EUI-64|182777000"
    assert [one.device for one in read(message([obx(1), order, obx(2)]))] == ["0011223344556677", "0009AA"]
    (found,) = read(message(header="MSH|^~\\&|Plain||||||ORU^{trigger}|{control}"))
    assert (found.device, found.sent) == ("Plain", None)


def test_several_ids_of_one_patient_are_all_kept() -> None:
    (found,) = read(message(patient="1^^^Ward^MR~2^^^Ward^VN~^^^^"))
    assert found.patients == ("1^Ward", "2^Ward")
    (nobody,) = read(message(patient=""))
    assert nobody.patients == ()
    (none,) = read(b"MSH|^~\\&|A||||||ORU^R01|1\rOBX|1|NM|150456|1.1.1.1|90")
    assert none.patients == ()


def test_a_message_without_values_is_one_report_without_any() -> None:
    (found,) = read(b"MSH|^~\\&|A||||||ORU^R01|1\r")
    assert found.observations == ()


def test_an_alarm_of_the_device_is_read_by_its_facets() -> None:
    lines = [
        "OBX|1|ST|196648^MDC_EVT_HI^MDC|1.1.1.1.1|PULSE HIGH||140|H~PM~SP",
        "OBX|2|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.1.1.1.2|160|264864^MDC_DIM_BEAT_PER_MIN^MDC",
        "OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.1.3|start",
        "OBX|4|ST|ALARM_STATE^ALARM_STATE|1.1.1.1.4|active",
        "OBX|5|ST|^INACTIVATION_STATE|1.1.1.1.5|audio-paused",
    ]
    (found,) = read(message(lines, trigger="R40"))
    assert found.kind is Kind.ALARM
    assert found.alarm is not None
    assert (found.alarm.number, found.alarm.name, found.alarm.text) == (196648, "MDC_EVT_HI", "PULSE HIGH")
    assert (found.alarm.phase, found.alarm.state, found.alarm.sound) == ("start", "active", "audio-paused")
    assert found.alarm.flags == ("H", "PM", "SP")
    assert [one.value for one in measured(found)] == ["160"]


def test_an_alarm_under_the_number_of_alarms_is_its_value_and_one_without_event_stays_one() -> None:
    lines = [
        "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|196670^MDC_EVT_PUMP_GENERAL_ALARM^MDC||||||F",
        "OBX|2|ST|68546^MDC_ATTR_ALERT_TEXT^MDC|1.1.0.0.8|Air in line||||||F",
    ]
    (found,) = read(message(lines, trigger="R40"))
    assert found.alarm is not None
    assert (found.alarm.number, found.alarm.name, found.alarm.text) == (
        196670,
        "MDC_EVT_PUMP_GENERAL_ALARM",
        "Air in line",
    )
    (odd,) = read(message([obx(1)], trigger="R40"))
    assert odd.alarm is not None
    assert (odd.alarm.number, odd.alarm.name, odd.alarm.flags) == (None, "", ())


def test_an_event_of_a_pump_is_its_condition() -> None:
    lines = [
        "OBX|1|CWE|0^MDCX_ATTR_EVT_COND^MDC|1.1.1.100|0^MDCX_PUMP_DELIV_START^MDC|",
        "OBX|2|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.1.101|36|265266^MDC_DIM_MILLI_L_PER_HR^MDC",
    ]
    (found,) = read(message(lines, trigger="R42"))
    assert found.kind is Kind.PUMP_EVENT
    assert found.event is not None
    assert found.event.name == "PUMP_DELIV_START"
    (plain,) = read(message([lines[0].replace("0^MDCX_PUMP", "196999^MDC_EVT_PUMP")], trigger="R42"))
    assert plain.event is not None
    assert (plain.event.number, plain.event.name) == (196999, "PUMP_DELIV_START")
    (none,) = read(message([lines[1]], trigger="R42"))
    assert none.event is None


@pytest.mark.parametrize(
    ("text", "zone", "read_as"),
    [
        ("20260301100000.1234+0100", None, datetime(2026, 3, 1, 9, 0, 0, 123400, tzinfo=UTC)),
        ("20260301100000-0330", None, datetime(2026, 3, 1, 13, 30, tzinfo=UTC)),
        ("202603011000", "America/New_York", datetime(2026, 3, 1, 15, tzinfo=UTC)),
        ("20260301100000", None, None),
        ("20260301", "UTC", None),
        ("20260301100060+0000", None, None),
        ("00010101000000+1400", None, None),
        ("20261301100000+0000", None, None),
        ("20260301100000+9900", None, None),
        ("now", None, None),
    ],
)
def test_a_moment_needs_a_zone(text: str, zone: str | None, read_as: datetime | None) -> None:
    assert moment(text, zone=ZoneInfo(zone) if zone else None) == read_as


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r"])
def test_the_ends_of_lines_may_differ(end: str) -> None:
    (found,) = read(message(end=end))
    assert [one.value for one in measured(found)] == ["97"]


def test_other_separators_part_as_well() -> None:
    odd = message().decode().replace("^", "%").replace("|", "$").replace("\\&", "/#")
    (found,) = read(odd.encode())
    assert found.patients == ("P1^Site",)
    assert [one.value for one in measured(found)] == ["97"]
    (few,) = read(b"MSH|^|A^1||||||ORU^R01|1\rOBX|1|NM|150456^a|1.1.1.1|9\\T\\0~8")
    assert (few.device, few.observations[0].value) == ("1", "9&0")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("\\X0D41\\ \\.br\\", "\rA \n"),
        ("\\X0\\ \\Zzz\\ \\", "\\X0\\ \\Zzz\\ \\"),
        ("plain", "plain"),
    ],
)
def test_escapes_are_resolved_and_others_stay(text: str, plain: str) -> None:
    assert unescaped(text, Separators()) == plain


@pytest.mark.parametrize(
    ("charset", "patient"),
    [("UNICODE UTF-8", "Zoë"), ("8859/1", "Zoë"), ("GB 18030-2000", "王"), ("", "Zo"), ("X", "Zo")],
)
def test_letters_are_read_in_the_charset_of_the_header(charset: str, patient: str) -> None:
    codec = {"UNICODE UTF-8": "utf-8", "8859/1": "latin-1", "GB 18030-2000": "gb18030"}.get(charset, "ascii")
    text = message(patient=patient, header=f"{HEADER}||||||{charset}").decode()
    (found,) = read(text.encode(codec))
    assert found.patients == (patient,)


def test_bytes_that_are_not_of_the_charset_leave_the_numbers_readable() -> None:
    sent = message(patient="Z\xff", header=f"{HEADER}||||||UNICODE UTF-8").replace("ÿ".encode(), b"\xff")
    (found,) = read(sent)
    assert [one.value for one in measured(found)] == ["97"]
    assert found.patients == ("Zÿ",)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", Why.NO_HEADER),
        (b"PID|||1", Why.NO_HEADER),
        (b"MSH|", Why.NO_HEADER),
        (b"MSHx^~\\&x", Why.SEPARATORS),
        (b"MSH\r^~\\&", Why.SEPARATORS),
        (b"MSH|^^\\&|A", Why.SEPARATORS),
        (b"MSH|^~\\a|A", Why.SEPARATORS),
        (message() + message(), Why.TWO_MESSAGES),
        (b"MSH|^~\\&|A", Why.KIND),
        (message(trigger="R30"), Why.KIND),
        (message(header="MSH|^~\\&|A||||||ADT^R01|1|P|2.6"), Why.KIND),
        (message([obx(1)] * 2000), Why.TOO_MUCH),
        (message().decode().encode("utf-16"), Why.NO_HEADER),
    ],
)
def test_what_cannot_be_read_says_why(sent: bytes, why: Why) -> None:
    with pytest.raises(Unreadable) as refused:
        read(sent)
    assert refused.value.why is why
    assert str(refused.value) == why.value


def test_an_answer_repeats_the_header_and_nothing_else() -> None:
    said = answer(message(header=f"{HEADER}||||||UNICODE UTF-8"), "AA", id="a1", at=NOON).decode()
    header, taken = said.rstrip("\r").split("\r")
    assert header == (
        "MSH|^~\\&|||Monitor^0011223344556677^EUI-64|Maker|20260301120000+0000||ACK^R01^ACK|a1|P|2.6||||||UNICODE UTF-8"
    )
    assert taken == "MSA|AA|7"


@pytest.mark.parametrize("sent", [b"", b"nothing", b"MSH", b"MSHx", b"MSH\xff\xff", b"MSH|", b"MSH|^~\\&"])
def test_what_has_no_header_is_answered_all_the_same(sent: bytes) -> None:
    (header, taken) = answer(sent, "AR", id="a1", at=NOON).decode("latin-1").rstrip("\r").split("\r")
    assert header.startswith("MSH")
    assert taken[3:].split(taken[3])[:2] == ["", "AR"]


def test_our_answer_can_be_read_by_ourselves() -> None:
    header, taken = split(answer(message(), "AE", id="a1", at=NOON))
    assert (header.text(9), header.text(10), taken.text(1), taken.text(2)) == ("ACK", "a1", "AE", "7")


# The three recordings beside the project.


def test_the_mindray_monitor_shows_a_demo(shared: Path) -> None:
    (found,) = read((shared / "data/hl7v2/mindray_vs8_pcd01_demo.hl7").read_bytes())
    assert (found.device, found.patients, found.demo) == ("00A037009B023649", ("99999^Hospital",), True)
    assert [(one.number, one.value) for one in found.observations] == [
        (150456, "77"),
        (149530, "50"),
        (150488, "3.06"),
        (151658, "12"),
    ]
    assert [(one.sign, one.value, one.unit) for one in measured(found)] == [
        ("spo2", "", "%"),
        ("heart_rate", "", "/min"),
        ("breaths", "", "/min"),
    ]
    assert unwatched(found) == ["MDC_BLD_PERF_INDEX"]


def test_the_philips_monitor_has_its_codes(shared: Path) -> None:
    (found,) = read((shared / "data/hl7v2/philips_pcd01_pocd_ig_example.hl7").read_bytes())
    assert found.device == "7f2586c7-0506-46cd-a612-d8e75b838faa-IntelliVue MX500 - 866064"
    assert (found.patients, found.bed, found.trial) == (
        ("12345^Philips", "6789^Philips"),
        "My Unit^^Bed1^Institution",
        True,
    )
    assert found.sent == datetime(2021, 4, 26, 3, 3, 32, 872000, tzinfo=UTC)
    assert [(one.sign, one.value, one.unit, one.source) for one in measured(found)] == [
        ("heart_rate", "60", "/min", "monitor 147842")
    ]
    assert unwatched(found) == ["MDC_ECG_STAT_RHY"]


def test_the_gateway_of_nist_measures_a_pressure_in_ucum(shared: Path) -> None:
    (found,) = read((shared / "data/hl7v2/nist_acme_gateway_nibp_pcd01.hl7").read_bytes())
    assert (found.sender, found.device) == ("ACME_Gateway", "080019FFFE3ED02D172.16.172.135")
    assert [(one.sign, one.value, one.unit, one.source) for one in measured(found)] == [
        ("systolic", "120", "mm[Hg]", "cuff 150021"),
        ("diastolic", "80", "mm[Hg]", "cuff 150022"),
    ]
    assert {one.taken for one in measured(found)} == {datetime(2011, 6, 2, 4, 58, 42, tzinfo=UTC)}
    assert unwatched(found) == ["MDC_PRESS_BLD_NONINV_MEAN", "MDC_PULS_RATE_NON_INV"]
