"""Who is this, as somebody typed it, and is it enough to register a patient?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from daybreak.exchange.fhir.dates import read_date
from daybreak.web.patients.models import SEXES, Details
from daybreak.web.refusals import Refused

LONGEST = {"family_name": 200, "given_names": 200, "birth": 10, "sex": 10, "language": 60, "access_needs": 1000}


class Wrong(Exception):
    """What was typed cannot be taken; every problem of it, not the first alone."""

    status = 422

    def __init__(self, problems: list[Refused]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Identity:
    """The fields of `Details` that people fill in. Empty is "not recorded"."""

    family_name: str
    given_names: str = ""
    birth: str = ""
    sex: str = ""
    language: str = ""
    access_needs: str = ""

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_names}".strip()


def of(details: Details) -> Identity:
    """The identity that a row holds."""
    return Identity(**{name: getattr(details, name) for name in LONGEST})


def check(identity: Identity, *, today: date) -> None:
    """Wrong unless there is a name, a date that can be a birth date (or none), and nothing longer than its field."""
    problems = []
    if not identity.family_name:
        problems.append(Refused("patients.name_missing", in_field="family_name"))
    born = read_date(identity.birth) if len(identity.birth) <= LONGEST["birth"] else None
    if identity.birth and born is None:
        problems.append(Refused("patients.birth_unreadable", in_field="birth", typed=identity.birth))
    if born and born[0].earliest > today:
        problems.append(Refused("patients.birth_in_future", in_field="birth", typed=identity.birth))
    if identity.sex not in SEXES:
        problems.append(Refused("patients.sex_unknown", in_field="sex", typed=identity.sex))
    for name, typed in asdict(identity).items():
        if name != "birth" and len(typed) > LONGEST[name]:
            problems.append(Refused("patients.too_long", in_field=name, typed=typed[:30], most=LONGEST[name]))
    if problems:
        raise Wrong(problems)
