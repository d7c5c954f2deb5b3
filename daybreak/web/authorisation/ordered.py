"""What is a payer asked to pay for, by which member number, for which diagnosis, and who orders it?

Whatever is missing is named, with who can add it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daybreak.clinical.records import Code, Condition
from daybreak.exchange.fhir.claims import Ordered
from daybreak.knowledge.terms import terms
from daybreak.web.authorisation.models import Authorisation
from daybreak.web.courses import apart, cover, plans
from daybreak.web.courses.models import Course
from daybreak.web.patients import queries
from daybreak.web.people.models import Person
from daybreak.web.words import word

DRUG_CODES = ("rxnorm", "atc")
MEMBER, DOSE = "member", "dose"
# Who can add what is missing.
FILLS = {
    "authorisation.member": "packet.front_desk",
    "packet.diagnosis": "packet.prescriber",
    "packet.dose": "packet.prescriber",
    "packet.treatments": "packet.prescriber",
    "packet.orders": "packet.prescriber",
    "people.number": "packet.administrator",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a payer needs. `value` is "" when it is missing; `fills`: who can add it then."""

    title: str
    value: str
    fills: str


@dataclass(frozen=True, slots=True)
class Order:
    """`product` is an id of our medicines. `days`: the treatments that the course plans from today on. `kept_back`: the
    diagnosis bears a label and neither it nor its code is told."""

    product: str
    diagnoses: tuple[Condition, ...]
    kept_back: bool
    days: tuple[date, ...]
    prescriber: Person | None

    @property
    def seen(self) -> Any:
        """Changes when what is ordered does."""
        who = [str(self.prescriber.id), self.prescriber.number] if self.prescriber else []
        codes = [[one.system, one.code] for condition in self.diagnoses for one in condition.codes]
        return [codes, [one.isoformat() for one in self.days], who]


def order(row: Authorisation, diagnoses: Sequence[Condition], *, kept_back: bool, today: date) -> Order:
    """As the record, the course under this treatment at this site, and the accounts say it today."""
    same = {"patient__in": queries.together(row.patient), "site": row.site_id, "protocol": row.protocol}
    open_ones = Course.objects.filter(**same, end__isnull=True).select_related("by").prefetch_related(cover.TAKEN)
    course = open_ones.order_by("-id").first()
    days = tuple(one.day for one in plans.plan(course) if one.day >= today) if course else ()
    who = cover.prescriber(course) if course else None
    return Order(apart.product(row.protocol), tuple(diagnoses), kept_back, days, who)


def told(events: Sequence[Mapping[str, str]], name: str) -> str:
    """The member number, or the dose, as a step said it last."""
    return next((one[name] for one in reversed(events) if one.get(name)), "")


def facts(made: Order, *, member: str, dose: str, language: str) -> list[Fact]:
    """Every part of it, in the order of a payer's form."""
    who = made.prescriber
    values = {
        "authorisation.member": member,
        "packet.diagnosis": word("packet.kept_back", language) if made.kept_back else "; ".join(_coded(made)),
        "packet.drug": terms().medicines[made.product]["title"][language],
        "packet.dose": dose,
        "packet.treatments": _treatments(made.days, language),
        "packet.orders": who.display_name if who else "",
        "people.number": who.number if who else "",
    }
    return [Fact(word(id, language), value, _fills(id, value, language)) for id, value in values.items()]


def _fills(id: str, value: str, language: str) -> str:
    return "" if value else word(FILLS[id], language)


def _coded(made: Order) -> list[str]:
    """The diagnoses that have a code, each code with its system; one without a code is no answer to a payer."""
    return [
        f"{one.text}: {', '.join(f'{code.code} ({code.system.upper()})' for code in one.codes)}"
        for one in made.diagnoses
        if one.codes
    ]


def _treatments(days: Sequence[date], language: str) -> str:
    if not days:
        return ""
    return word("packet.planned", language, n=len(days), days=", ".join(one.isoformat() for one in days))


def claimed(made: Order, *, member: str, dose: str, treatment: str, country: str) -> Ordered:
    """The same for the claim in FHIR."""
    drug = terms().medicines[made.product]
    return Ordered(
        treatment=treatment,
        drug=tuple(Code(system, code) for system in DRUG_CODES for code in drug.get(system, ())),
        dose=dose,
        member=member,
        diagnoses=() if made.kept_back else tuple((one.text, one.codes) for one in made.diagnoses if one.codes),
        days=made.days,
        prescriber=(str(made.prescriber.id), made.prescriber.display_name) if made.prescriber else None,
        number=made.prescriber.number if made.prescriber else "",
        country=country,
    )
