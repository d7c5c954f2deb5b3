"""Does a loud place of a site listen, so that an alarm there would be heard?

A page that shows the whole floor says so every few seconds, from a device that somebody heard today and whose browser lets
sounds out at that moment. A page that was left, a device that sleeps and a network that is gone say nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.knowledge.watch import jump, silence
from daybreak.web.people.models import Site
from daybreak.web.watching.models import Listening

SAYS_EVERY = 3  # seconds
WRITTEN_EVERY = timedelta(seconds=SAYS_EVERY / 2)  # however many devices say so


def heard(site: Site, *, at: datetime) -> None:
    """A loud device of this site would sound now."""
    if not Listening.objects.filter(site=site, at__gt=at - WRITTEN_EVERY, at__lte=at).exists():
        Listening.objects.bulk_create(
            [Listening(site=site, at=at)], update_conflicts=True, unique_fields=["site"], update_fields=["at"]
        )


def unheard(*, at: datetime, since: datetime) -> frozenset[UUID]:
    """The sites of which no loud place said so for too long; silence counts from `since` on."""
    _, longest = silence()
    if at - since <= longest:
        return frozenset()
    # A time far ahead of ours is believed no more than an old one.
    near = Listening.objects.filter(at__gte=at - longest, at__lte=at + longest).values_list("site", flat=True)
    return frozenset(Site.objects.exclude(pk__in=near).values_list("pk", flat=True))


class Ear:
    """Since when the clock listens without a gap. While it was not there, or stood still, the boards may have been silent
    with it: what it missed is no silence of theirs."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self.last: datetime | None = None

    def unheard(self, *, at: datetime) -> frozenset[UUID]:
        """The same, from then on."""
        if self.since is None or self.last is None or not timedelta(0) <= at - self.last <= jump():
            self.since = at
        self.last = at
        return unheard(at=at, since=self.since)
