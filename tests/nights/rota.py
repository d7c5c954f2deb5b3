"""Who had said that they are there, minute by minute? Worked out from what was agreed, without the clinic's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

HOURS = ((18, 23), (22, 6), (23, 2), (1, 2), (2, 7), (7, 12), (20, 8))


@dataclass(frozen=True)
class Agreed:
    """Hours of a weekday in which somebody is named, whether they said that they are there, and at which level."""

    login: str
    weekday: int
    begins: time
    ends: time
    level: int
    there: bool

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        """By the clock on the wall of the site, whichever of two hours it shows."""
        local = at.astimezone(zone).replace(tzinfo=None)
        for days in (0, 1):
            begins = datetime.combine(local.date() - timedelta(days=days), self.begins)
            ends = datetime.combine(begins.date(), self.ends)
            if ends <= begins:
                ends += timedelta(days=1)
            if begins.weekday() == self.weekday and begins <= local < ends:
                return True
        return False


def agreed(random: Random, logins: list[str], on: date) -> list[Agreed]:
    """Some hours of that night and the next morning, with gaps, and with people who said nothing or that they are not there."""
    found = []
    for login in logins:
        for begins, ends in random.sample(HOURS, random.randint(0, 2)):
            day = on if begins >= 18 else on + timedelta(days=1)
            hours = time(begins, random.choice((0, 30))), time(ends)
            found.append(Agreed(login, day.weekday(), *hours, random.randint(1, 3), random.random() < 0.8))
    return found


def there(told: list[Agreed], at: datetime, zone: ZoneInfo) -> set[str]:
    """Who had said that they are there at that moment."""
    return {one.login for one in told if one.there and one.holds(at, zone)}
