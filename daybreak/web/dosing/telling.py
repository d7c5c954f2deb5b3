"""How does an order read: every figure with its unit, what speaks against it, and what it rests on?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from daybreak.clinical.treatment.dosing import ACTUAL, IDEAL, MG, Plan
from daybreak.clinical.treatment.ladders import Finding, Strength
from daybreak.clinical.treatment.units import written
from daybreak.knowledge import dosing as knowledge
from daybreak.knowledge.sentences import language
from daybreak.knowledge.store import loaded
from daybreak.web import zones
from daybreak.web.dosing.models import RECORD, SCALE, Order
from daybreak.web.dosing.worked import Ground
from daybreak.web.words import word

BASIS = {ACTUAL: "dosing.actual", IDEAL: "dosing.ideal"}
FROM = {SCALE: "dosing.from_scale", RECORD: "dosing.from_record"}
WAYS = {
    "device": "dosing.way_device",
    "infusion": "dosing.way_infusion",
    "injection": "dosing.way_injection",
    "mouth": "dosing.way_mouth",
}
STRENGTH = {
    Strength.REFUSES: ("not-met", "dosing.is_refused"),
    Strength.REASON: ("caution", "dosing.needs_reason"),
    Strength.SAYS: ("asked", "dosing.is_said"),
}
# What the field is called, the figure, and its unit.
FIGURES = (
    ("dosing.figure_dose", "dose_mg", "mg"),
    ("dosing.figure_actual", "mg_per_kg_actual", "mg/kg"),
    ("dosing.figure_ideal", "mg_per_kg_ideal", "mg/kg"),
    ("dosing.figure_ceiling", "ceiling_mg", "mg"),
    ("dosing.figure_volume", "volume_ml", "mL"),
    ("dosing.figure_minutes", "minutes", "min"),
    ("dosing.figure_rate", "rate_ml_per_hour", "mL/h"),
    ("dosing.figure_mg_per_hour", "mg_per_hour", "mg/h"),
    ("dosing.figure_mg_per_kg_per_hour", "mg_per_kg_per_hour", "mg/kg/h"),
    ("dosing.figure_ug_per_kg_per_min", "ug_per_kg_per_min", "µg/kg/min"),
)


BY_WEIGHT = ("mg_per_kg_actual", "mg_per_kg_ideal")
# What somebody who draws it up, or sets a pump, reads on the label besides the dose.
ON_A_LABEL = ("volume_ml", "minutes", "rate_ml_per_hour")


def figures(plan: Plan, lang: str) -> list[tuple[str, str]]:
    """Every figure that there is, with its unit; both weights side by side where one is known, known or not."""
    weighed = any(getattr(plan, name) is not None for name in BY_WEIGHT)
    found = []
    if plan.devices:
        found.append((word("dosing.figure_devices", lang), f"{len(plan.devices)} × {amount(plan.devices[0].mg, MG)}"))
    for said, name, unit in FIGURES:
        value = getattr(plan, name)
        if value is not None:
            found.append((word(said, lang), amount(value, unit)))
        elif name in BY_WEIGHT and weighed:
            found.append((word(said, lang), word("dosing.not_known", lang)))
    return found


def on_a_label(plan: Plan, lang: str) -> list[tuple[str, str]]:
    """What stands on a label besides the dose and the concentration."""
    kept = [(said, getattr(plan, name), unit) for said, name, unit in FIGURES if name in ON_A_LABEL]
    return [(word(said, lang), amount(value, unit)) for said, value, unit in kept if value is not None]


def amount(value: Decimal | Fraction | int, unit: str) -> str:
    """A figure with its unit, which stays on its line."""
    number = str(value) if isinstance(value, int) else written(value)
    return f"{number}\N{NO-BREAK SPACE}{unit}"


def devices(plan: Plan, lang: str) -> list[str]:
    """Each device and when it may be given at the earliest; none of a dose that is refused."""
    return [
        word("dosing.device_later", lang, mg=amount(one.mg, MG), minutes=one.earliest_minutes)
        if one.earliest_minutes
        else word("dosing.device_first", lang, mg=amount(one.mg, MG))
        for one in (() if plan.refused else plan.devices)
    ]


def findings(found: tuple[Finding, ...], lang: str) -> list[Mapping[str, str]]:
    """What speaks against it, the strongest first: a shape, a word and a sentence."""
    order = list(STRENGTH)
    return [
        {
            "kind": STRENGTH[one.strength][0],
            "word": word(STRENGTH[one.strength][1], lang),
            "said": language(lang).say(one.reason),
        }
        for one in sorted(found, key=lambda one: order.index(one.strength))
    ]


def rests_on(ladder: str, lang: str) -> list[str]:
    """The sources of a ladder, each with its standing."""
    titles = {one["id"]: one["title"] for file in loaded("sources").values() for one in file["sources"]}
    return [
        f"{titles[id]} ({language(lang).word(f'standing.{standing}')})" for id, standing in knowledge.sources(ladder)
    ]


def recorded_weight(ground: Ground, lang: str) -> str:
    """The weight that the record has, and of when."""
    one = ground.weight
    if one is None or not isinstance(one.value, Decimal):
        return word("dosing.no_weight_recorded", lang)
    return word(FROM[RECORD], lang, kg=written(one.value, 1), on=str(one.when))


def order(row: Order, lang: str) -> dict[str, Any]:
    """One version of an order, for whoever reads it."""
    ordered = "" if row.unit == MG else f"{amount(Decimal(row.amount), row.unit)} {word(BASIS[row.basis], lang)}"
    ladder = knowledge.ladders()[row.ladder]
    weighed = (
        word(FROM[row.weight_from], lang, kg=row.weight_kg, on=row.weighed.isoformat() if row.weighed else "?")
        if row.weight_from
        else ""
    )
    strength = amount(Decimal(row.concentration_mg_per_ml), "mg/mL") if row.concentration_mg_per_ml else ""
    return {
        "id": row.id,
        "title": knowledge.title(row.ladder, lang),
        "dose": amount(Decimal(row.dose_mg), MG),
        "drug": f"{word(f'choice.{ladder.product}', lang)}, {word(WAYS[ladder.way], lang)}",
        "ordered": ordered,
        "weighed": weighed,
        "strength": strength,
        "minutes": amount(row.minutes, "min") if row.minutes else "",
        "for_one": row.booking_id is not None,
        "over": row.over,
        "reason": row.reason,
        "deviates": row.deviates,
        "by": row.by.display_name,
        "at": zones.minute(row.created),
    }
