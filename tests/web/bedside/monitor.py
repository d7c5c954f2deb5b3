"""How does a monitor of the tests send? Straight into the store, second by second, by the clock of the test."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from daybreak.clinical.treatment.events import What
from daybreak.web.bedside.came import Came
from daybreak.web.bedside.frames import Frame
from daybreak.web.bedside.models import Odd
from daybreak.web.bedside.store import Store
from daybreak.web.treatment.models import Session, SessionEvent

NAME = "0011223344556677"
SECOND = timedelta(seconds=1)
VALUES = {
    "spo2": ("150456^MDC_PULS_OXIM_SAT_O2^MDC", "262688^MDC_DIM_PERCENT^MDC"),
    "pulse": ("149530^MDC_PULS_OXIM_PULS_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    "ecg": ("147842^MDC_ECG_CARD_BEAT_RATE^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"),
    "systolic": ("150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "266016^MDC_DIM_MMHG^MDC"),
    "diastolic": ("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "266016^MDC_DIM_MMHG^MDC"),
}


def message(
    values: dict[str, object],
    *,
    control: str = "1",
    sent: datetime | None = None,
    patients: Sequence[str] = ("P1",),
    name: str = NAME,
    units: dict[str, str] | None = None,
    kind: str = "R01",
    taken: datetime | None = None,
) -> bytes:
    when = f"{sent:%Y%m%d%H%M%S.%f}+0000" if sent else ""
    lines = [f"MSH|^~\\&|Monitor^{name}^EUI-64|Maker|||{when}||ORU^{kind}^ORU_{kind}|{control}|P|2.6"]
    lines += [f"PID|||{'~'.join(patients)}", "OBR|1|1|1|182777000^monitoring of patient^SCT"]
    measured = f"{taken:%Y%m%d%H%M%S}+0000" if taken else ""
    for n, (sign, value) in enumerate(values.items(), 1):
        code, unit = VALUES[sign]
        unit = (units or {}).get(sign, unit)
        lines.append(f"OBX|{n}|NM|{code}|1.3.1.{n}|{value}|{unit}|||||R|||{measured}")
    return "\r".join([*lines, ""]).encode()


class Monitor:
    """Sends to a store of its own, unless it is given another one's."""

    def __init__(self, at: datetime, *, store: Store | None = None, name: str = NAME, connection: int = 1) -> None:
        self.at, self.store, self.name, self.connection = at, store or Store(), name, connection
        self.wrong = timedelta(0)  # of its clock
        self.n = 0

    def sends(self, seconds: int = 1, *, spo2: object = 97, **other: object) -> list[str]:
        """One message a second; the answers."""
        return [self.came(self.says({"spo2": spo2, **other})) for _ in range(seconds)]

    def says(self, values: dict[str, object], **other: object) -> bytes:
        """The next message, a second after the last one."""
        self.at += SECOND
        self.n += 1
        told = {"control": str(self.n), "sent": self.at + self.wrong, "name": self.name} | other
        return message(values, **told)  # type: ignore[arg-type]

    def came(self, content: bytes, *, odd: Odd | None = None) -> str:
        """What is answered; what was bound a moment ago is known."""
        self.store._looked = None
        one = Came(Frame(content, odd), self.connection, self.at)
        self.store.take([one])
        return one.code


def raised(session: Session) -> list[str]:
    """The alarms that were raised in a session, each with how loud it was, in order."""
    rows = SessionEvent.objects.filter(session=session, what=What.ALARM_RAISED).order_by("seq")
    return [f"{one['alarm']} {one['level']}" for one in (json.loads(row.told) for row in rows)]
