"""Is a recording of Vital Recorder read as it grows, and never more out of it than stands there?"""

from __future__ import annotations

import random
import struct
import zlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daybreak.exchange.hl7 import read
from daybreak.exchange.hl7.measured import measured
from daybreak.exchange.hl7.recorded import Newest, message
from daybreak.exchange.recording import LONGEST, NoRecording, Number, Recording
from tests.exchange import vital
from tests.exchange.vital import BEGUN, bed, packet, pressed, record, track

AT = datetime.fromtimestamp(BEGUN, UTC)
SECOND = timedelta(seconds=1)


def numbers(data: bytes) -> list[Number]:
    return list(Recording().read(data))


def values(found: list[Number]) -> list[tuple[str, Decimal | None]]:
    return [(one.track.name, one.value) for one in found]


def test_numbers_come_with_their_track_their_unit_and_when_they_were_taken() -> None:
    wave = packet(1, struct.pack("<HdH", 10, BEGUN, 5) + struct.pack("<L3H", 3, 1, 2, 3))
    order = packet(6, struct.pack("<BHH", 5, 1, 2))
    unknown = packet(77, b"something newer")
    found = numbers(
        pressed(bed() + record(1, 72, 0) + wave + order + unknown + record(2, 96.5, 1.25) + record(99, 1, 2))
    )
    assert values(found) == [("HR", Decimal(72)), ("PLETH_SAT_O2", Decimal("96.5"))]
    assert (found[0].track.unit, found[0].track.device, found[0].taken) == ("/min", "IntelliVue", AT)
    assert found[1].taken == AT + 1.25 * SECOND


def test_it_is_read_as_it_grows_wherever_it_was_cut() -> None:
    press = zlib.compressobj(wbits=31)
    data = b""
    for at in range(40):
        data += press.compress((bed() if not at else b"") + record(1, 60 + at, at)) + press.flush(zlib.Z_SYNC_FLUSH)
    whole = values(numbers(data))
    assert len(whole) == 40
    cut, recording, found, place = random.Random(7), Recording(), list[Number](), 0
    while place < len(data):
        n = cut.randint(1, 30)
        found += recording.read(data[place : place + n])
        place += n
    assert values(found) == whole
    assert values(numbers(pressed(bed()) + pressed(record(1, 61, 0)))) == [("HR", Decimal(61))], (
        "two parts, each pressed"
    )


@pytest.mark.parametrize(("format", "letter", "none"), [
    (1, "f", float("nan")), (2, "d", float("nan")), (3, "b", -128), (4, "B", 255),
    (5, "h", -32768), (6, "H", 65535), (7, "i", -(2**31)), (8, "I", 2**32 - 1),
])  # fmt: skip
def test_each_format_has_a_value_that_is_none(format: int, letter: str, none: float) -> None:
    scaled = track(9, "HR", "/min", 2, format=format, gain=0.5, offset=10)
    found = numbers(pressed(vital.header() + scaled + record(9, 100, 0, letter) + record(9, none, 1, letter)))
    assert values(found) == [("HR", Decimal(60)), ("HR", None)]


def test_what_cannot_be_worked_out_is_no_number() -> None:
    flat = track(9, "HR", "/min", 2, gain=0)
    assert values(numbers(pressed(vital.header() + flat + record(9, 72, 0)))) == [("HR", None)]
    endless = track(9, "HR", "/min", 2)
    assert values(numbers(pressed(vital.header() + endless + record(9, float("inf"), 0)))) == [("HR", None)]
    for when in (float("nan"), float("inf"), -1 - BEGUN, 2.0**40):
        assert numbers(pressed(vital.header() + endless + record(9, 72, when))) == [], "no time"


@pytest.mark.parametrize("data", [
    b"MSH|^~", pressed(b"GIFS" + bytes(20)), pressed(bed() + struct.pack("<BL", 1, LONGEST + 1)),
    pressed(bed() + packet(1, b"short")), pressed(bed() + packet(9, bytes(4) + struct.pack("<L", 1 << 30))),
    pressed(bed() + packet(0, struct.pack("<HBBL", 1, 2, 1, 2) + b"\xff\xfe")), pressed(bed())[:60] + b"\xff" * 40,
], ids=range(7))  # fmt: skip
def test_what_is_no_recording_says_so(data: bytes) -> None:
    with pytest.raises(NoRecording):
        numbers(data)


def test_old_files_tell_less_of_a_track() -> None:
    bare = packet(0, struct.pack("<HBB", 1, 2, 1) + vital.text("HR"))
    (found,) = numbers(pressed(vital.header(bytes(17)) + bare + record(1, 70, 0)))
    assert (found.track.unit, found.track.means, found.value) == ("", 0, Decimal(70))


def test_the_newest_is_written_as_a_monitor_writes_it_and_read_as_such() -> None:
    newest = Newest()
    for one in numbers(
        pressed(bed() + record(1, 71, 0) + record(1, 72, 1) + record(2, float("nan"), 1) + record(6, 3, 1))
    ):
        newest.came(one)
    assert newest.others == {"PLETH_PERF_REL"}
    (report,) = read(message(newest.due(), device="Room 1", at=AT + 2 * SECOND, control="1"))
    assert (report.device, report.patients, report.sent) == ("Room 1", (), AT + 2 * SECOND)
    told = {one.sign: (one.value, one.unit, one.taken) for one in measured(report)}
    assert told == {"heart_rate": ("72", "/min", AT + SECOND), "spo2": ("", "%", AT + SECOND)}
    newest.sent(newest.due())
    assert newest.due() == []
    (late,) = numbers(pressed(bed() + record(1, 60, 0)))
    newest.came(late)
    assert newest.due() == [], "what was taken before is not the newest"


def test_an_unknown_unit_stays_unknown_and_parts_no_message() -> None:
    newest = Newest()
    for one in numbers(pressed(vital.header() + track(9, "HR", "be|ats\r", 2) + record(9, 72, 0))):
        newest.came(one)
    (report,) = read(message(newest.due(), device="Room 1", at=AT, control="1"))
    assert [(one.value, one.unit) for one in measured(report)] == [("72", None)]


def test_the_last_pressure_of_a_cuff_never_looks_new_because_it_is_written_again() -> None:
    newest = Newest()

    def due(at: float, systolic: float, diastolic: float) -> list[tuple[Decimal | None, datetime]]:
        for one in numbers(pressed(bed() + record(3, systolic, at) + record(4, diastolic, at))):
            newest.came(one)
        found = newest.due()
        newest.sent(found)
        return [(one.value, one.taken) for _, one in found]

    assert due(0, 130, 80) == [(130, AT), (80, AT)]
    assert due(60, 130, 80) == []
    assert due(120, 130, 84) == [(130, AT + 120 * SECOND), (84, AT + 120 * SECOND)], "one moved: it was taken anew"
