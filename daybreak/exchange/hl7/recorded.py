"""How is the newest that a recorder has of a monitor written, as the monitor itself would write it? (HL7 v2, IHE PCD-01)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from daybreak.exchange.recording import Number
from daybreak.knowledge.devices import metrics, recorded, recorded_units

PROFILE = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"
CUFF = "cuff"


class Newest:
    """The newest of each metric, and which of them were not sent yet.

    Recorders write the last pressure of a cuff again and again. It counts from when one of its values last changed: so an old one
    never looks new, and of two equal ones the second looks older than it is.
    """

    def __init__(self) -> None:
        self._latest: dict[int, Number] = {}
        self._moved: datetime | None = None  # when the pressure last changed
        self._sent: dict[int, datetime] = {}
        self.others: set[str] = set()  # names of tracks that mean nothing that is sent

    def came(self, number: Number) -> None:
        """One more number of the recording."""
        if number.track.means not in recorded():
            self.others.add(number.track.name)
            return
        metric, _ = recorded()[number.track.means]
        before = self._latest.get(metric)
        if before is not None and number.taken < before.taken:
            return
        self._latest[metric] = number
        if metrics()[metric].by == CUFF and (before is None or before.value != number.value):
            self._moved = number.taken

    def due(self) -> list[tuple[int, Number]]:
        """By metric what was not sent yet, with when it was taken."""
        found = [(metric, self._since(metric, one)) for metric, one in sorted(self._latest.items())]
        return [(metric, one) for metric, one in found if self._sent.get(metric) != one.taken]

    def sent(self, what: Sequence[tuple[int, Number]]) -> None:
        """Somebody has acknowledged these."""
        self._sent |= {metric: one.taken for metric, one in what}

    def _since(self, metric: int, number: Number) -> Number:
        moved = self._moved if metrics()[metric].by == CUFF else None
        return number if moved is None else replace(number, taken=moved)


def message(what: Sequence[tuple[int, Number]], *, device: str, at: datetime, control: str) -> bytes:
    """They as one message of this device, which has no signs of HL7 in its name. No patient is named: whom it measures a person
    says at the bed."""
    now = _moment(at)
    lines = [
        f"MSH|^~\\&|Recorder||||{now}||ORU^R01^ORU_R01|{control}|P|2.6|||AL|NE||UNICODE UTF-8|||{PROFILE}",
        "PID|||",
        f"OBR|1|||182777000^monitoring of patient^SCT|||{now}",
        f"OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||{device}",
    ]
    names = dict(recorded().values())
    for n, (metric, one) in enumerate(what, 2):
        value, state = ("", "X") if one.value is None else (f"{one.value:f}", "R")
        code, name = recorded_units().get(one.track.unit, ("", ""))
        unit = f"{code}^{name}^MDC" if code else _plain(one.track.unit)
        lines.append(
            f"OBX|{n}|NM|{metric}^{names[metric]}^MDC|1.1.1.{n}|{value}|{unit}|||||{state}|||{_moment(one.taken)}"
        )
    return "\r".join([*lines, ""]).encode()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S.%f}+0000"


def _plain(text: str) -> str:
    """Without what would part a message."""
    return "".join(one if one.isprintable() and one not in "|^~\\&" else "?" for one in text)
