"""How much may come through each page that needs no sign-in, within one span?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

LINK, REFERRAL, COMPLAINT, HELP, TEXTS = "link", "referral", "complaint", "help", "texts"
SPAN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Door:
    """`each`: from one address. `every`: from all of them together; None where a stranger could shut others out by it."""

    each: int
    every: int | None


DOORS: Mapping[str, Door] = {
    # Only what opens nothing is counted. A good link opens whatever others do: nobody can guess 256 bits.
    LINK: Door(each=30, every=None),
    # Each writes something that a person has to read: a practice sends a few, a whole county some dozens.
    REFERRAL: Door(each=10, every=120),
    COMPLAINT: Door(each=5, every=60),
    # Only what shows no secret is counted.
    TEXTS: Door(each=30, every=None),
    # A display calls an emergency: a whole floor can have several, and an open one is not opened again.
    HELP: Door(each=20, every=None),
}
