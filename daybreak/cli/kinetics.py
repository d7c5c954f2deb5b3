"""Show how much of a drug would be in the blood, by published models. For understanding, never for dosing.

DOSE is a drug, a way and an amount: `ketamine iv 0.5mg/kg 40min`, or `esketamine nasal 56mg`, given as devices of 28 mg five
minutes apart. Several models of an infusion differ by more than people do: `low` and `high` are the least and the most of them.
Of a spray one model also says how far people differ: with --people, `low` and `high` are where 90 % of made-up people are.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from daybreak.clinical.treatment.kinetics import Given, curve
from daybreak.knowledge import kinetics
from daybreak.knowledge.dosing import ladders
from daybreak.knowledge.sentences import LANGUAGES

DONE, WRONG_USAGE = 0, 2
EXAMPLE = """examples:
  daybreak kinetics ketamine iv 0.5mg/kg 40min --weight 70kg
  daybreak kinetics ketamine iv 0.5mg/kg 40min --weight 70kg --pause 15min+10min --svg > curve.svg
  daybreak kinetics esketamine nasal 56mg --age 70 --people 2000 --json
  daybreak kinetics --observed

One line of CSV for each minute: minute, low, high, then each model (ng/mL). The models, their sources and whom they were made
of stand in the lines that begin with #, and in the JSON."""
AMOUNT = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) ?(mg/kg|mg|kg|min)", re.ASCII)
PAUSE = re.compile(r"(\d{1,4})min\+(\d{1,4})min", re.ASCII)
LONGEST = 24 * 60
SPRAYED, LADDER = "esketamine", "esketamine-nasal-us"
MOST_PEOPLE = 100_000
MOST_MG = 100_000  # beyond this it is no dose, and no figure of a curve


class Unreadable(Exception):
    """What was typed is no dose of which a model could tell anything."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The concentration of one model at each minute; between which nine of ten people are, where that was asked."""

    model: Mapping[str, Any]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


def arguments(parser: ArgumentParser) -> None:
    """Add what `daybreak kinetics` takes."""
    parser.add_argument("dose", metavar="DOSE", nargs="*", help="drug, way, amount, and of an infusion the minutes")
    parser.add_argument("--weight", help="such as 70kg; an infusion needs it")
    parser.add_argument("--age", type=int, help="in years; older people clear a spray more slowly")
    parser.add_argument("--until", default="240min", help="how far, such as 240min")
    parser.add_argument(
        "--pause", action="append", default=[], metavar="MIN+MIN", help="an infusion stands: 15min+10min"
    )
    parser.add_argument("--people", type=int, metavar="N", help="of a spray: so many made-up people, such as 2000")
    parser.add_argument("--json", action="store_true", help="JSON instead of CSV")
    parser.add_argument("--svg", action="store_true", help="a drawing instead of CSV")
    parser.add_argument("--observed", action="store_true", help="what was measured beside what the models say")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the words")


def run(args: Namespace) -> int:
    """Show it. 0: done; 2: something cannot be read, or there is no model."""
    try:
        if args.observed:
            print(beside_observed(), end="")
            return DONE
        until = _amount(args.until, "min", "--until")
        if not 1 <= until <= LONGEST:
            raise Unreadable(f"--until {args.until}: between 1min and {LONGEST}min")
        minutes = tuple(range(int(until) + 1))
        found = curves(args, minutes)
    except Unreadable as error:
        print(f"daybreak kinetics: {error}", file=sys.stderr)
        return WRONG_USAGE
    shown = drawing if args.svg else as_json if args.json else as_csv
    print(shown(found, minutes, args.lang), end="")
    return DONE


def curves(args: Namespace, minutes: Sequence[int]) -> list[Curve]:
    """One for each model of the drug by that way."""
    if len(args.dose) < 3 or not (told := kinetics.models(*args.dose[:2])):
        known = ", ".join(" ".join(one) for one in kinetics.ways())
        typed = " ".join(args.dose) or "nothing"
        raise Unreadable(f"{typed}: type a drug, a way and an amount. There are models of: {known}")
    drug, way, amount, *rest = args.dose
    if way == "nasal":
        if rest or args.pause:
            raise Unreadable(f"{' '.join(rest) or '--pause'}: a spray has no minutes and no pause")
        return [_sprayed(one, amount, args.age, args.people, minutes) for one in told]
    if args.people is not None:
        raise Unreadable("--people: no model of an infusion that we could read says how far people differ")
    if len(rest) != 1:
        raise Unreadable(f"{drug} {way} {amount}: say over how many minutes, such as 40min")
    if not args.weight:
        raise Unreadable("--weight is missing: every model of an infusion goes by it, such as --weight 70kg")
    kg = _amount(args.weight, "kg", "--weight")
    mg = _mg(amount, kg)
    given = paused(mg, _amount(rest[0], "min", "DOSE"), [_pause(one) for one in args.pause])
    return [Curve(one, curve(kinetics.by_weight(one, kg=kg), given, minutes)) for one in told]


def paused(mg: float, over: float, pauses: Sequence[tuple[float, float]]) -> list[Given]:
    """An infusion at an even rate that stands from a minute for so many minutes, and gives the rest afterwards."""
    found, at, left = [], 0.0, over
    for begins, lasts in sorted(pauses):
        runs = begins - at
        if runs < 0 or runs >= left:
            raise Unreadable(f"--pause {begins:g}min+{lasts:g}min: the infusion does not run then")
        if runs:
            found.append(Given(mg * runs / over, at, runs))
        at, left = begins + lasts, left - runs
    return [*found, Given(mg * left / over, at, left)]


def _sprayed(
    told: Mapping[str, Any], amount: str, age: int | None, people: int | None, minutes: Sequence[int]
) -> Curve:
    device = ladders()[LADDER].device
    assert device is not None
    each, mg = float(device.mg), _amount(amount, "mg", "DOSE")
    most = kinetics.numbers(told)["most_mg"]
    if mg % each or mg > most:
        raise Unreadable(f"{amount}: a spray gives {each:g} mg a device, and the model is of at most {most:g} mg")
    if age is not None and not 0 <= age <= 120:
        raise Unreadable(f"--age {age}: between 0 and 120 years")
    found = kinetics.nasal(told, age=age)
    times = [(each, float(n * device.minutes)) for n in range(int(mg / each))]
    values = curve(found.model(), found.devices(times), minutes)
    return Curve(told, values, *(_between(told, times, age, people, minutes) if people is not None else ()))


def _between(
    told: Mapping[str, Any], times: Sequence[tuple[float, float]], age: int | None, people: int, minutes: Sequence[int]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if not 100 <= people <= MOST_PEOPLE:
        raise Unreadable(f"--people {people}: between 100 and {MOST_PEOPLE:,}")
    try:
        from daybreak.outcomes.bands import band
    except ImportError:
        raise Unreadable("--people needs numpy: pip install 'daybreak[outcomes]'") from None
    low, high = band(told, times, minutes[-1], n=people, age=age, shares=(0.05, 0.95)).T
    return tuple(map(float, low)), tuple(map(float, high))


def _mg(amount: str, kg: float) -> float:
    unit = "mg/kg" if amount.endswith("mg/kg") else "mg"
    value = _amount(amount, unit, "DOSE")
    return value * kg if unit == "mg/kg" else value


def _amount(typed: str, unit: str, place: str) -> float:
    found = AMOUNT.fullmatch(typed)
    value = float(found[1]) if found and found[2] == unit else 0.0
    if not 0 < value <= MOST_MG:
        raise Unreadable(f"{place} {typed}: a number above zero with its unit, such as 40{unit}")
    return value


def _pause(typed: str) -> tuple[float, float]:
    found = PAUSE.fullmatch(typed)
    if found is None:
        raise Unreadable(f"--pause {typed}: from which minute and for how many, such as 15min+10min")
    return float(found[1]), float(found[2])


def as_csv(found: Sequence[Curve], minutes: Sequence[int], lang: str) -> str:
    """A line for each minute, after what stands beside every curve."""
    lines = [f"# {one}" for one in _words(found, lang)]
    low, high = _band(found)
    edges = ["low_ng_per_ml", "high_ng_per_ml"] if low else []
    lines.append(",".join(["minute", *edges, *(one.model["id"] for one in found)]))
    for n, minute in enumerate(minutes):
        values = [*([low[n], high[n]] if low else []), *(one.values[n] for one in found)]
        lines.append(",".join([str(minute), *(f"{one:.2f}" for one in values)]))
    return "\n".join(lines) + "\n"


def as_json(found: Sequence[Curve], minutes: Sequence[int], lang: str) -> str:
    """The same as data, each model with its parameters and their sources."""
    models = [{**one.model, "ng_per_ml": [round(each, 2) for each in one.values]} for one in found]
    edges = zip(("low_ng_per_ml", "high_ng_per_ml"), _band(found), strict=True)
    band = {name: [round(one, 2) for one in edge] for name, edge in edges if edge}
    told = {"words": [each[lang] for each in kinetics.words()], "minutes": list(minutes), **band, "models": models}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _band(found: Sequence[Curve]) -> tuple[Sequence[float], Sequence[float]]:
    """Between the least and the most of several models, or where most people are by one; nothing of one alone."""
    if len(found) == 1:
        return found[0].low, found[0].high
    by_minute = list(zip(*(one.values for one in found), strict=True))
    return [min(each) for each in by_minute], [max(each) for each in by_minute]


def _words(found: Sequence[Curve], lang: str) -> list[str]:
    said = [one[lang] for one in kinetics.words()]
    for one in found:
        sources = dict.fromkeys(f"{each['source']['id']}, {each['standing']}" for each in one.model["parameters"])
        parts = (one.model[part][lang] for part in ("title", "sampled", "people"))
        said.append(f"{one.model['id']}: {'; '.join(parts)} ({'; '.join(sources)})")
    return said


def drawing(found: Sequence[Curve], minutes: Sequence[int], lang: str) -> str:
    """The band between the least and the most, each model a thin line, and what has to stand beside it."""
    wide, high, left, top = 720, 300, 60, 50
    low, peak = _band(found)
    most = max(max(one) for one in (*(each.values for each in found), peak or [1.0]))

    def x(minute: float) -> float:
        return left + wide * minute / minutes[-1]

    def y(value: float) -> float:
        return top + high * (1 - value / most)

    def line(values: Sequence[float], order: Sequence[int]) -> str:
        return " ".join(f"{x(minutes[n]):.1f},{y(values[n]):.1f}" for n in order)

    order = range(len(minutes))
    said = [line for one in _words(found, lang)[2:] for line in wrap(one, 110 if lang == "en" else 60)]
    box = f"0 0 {wide + 80} {high + 90 + 18 * len(said)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" font-family="sans-serif" font-size="13">',
        f'<text x="{left}" y="24" font-weight="bold">{_escaped(kinetics.words()[0][lang])}</text>',
    ]
    if low:
        edge = f"{line(peak, order)} {line(low, order[::-1])}"
        parts.append(f'<polygon fill="#7a9cc6" fill-opacity="0.35" points="{edge}"/>')
    parts += [f'<polyline fill="none" stroke="#2f4b73" points="{line(one.values, order)}"/>' for one in found]
    parts.append(f'<path fill="none" stroke="#555" d="M{left},{top}V{top + high}H{left + wide}"/>')
    parts.append(f'<text x="{left - 6}" y="{top + 4}" text-anchor="end">{most:.0f}</text>')
    parts.append(f'<text x="{left}" y="{top - 8}">ng/mL</text>')
    parts.append(f'<text x="{left + wide}" y="{top + high + 18}" text-anchor="end">{minutes[-1]} min</text>')
    for n, one in enumerate(said):
        parts.append(f'<text x="{left}" y="{top + high + 40 + 18 * n}" font-size="11">{_escaped(one)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def beside_observed() -> str:
    """Each published observation, and what each model of the drug by that way says of the same dose at the same minute."""
    models = kinetics.models("ketamine", "iv")
    plain = next(
        own["at_kg"] for one in models if "at_kg" in (own := kinetics.numbers(one))
    )  # where no weight is printed
    rows = [["id", "drug", "way", "dose", "quantity", "observed", "unit", *(one["id"] for one in models), "source"]]
    for one in kinetics.observed():
        said = ["-"] * len(models)
        if "at" in one:
            kg = float(one.get("kg", plain))
            mg = float(one["given_mg"]) if "given_mg" in one else float(one["mg_per_kg"]) * kg
            given = [Given(mg, 0.0, float(one["over"]))]
            said = [f"{curve(kinetics.by_weight(each, kg=kg), given, [one['at']])[0]:.0f}" for each in models]
        names = ("drug", "way", "dose", "quantity", "value", "unit")
        rows.append([str(one["id"]), *(one.get(name, "") for name in names), *said, one["source"]["id"]])
    return "".join("\t".join(row) + "\n" for row in rows)
