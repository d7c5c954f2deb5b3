"""What does the infusion pump of the demo say of itself, until its line is blocked and it stops? (HL7 v2: PCD-01, -04, -10)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from daybreak.demo import doses, rooms, signs
from daybreak.demo.signs import SECONDS
from daybreak.demo.treating import PUMP, infusion

EVERY = 10  # seconds between two messages
BLOCKED, SEEN_TO = 3 * SECONDS, 5 * SECONDS  # of the story: its line is blocked, and somebody has cleared it
SECOND = timedelta(seconds=1)
ML_PER_HOUR, ML = "265266^MDC_DIM_MILLI_L_PER_HR^MDC", "263762^MDC_DIM_MILLI_L^MDC"
OCCLUSION = "196940^MDC_EVT_FLUID_LINE_OCCL^MDC^^^^^^Occlusion"
STOPPED = "0^MDCX_PUMP_DELIV_STOP^MDC"


@dataclass(frozen=True, slots=True)
class Pump:
    """What it calls itself, and to whom it gives. It is set as was ordered."""

    name: str
    patient: str

    def messages(self, *, opened: datetime, after: datetime, until: datetime) -> list[bytes]:
        """What it sends of the seconds after the one moment and until the other; nothing when it was taken away."""
        first, last = ((one - opened) // SECOND for one in (after, until))
        seconds = range(first + 1, min(last + 1, signs.over(self.patient)))
        return [one for second in seconds for one in self._at(second, opened + second * SECOND)]

    def over(self, *, opened: datetime, at: datetime) -> bool:
        """Was it taken away?"""
        return (at - opened) // SECOND >= signs.over(self.patient)

    def _at(self, second: int, at: datetime) -> Iterator[bytes]:
        if second == BLOCKED:
            yield self._message("R40", at, self._alarm("start", "active"))
            yield self._message("R42", at, [f"OBX|2|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.1.1.1|{STOPPED}||||||R"])
        if second == SEEN_TO:
            yield self._message("R40", at, self._alarm("end", "inactive"))
        if second % EVERY == 0:
            yield self._message("R01", at, list(self._programme(second)))

    def _message(self, kind: str, at: datetime, lines: list[str]) -> bytes:
        now, control = f"{at:%Y%m%d%H%M%S}+0000", f"{kind}{self.name}{at.timestamp():.0f}"
        head = f"MSH|^~\\&|Pumps^0011223344DE0004^EUI-64|INFUSION|||{now}||ORU^{kind}^ORU_{kind}|{control}|P|2.6"
        whole = f"OBX|1||70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC|1.0.0.0|||||||X|||||||{self.name}^^0012210000DE0004^EUI-64"
        return "\r".join([head, f"PID|||{self.patient}", f"OBR|1|0|0|1^Ketamine|||{now}", whole, *lines, ""]).encode()

    def _alarm(self, phase: str, state: str) -> list[str]:
        return [
            f"OBX|2|CWE|196616^MDC_EVT_ALARM^MDC|1.1.0.0.1|{OCCLUSION}|||ST~PH|||F",
            f"OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.0.0.3|{phase}||||||F",
            f"OBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.0.0.4|{state}||||||F",
        ]

    def _programme(self, second: int) -> Iterator[str]:
        """It counts until it is blocked."""
        runs, rate = second < BLOCKED, float(PUMP["rate"])
        volume = rate * doses.MINUTES / 60
        given = rate / 3600 * (min(second, BLOCKED) - _began(self.patient))
        status = "infusing" if runs else "not-infusing"
        yield f"OBX|2|CWE|184519^MDC_PUMP_INFUSING_STATUS^MDC|1.1.1.1|^pump-status-{status}||||||R"
        yield "OBX|3|CWE|184514^MDC_DRUG_NAME_LABEL^MDC|1.1.1.1|Ketamine 1 mg/mL||||||R"
        figures = [
            ("157784^MDC_FLOW_FLUID_PUMP", f"{rate:g}", ML_PER_HOUR),
            ("158014^MDC_FLOW_FLUID_PUMP_CURRENT", f"{rate if runs else 0:g}", ML_PER_HOUR),
            ("157884^MDC_VOL_FLUID_TBI", f"{volume:g}", ML),
            ("157872^MDC_VOL_FLUID_TBI_REMAIN", f"{volume - given:.1f}", ML),
            ("157993^MDC_VOL_FLUID_DELIV_TOTAL", f"{given:.1f}", ML),
            ("157760^MDC_CONC_DRUG", PUMP["concentration"], "264306^MDC_DIM_MILLI_G_PER_ML^MDC"),
            ("157996^MDC_TIME_PD_PROG", f"{doses.MINUTES * 60}", "264320^MDC_DIM_SEC^MDC"),
            ("68063^MDC_ATTR_PT_WEIGHT", PUMP["weight"], "263875^MDC_DIM_KILO_G^MDC"),
        ]
        for n, (code, value, unit) in enumerate(figures, 4):
            yield f"OBX|{n}|NM|{code}^MDC|1.1.2.5|{value}|{unit}|||||R"


def _began(number: str) -> int:
    """At which second of the story its infusion began: before the demo was made."""
    return next(minute for minute, do in rooms.STORY[number] if do is infusion) * SECONDS
