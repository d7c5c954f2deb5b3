"""Work a dose out, and say what speaks against it.

DOSE is an amount with its unit, mg or mg/kg. It is held against one ladder of the knowledge: what one dose of a product by
one route may be. What a clinic has to sign, and how much was given before, is told by options; what is not told is not known.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from decimal import Decimal
from typing import Any

from daybreak.clinical.treatment.dosing import ACTUAL, IDEAL, Last, Order, Person, Plan, ideal_kg
from daybreak.clinical.treatment.judged import plan
from daybreak.clinical.treatment.ladders import Signed
from daybreak.clinical.treatment.units import written
from daybreak.knowledge import dosing
from daybreak.knowledge.sentences import LANGUAGES, language
from daybreak.knowledge.terms import terms

DONE, WRONG_USAGE = 0, 2
EXAMPLE = """examples:
  daybreak dose '0.5 mg/kg' --weight 70kg --concentration 1mg/mL --minutes 40 --signed 0.2-2mg/mL
  daybreak dose '56 mg' --ladder esketamine-nasal-us --first

One line of JSON: the figures, the devices with their earliest minutes, and each finding as "refuses", "reason" (a prescriber
may order it and writes why) or "says". A dose that is refused is a result (exit code 0); what cannot be read is not (2)."""
AMOUNT = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) ?(mg/kg|mg/mL|mg|kg|lb|cm)", re.ASCII)
SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)-(\d{1,6}(?:\.\d{1,4})?)mg/mL", re.ASCII)
FIGURES = (
    *("dose_mg", "exact_mg", "mg_per_kg_actual", "mg_per_kg_ideal", "ceiling_mg", "volume_ml", "minutes"),
    *("rate_ml_per_hour", "mg_per_hour", "mg_per_kg_per_hour", "ug_per_kg_per_min"),
)


class Unreadable(Exception):
    """What was typed is no amount in any of the units that it may have."""


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak dose` takes."""
    parser.add_argument("dose", metavar="DOSE", help="such as '0.5 mg/kg' or '56 mg'")
    parser.add_argument("--ladder", default="ketamine-iv", help="what it is held against; a wrong one lists them all")
    parser.add_argument("--weight", help="actual weight, such as 70kg or 154lb")
    parser.add_argument("--height", help="such as 170cm, for the ideal weight")
    parser.add_argument("--sex", choices=("female", "male", "other"), help="for the ideal weight")
    parser.add_argument("--ideal", action="store_true", help="mg/kg counts by the ideal weight")
    parser.add_argument("--concentration", help="of what is given, such as 1mg/mL")
    parser.add_argument("--minutes", type=int, help="over which an infusion runs")
    parser.add_argument("--age", type=int, help="in years")
    parser.add_argument("--first", action="store_true", help="it is the first treatment of the course")
    parser.add_argument("--last", help="what was given at the treatment before, in mg or mg/kg")
    parser.add_argument("--improved", type=int, help="by how many percent the score has fallen since")
    parser.add_argument("--ceiling", help="the highest dose that the clinic signed, such as 60mg")
    parser.add_argument("--signed", help="between which concentrations, as the clinic signed, such as 0.2-2mg/mL")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the sentences")


def run(args: Namespace) -> int:
    """Work it out. 0: done; 2: something cannot be read."""
    try:
        found = _plan(args)
    except Unreadable as error:
        print(f"daybreak dose: {error}", file=sys.stderr)
        return WRONG_USAGE
    spoken = language(args.lang)
    figures = {name: written(value) for name in FIGURES if (value := getattr(found, name)) is not None}
    devices = [{"mg": written(one.mg), "earliest_minutes": one.earliest_minutes} for one in found.devices]
    findings = [
        {"strength": one.strength.value, "id": one.reason.id, "said": spoken.say(one.reason)} for one in found.findings
    ]
    answer = {"refused": found.refused, "deviates": found.deviates, **figures}
    print(json.dumps(answer | {"devices": devices, "findings": findings}, ensure_ascii=False))
    return DONE


def _plan(args: Namespace) -> Plan:
    ladders = dosing.ladders()
    if args.ladder not in ladders:
        raise Unreadable(f"no ladder '{args.ladder}'; there are {', '.join(ladders)}")
    ladder = ladders[args.ladder]
    amount, unit = _read("DOSE", args.dose, "mg", "mg/kg")
    kg = _kilograms(args.weight)
    height = _read("--height", args.height, "cm")[0] if args.height else None
    strength = _read("--concentration", args.concentration, "mg/mL")[0] if args.concentration else None
    ages = (args.age, args.age) if args.age is not None else None
    # It is asked whether the dose fits the ladder, so the course is under a protocol of its own where it has one.
    protocol = ladder.protocols[0] if ladder.protocols else ""
    order = Order(amount, unit, protocol, args.first, IDEAL if args.ideal else ACTUAL, strength, args.minutes)
    person = Person(ages, kg, ideal_kg(height, args.sex, dosing.ideal_weight()[1]))
    told: dict[str, Any] = {"signed": _signed(args), "rounding": dosing.rounding()}
    return plan(order, ladder, person=person, last=None if args.first else _last(args), **told)


def _read(name: str, text: str, *units: str) -> tuple[Decimal, str]:
    found = AMOUNT.fullmatch(text.strip())
    if found is None or found[2] not in units:
        raise Unreadable(
            f"{name} '{text}' cannot be read; expected a number with {' or '.join(units)}, such as 1{units[0]}"
        )
    return Decimal(found[1]), found[2]


def _kilograms(text: str | None) -> Decimal | None:
    if text is None:
        return None
    amount, unit = _read("--weight", text, "kg", "lb")
    units = terms().kinds["weight"].units
    assert units is not None
    return amount * units[unit]


def _last(args: Namespace) -> Last:
    improved = Decimal(args.improved) if args.improved is not None else None
    if args.last is None:
        return Last(None, None, improved)
    amount, unit = _read("--last", args.last, "mg", "mg/kg")
    return Last(amount if unit == "mg" else None, amount if unit == "mg/kg" else None, improved)


def _signed(args: Namespace) -> Signed:
    ceiling = _read("--ceiling", args.ceiling, "mg")[0] if args.ceiling else None
    if args.signed is None:
        return Signed(ceiling)
    span = SPAN.fullmatch(args.signed.strip())
    if span is None:
        raise Unreadable(f"--signed '{args.signed}' cannot be read; expected two concentrations, such as 0.2-2mg/mL")
    return Signed(ceiling, Decimal(span[1]), Decimal(span[2]))
