"""What time is it here? (that of the machine; in a made-up clinic that of its own clock)

That one may run faster, and stands still while nobody runs it. How long a browser was idle, when a code of an app is right and
whether the clock still beats are asked of the machine alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from daybreak.web.place import NotReady


@dataclass(frozen=True, slots=True)
class Pace:
    """At that moment of the machine it was this moment `here`; since then it goes so many times as fast."""

    machine: datetime
    here: datetime
    speed: int

    def at(self, machine: datetime) -> datetime:
        """What time it is here at a moment of the machine."""
        return self.here + (machine - self.machine) * self.speed

    def of_machine(self, here: datetime) -> datetime:
        """What time it is on the machine at a moment here."""
        return self.machine + (here - self.here) / self.speed


_pace: Pace | None = None  # of this process; none but a demo ever has one


def keep(pace: Pace | None) -> None:
    """From here on this process goes by that clock. NotReady in a clinic, which has none but the machine's."""
    global _pace
    if pace is not None and settings.PLACE.profile != "demo":
        raise NotReady("Only a demo has a clock of its own: a clinic goes by the time of its machine.")
    _pace = pace


def now() -> datetime:
    """This moment, in UTC."""
    machine = datetime.now(UTC)
    return _pace.at(machine) if _pace else machine


def played() -> bool:
    """Is this a clock of its own, which stands still while nobody runs it?"""
    return _pace is not None


def of_machine(here: datetime) -> datetime:
    """The machine's time at a moment here: what a code of an app is made from."""
    return _pace.of_machine(here) if _pace else here
