"""How do three makes of monitors write what they measure, each in its own manner? (HL7 v2, IHE PCD-01)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.demo import signs
from daybreak.demo.signs import Signs

SECOND = timedelta(seconds=1)
PERCENT, BEATS, BREATHS = (
    "262688^MDC_DIM_PERCENT^MDC",
    "264864^MDC_DIM_BEAT_PER_MIN^MDC",
    "264928^MDC_DIM_RESP_PER_MIN^MDC",
)
MMHG = "266016^MDC_DIM_MMHG^MDC"
PROFILE = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"


@dataclass(frozen=True, slots=True)
class Monitor:
    """One of them: what it calls itself, of whom it says it measures, in which room, and how it writes."""

    name: str
    patient: str
    room: str
    writes: Callable[[Monitor, Signs, datetime], Iterator[str]]

    def messages(self, *, opened: datetime, after: datetime, until: datetime) -> list[bytes]:
        """What it sends of the seconds after the one moment and until the other; nothing when nobody is connected any more."""
        first, last = ((one - opened) // SECOND for one in (after, until))
        found = ((second, signs.at(self.patient, second)) for second in range(first + 1, last + 1))
        return [self.message(one, opened + second * SECOND) for second, one in found if one is not None]

    def over(self, *, opened: datetime, at: datetime) -> bool:
        """Was it taken off?"""
        return (at - opened) // SECOND >= signs.over(self.patient)

    def message(self, measured: Signs, at: datetime) -> bytes:
        """What it measured, as it is sent at that moment of its clock. Its id is never used again."""
        return "\r".join([*self.writes(self, measured, at), ""]).encode()

    def header(self, sender: str, now: str, at: datetime, letters: str) -> str:
        """Who sends it, when by its own clock, under which id, and in which letters."""
        control = f"{self.name[-4:]}{at.timestamp() * 1000:.0f}"
        return f"MSH|^~\\&|{sender}|||{now}||ORU^R01^ORU_R01|{control}|P|2.6|||AL|NE||{letters}|{PROFILE}"


def by_number(one: Monitor, measured: Signs, at: datetime) -> Iterator[str]:
    """The number of each metric stands in the place too, and nothing of the device's parts is told."""
    now = f"{at:%Y%m%d%H%M%S}.{at.microsecond // 100:04}+0000"
    yield one.header(f"VS_SERIES^{one.name}^EUI-64|BEDSIDE", now, at, "UNICODE UTF-8||")
    yield f"PID|||{one.patient}^^^Hospital^PI||^^^^^^L"
    yield "PV1||I"
    yield f"OBR|1|1^VS_SERIES^{one.name}^EUI-64|1^VS_SERIES^{one.name}^EUI-64|182777000^monitoring of patient^SCT"
    values = [
        ("150456^MDC_PULS_OXIM_SAT_O2^MDC", measured.spo2, PERCENT),
        ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", measured.pulse, BEATS),
        ("151658^MDC_PULS_OXIM_PLETH_RESP_RATE^MDC", measured.breaths, BREATHS),
    ]
    if measured.pressure:
        values += [("150301^MDC_PRESS_CUFF_SYS^MDC", measured.pressure[0], MMHG)]
        values += [("150302^MDC_PRESS_CUFF_DIA^MDC", measured.pressure[1], MMHG)]
    for n, (metric, value, unit) in enumerate(((m, v, u) for m, v, u in values if v is not None), 1):
        yield f"OBX|{n}|NM|{metric}|1.3.1.{metric.partition('^')[0]}|{value}|{unit}|||||R"


def by_parts(one: Monitor, measured: Signs, at: datetime) -> Iterator[str]:
    """The device and each of its channels is a line of its own; the heart is heard by the electrodes."""
    now = f"{at:%Y%m%d%H%M%S}.{at.microsecond // 1000:03}+0000"
    yield one.header("Central|Ward", now, at, "8859/1|EN^English^ISO639|")
    yield f"PID|1||{one.patient}^^^Ward^MR"
    yield f"PV1|2|I|Treatment^{one.room}^Bed1"
    yield f"OBR|3||{one.name}^^^EUI-64|69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|||{now}"
    yield f"OBX|4||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||{one.name}"
    yield "OBX|5||70666^MDC_DEV_ECG_RESP_VMD^MDC|1.2.0.0|||||||X"
    yield f"OBX|6|NM|147842^MDC_ECG_CARD_BEAT_RATE^MDC|1.2.1.1|{measured.pulse}|{BEATS}|50-120||||F"
    yield f"OBX|7|NM|151562^MDC_RESP_RATE^MDC|1.2.1.2|{measured.breaths}|{BREATHS}|8-30||||F"
    if measured.spo2 is not None:
        yield f"OBX|8|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.1|{measured.spo2}|{PERCENT}|90-100||||F"
    if measured.pressure:
        for n, (metric, value) in enumerate(
            zip(("150021^MDC_PRESS_BLD_NONINV_SYS", "150022^MDC_PRESS_BLD_NONINV_DIA"), measured.pressure, strict=True)
        ):
            yield f"OBX|{9 + n}|NM|{metric}^MDC|1.4.1.{n + 1}|{value}|{MMHG}|||||F|||{now}"


def by_gateway(one: Monitor, measured: Signs, at: datetime) -> Iterator[str]:
    """A gateway speaks for the device, in units of UCUM; each value says when it was taken and by which device."""
    now = f"{at:%Y%m%d%H%M%S}+0000"
    order = f"{one.name}{at:%Y%m%d%H%M%S}^Gateway^{one.name}^EUI-64"
    yield one.header(f"Gateway^{one.name}^EUI-64|Healthcare", now, at, "UNICODE UTF-8||")
    yield f"PID|||{one.patient}^^^Clinic^PI"
    yield f"PV1||I|Treatment^{one.room}^1|"
    yield f"OBR|1|{order}|{order}|182777000^monitoring of patient^SCT|||{now}"
    yield "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X"
    beats, breaths, mmhg = "{beat}/min", "{breath}/min", "mm[Hg]"
    values = [
        ("150456^MDC_PULS_OXIM_SAT_O2", "1.2.1.1", measured.spo2, "%"),
        ("149530^MDC_PULS_OXIM_PULS_RATE", "1.2.1.2", measured.pulse, beats),
        ("151562^MDC_RESP_RATE", "1.3.1.1", measured.breaths, breaths),
    ]
    if measured.pressure:
        values += [("150021^MDC_PRESS_BLD_NONINV_SYS", "1.1.1.1", measured.pressure[0], mmhg)]
        values += [("150022^MDC_PRESS_BLD_NONINV_DIA", "1.1.1.2", measured.pressure[1], mmhg)]
    for n, (metric, place, value, unit) in enumerate((each for each in values if each[2] is not None), 2):
        yield f"OBX|{n}|NM|{metric}^MDC|{place}|{value}|{unit}^{unit}^UCUM|||||R|||{now}||||{one.name}^GATEWAY"
