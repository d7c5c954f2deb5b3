"""What does a clinician say about a talk, is it enough, and is the patient old enough?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from daybreak.web.consent.models import CAPACITIES, HAS, MODES
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient
from daybreak.web.patients.telling import age
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES

LONGEST = {"spoken_in": 60, "interpreter": 200, "note": 1000, "representative": 200, "ground": 200}
NONE_NEEDED, RELATIVE = "none", "relative"
INTERPRETERS = (NONE_NEEDED, "professional", "staff", RELATIVE)
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Told:
    """What the clinician says about the talk. `clear`: the person is neither sedated nor intoxicated now."""

    language: str
    spoken_in: str
    mode: str
    interpreter_is: str
    interpreter: str
    capacity: str
    note: str
    representative: str
    ground: str
    clear: str

    def check(self) -> None:
        """Refused, with what is missing: a person who is clear and decides, the languages, and who interpreted."""
        if self.clear != YES:
            raise Refused("consent.not_now" if self.clear == NO else "consent.say_clear")
        if self.capacity not in CAPACITIES:
            raise Refused("consent.no_capacity" if self.capacity == NO else "consent.say_capacity")
        if self.capacity != HAS and not (self.representative and self.ground):
            raise Refused("consent.who_represents", in_field="representative")
        if self.mode not in MODES or self.language not in LANGUAGES or not self.spoken_in:
            raise Refused("consent.say_how", in_field="spoken_in")
        if self.interpreter_is == RELATIVE:
            raise Refused("consent.no_relative")
        if self.interpreter_is not in INTERPRETERS or (self.interpreter_is != NONE_NEEDED) != bool(self.interpreter):
            raise Refused("consent.who_interprets", in_field="interpreter")
        if any(len(getattr(self, name)) > most for name, most in LONGEST.items()):
            raise Refused("consent.too_long")


def old_enough(patient: Patient, years: int, *, today: date) -> None:
    """Certainly so: of a birth date that is known in part the latest day counts."""
    birth = patients.details(patient).birth
    whole = len(birth) == len("2000-01-01")
    found = age(birth if whole or not birth else f"{birth[:4]}-12-31", today)
    if not found or int(found) < years:
        raise Refused("consent.too_young" if whole else "consent.birth_unknown", years=years)
