"""What happened with one made-up patient up to now: the record as FHIR, and what people at the clinic did, day by day?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from daybreak.demo.fhir import SECTIONS, Record
from daybreak.demo.staff import TEAMS, Team

# What somebody at the clinic does with the record.
CONFIRM, TREAT, NOT_YET, EXCEPT, SECOND, TAKE_BACK = "confirm", "treat", "not yet", "except", "second", "take back"
AGREE = "agree"  # the second person signs the decision too
EPISODE, REVIEW, WEIGH, WITHDRAW = "episode", "review", "weigh", "withdraw"


@dataclass(frozen=True, slots=True)
class Who:
    """A made-up person: names as somebody may spell them, age in years (None: no birth date on record)."""

    family: str
    given: str
    age: int | None
    sex: str
    site: str
    language: str = "English"
    needs: str = ""
    born: str = ""  # instead of an age: in full, or the year or month alone


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did, so many days ago; the other fields as its kind needs them."""

    ago: int
    does: str
    protocol: str = ""
    criterion: str = ""
    code: str = ""
    text: str = ""
    review_in: int = 0
    value: str = ""


@dataclass(slots=True)
class Story:
    """Everything about one patient. Days are counted back from `today`, so that the clinic is always alive."""

    number: str
    who: Who
    today: date
    chance: Random
    known_for: int  # days since somebody registered the patient
    acts: list[Act] = field(default_factory=list)
    birth: str = ""
    record: Record = field(init=False)

    def __post_init__(self) -> None:
        if self.who.age is not None:
            year, month = self.today.year - self.who.age, self.chance.randint(1, 12)
            self.birth = date(year, month, self.chance.randint(1, 28)).isoformat()
        self.birth = self.who.born or self.birth
        name = {"family": self.who.family} | ({"given": [self.who.given]} if self.who.given else {})
        spoken = [{"language": {"text": self.who.language}, "preferred": True}] if self.who.language else []
        more = {"name": [name], "communication": spoken}
        self.record = Record(f"demo-{self.number}".lower(), born=self.birth, sex=self.who.sex, **more)

    @property
    def team(self) -> Team:
        return TEAMS[self.who.site]

    def day(self, ago: int) -> str:
        """The day so many days ago."""
        return (self.today - timedelta(days=ago)).isoformat()

    def did(self, ago: int, does: str, **more: str | int) -> None:
        """Somebody at the clinic did this."""
        self.acts.append(Act(ago, does, **more))  # type: ignore[arg-type]

    def reviewed(self, ago: int, *sections: str) -> None:
        """The prescriber went through these parts of the history; without a name through all that a bundle can carry."""
        self.record.reviewed(self.day(ago), self.team.prescriber.name, sections=sections or tuple(SECTIONS))
