"""What does a referral say, as it was typed, and can it be taken?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from daybreak.exchange.fhir.dates import read_date
from daybreak.web.outbox import actions as outbox
from daybreak.web.patients.identity import Wrong
from daybreak.web.reach.models import PROFESSIONS
from daybreak.web.referral.models import RISKS, YES
from daybreak.web.refusals import Refused
from daybreak.web.words import LANGUAGES

LONGEST = {
    **dict.fromkeys(("from_name", "from_practice", "family_name", "given_names"), 200),
    **dict.fromkeys(("from_email", "email"), 254),
    **dict.fromkeys(("from_phone", "phone", "language"), 60),
    **dict.fromkeys(("why", "tried"), 4000),
}


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of the form. `from_…`: who refers; the rest is about the patient."""

    from_role: str = ""
    from_name: str = ""
    from_practice: str = ""
    from_phone: str = ""
    from_email: str = ""
    from_language: str = ""
    family_name: str = ""
    given_names: str = ""
    birth: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    why: str = ""
    tried: str = ""
    urgent: str = ""
    risk: str = ""
    agreed: str = ""
    may_tell: str = ""

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_names}".strip()


def read(typed: Mapping[str, str]) -> Told:
    """What the form said."""
    return Told(**{one.name: typed.get(one.name, "") for one in fields(Told)})


def check(told: Told, *, today: date) -> None:
    """Wrong with every problem: who refers, a way to reach them and the patient, who it is, why, and that they agree."""
    problems = []
    needed = {
        "referral.needs_referrer": (
            "" if told.from_name else "from_name",
            told.from_name and told.from_role in PROFESSIONS,
        ),
        "referral.needs_their_way": ("from_phone", told.from_phone or told.from_email),
        "referral.needs_name": ("family_name", told.family_name),
        "referral.needs_way": ("phone", told.phone or told.email),
        "referral.needs_why": ("why", told.why),
        "referral.needs_risk": ("risk", told.risk in RISKS),
        "referral.needs_agreed": ("agreed", told.agreed == YES),
    }
    problems += [Refused(id, in_field=field) for id, (field, there) in needed.items() if not there]
    if told.from_language not in ("", *LANGUAGES):
        problems.append(Refused("error.bad_request"))
    born = read_date(told.birth) if 0 < len(told.birth) <= len("2000-01-01") else None
    if born is None:
        problems.append(Refused("referral.needs_birth", in_field="birth", typed=told.birth[:30]))
    elif born[0].earliest > today:
        problems.append(Refused("patients.birth_in_future", in_field="birth", typed=told.birth))
    for email in filter(None, (told.from_email, told.email)):
        try:
            outbox.check(email)
        except Refused as refused:
            problems.append(refused)
    for name, most in LONGEST.items():
        if len(getattr(told, name)) > most:
            problems.append(Refused("patients.too_long", in_field=name, typed=getattr(told, name)[:30], most=most))
    if problems:
        raise Wrong(problems)
