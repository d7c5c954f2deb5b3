"""Which messages do devices send? Written here, with the parts that differ."""

from __future__ import annotations

from collections.abc import Sequence

HEADER = (
    "MSH|^~\\&|Monitor^0011223344556677^EUI-64|Maker|||20260301100000+0000||ORU^{trigger}^ORU_{trigger}|{control}|P|2.6"
)
SPO2 = "150456^MDC_PULS_OXIM_SAT_O2^MDC"
PERCENT = "262688^MDC_DIM_PERCENT^MDC"


def obx(
    n: int, code: str = SPO2, value: str = "97", unit: str = PERCENT, *, place: str = "1.3.1.1", rest: str = "||||R"
) -> str:
    return f"OBX|{n}|NM|{code}|{place}|{value}|{unit}|{rest}"


def message(
    lines: Sequence[str] = (),
    *,
    control: str = "7",
    trigger: str = "R01",
    patient: str = "P1^^^Site^PI",
    header: str = HEADER,
    end: str = "\r",
) -> bytes:
    head = header.format(control=control, trigger=trigger)
    order = "OBR|1|1|1|182777000^monitoring of patient^SCT|||20260301100000+0000"
    return end.join([head, f"PID|||{patient}", "PV1||I|Room 2^^Chair 1", order, *(lines or [obx(1)]), ""]).encode()
