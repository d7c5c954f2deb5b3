"""What speaks against an order: what is never given, what needs a prescriber's reason, and what is said beside it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from daybreak.clinical.answers import Reason, Term
from daybreak.clinical.treatment.dosing import (
    MG,
    MG_PER_KG,
    Last,
    Order,
    Person,
    Plan,
    dosed_by,
    positive,
    weights,
    worked_out,
)
from daybreak.clinical.treatment.ladders import Allowed, Finding, Ladder, Range, Rounding, Signed, Strength
from daybreak.clinical.treatment.units import written

REFUSES, REASON, SAYS = Strength.REFUSES, Strength.REASON, Strength.SAYS


def plan(
    order: Order, ladder: Ladder, *, person: Person, last: Last | None, signed: Signed, rounding: Rounding
) -> Plan:
    """The order worked out, with everything that speaks against it. `last` None: nothing was given before."""
    found = worked_out(order, ladder, person=person, signed=signed, rounding=rounding)
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        lambda: _known(order, ladder, person, signed),
        lambda: _bounds(found, order, ladder, person),
        lambda: _doses(found, order, ladder, person),
        lambda: _published(found, order, ladder),
        lambda: _steps(found, order, ladder, last),
        lambda: _time(order, ladder),
        lambda: _concentration(order, ladder, signed),
        lambda: _rounding(found),
    )
    return replace(found, findings=tuple(one for check in checks for one in check()))


def allowed(ladder: Ladder, *, first: bool, ages: tuple[int, int] | None) -> list[Allowed]:
    """The lines of doses that hold, or may hold, for somebody whose age is not known well enough."""
    return [
        one
        for one in ladder.allowed
        if one.first in (None, first)
        and (one.from_age is None or ages is None or one.from_age <= ages[1])
        and (one.below_age is None or ages is None or ages[0] < one.below_age)
    ]


def prefilled(ladder: Ladder, *, first: bool, ages: tuple[int, int] | None, last_mg: Decimal | None) -> Decimal | None:
    """What the form begins with: the dose before when it is still one of the doses, else what the source begins with."""
    found = allowed(ladder, first=first, ages=ages)
    if last_mg is not None and found and all(last_mg in one.doses for one in found):
        return last_mg
    return found[0].prefilled if len(found) == 1 else ladder.usual if not ladder.allowed else None


def _known(order: Order, ladder: Ladder, person: Person, signed: Signed) -> Iterator[Finding]:
    if order.protocol not in ladder.protocols:
        yield Finding(REASON, Reason("dose.other-route"))
    if order.unit not in ladder.units:
        yield Finding(REFUSES, Reason("dose.unit", {"unit": order.unit, "units": ladder.units}))
    if positive(order.amount) is None:
        yield Finding(REFUSES, Reason("dose.no-amount"))
    if order.unit == MG_PER_KG and positive(person.actual_kg) is None:
        yield Finding(
            REFUSES, Reason("dose.no-weight")
        )  # an ideal weight alone is that of nobody whom somebody weighed
    elif order.unit == MG_PER_KG and dosed_by(order, person) is None:
        yield Finding(REFUSES, Reason("dose.no-ideal-weight"))
    if ("ceiling" in ladder.signs or signed.ceiling_mg is not None) and positive(signed.ceiling_mg) is None:
        yield Finding(REFUSES, Reason("dose.no-ceiling"))
    if "concentration" in ladder.signs and _strengths(signed) is None:
        yield Finding(REFUSES, Reason("dose.no-concentration-signed"))


def _bounds(found: Plan, order: Order, ladder: Ladder, person: Person) -> Iterator[Finding]:
    """Judged before rounding, so that a dose just above is not rounded into what is allowed; and after it, the other way."""
    if found.exact_mg is None:
        return
    if found.ceiling_mg is not None and found.exact_mg > found.ceiling_mg:
        told = {"mg": written(found.exact_mg), "most": written(found.ceiling_mg)}
        yield Finding(REFUSES, Reason("dose.ceiling", told))
    limit = ladder.anaesthetic_mg_per_kg
    if limit is None:
        return
    known = weights(order, person)
    if not known and order.unit == MG:
        yield Finding(REFUSES, Reason("dose.no-weight"))
    given = max(found.exact_mg, Fraction(found.dose_mg or 0))
    most = max((given / Fraction(kg) for kg in known), default=Fraction(0))
    if most >= limit:
        yield Finding(REFUSES, Reason("dose.anaesthetic", {"amount": written(most), "limit": written(limit)}))


def _doses(found: Plan, order: Order, ladder: Ladder, person: Person) -> Iterator[Finding]:
    if ladder.device and found.exact_mg is not None and found.exact_mg % Fraction(ladder.device.mg):
        told = {"mg": written(found.exact_mg), "device": written(ladder.device.mg)}
        yield Finding(REFUSES, Reason("dose.devices", told))
    lines = allowed(ladder, first=order.first, ages=person.ages)
    if found.exact_mg is None or not ladder.allowed:
        return
    if person.ages is None and any(one.from_age or one.below_age for one in ladder.allowed):
        yield Finding(REASON, Reason("dose.age-unknown"))
    if not lines or any(found.exact_mg not in one.doses for one in lines):
        doses = tuple(f"{written(one)} mg" for one in sorted({dose for line in lines for dose in line.doses}))
        yield Finding(ladder.others, Reason("dose.not-named", {"mg": written(found.exact_mg), "doses": doses}))
    for note in ladder.notes:
        if found.exact_mg == note.mg and note.first in (None, order.first):
            yield Finding(note.strength, Reason("dose.note", {"note": Term(f"dose-note.{note.id}")}))


def _published(found: Plan, order: Order, ladder: Ladder) -> Iterator[Finding]:
    if ladder.unsupported:
        yield Finding(REASON, Reason("dose.unsupported"))
    span = ladder.range_mg if order.unit == MG else ladder.range
    if span is not None and found.exact_mg is not None and order.amount not in span:
        ends = {"least": written(span.least), "most": written(span.most)}
        told = {**ends, "amount": written(order.amount), "unit": order.unit}
        yield Finding(REASON, Reason("dose.range", told))


def _steps(found: Plan, order: Order, ladder: Ladder, last: Last | None) -> Iterator[Finding]:
    if found.exact_mg is None:
        return
    if ladder.rungs and order.amount not in ladder.rungs:
        rungs = tuple(f"{written(one)} mg/kg" for one in ladder.rungs)
        yield Finding(REASON, Reason("dose.no-rung", {"amount": written(order.amount), "rungs": rungs}))
    if last is None:
        if ladder.rungs and order.amount > ladder.rungs[0]:
            yield Finding(REASON, Reason("dose.rung-first", {"rung": written(ladder.rungs[0])}))
        return
    if (ladder.rungs and last.mg_per_kg is None) or (ladder.step_mg and last.mg is None):
        yield Finding(REASON, Reason("dose.last-unknown"))
        return
    if ladder.step_mg and last.mg is not None and abs(found.exact_mg - Fraction(last.mg)) > ladder.step_mg:
        told = {"mg": written(found.exact_mg), "last": written(last.mg), "step": written(ladder.step_mg)}
        yield Finding(REASON, Reason("dose.step", told))
    if ladder.rungs and last.mg_per_kg is not None and order.amount > last.mg_per_kg:
        yield from _rung_up(order, ladder, last.mg_per_kg, last.improved)


def _rung_up(order: Order, ladder: Ladder, last: Decimal, improved: Decimal | None) -> Iterator[Finding]:
    above = [one for one in ladder.rungs if one > last]
    if above and order.amount > above[0]:
        told = {"amount": written(order.amount), "last": written(last), "next": written(above[0])}
        yield Finding(REASON, Reason("dose.rungs-left-out", told))
    limit = ladder.unless_improved
    if limit is not None and improved is None:
        yield Finding(REASON, Reason("dose.improved-unknown", {"limit": written(limit)}))
    elif limit is not None and improved is not None and improved >= limit:
        told = {"improved": written(improved, 0), "limit": written(limit)}
        yield Finding(REASON, Reason("dose.improved", told))


def _time(order: Order, ladder: Ladder) -> Iterator[Finding]:
    if ladder.minutes is None:
        return
    told = {"minutes": order.minutes, "usual": ladder.minutes.usual}
    if order.minutes is None or order.minutes <= 0:
        yield Finding(REFUSES, Reason("dose.no-minutes", {"usual": ladder.minutes.usual}))
    elif not ladder.minutes.least <= order.minutes <= ladder.minutes.most:
        ends = {"least": ladder.minutes.least, "most": ladder.minutes.most}
        yield Finding(REASON, Reason("dose.minutes", {**told, **ends}))
    elif order.minutes < ladder.minutes.usual:
        yield Finding(REASON, Reason("dose.faster", told))
    elif order.minutes > ladder.minutes.usual:
        yield Finding(SAYS, Reason("dose.slower", told))


def _concentration(order: Order, ladder: Ladder, signed: Signed) -> Iterator[Finding]:
    strength = positive(order.concentration_mg_per_ml)
    if ladder.way not in ("infusion", "injection"):
        return
    if strength is None:
        yield Finding(REFUSES, Reason("dose.no-concentration"))
        return
    span = _strengths(signed)
    if span is not None and strength not in span:
        told = {"strength": written(strength), "least": written(span.least), "most": written(span.most)}
        yield Finding(REFUSES, Reason("dose.concentration", told))
    elif span is None and ladder.vials and strength not in ladder.vials:
        vials = tuple(f"{written(one)} mg/mL" for one in ladder.vials)
        yield Finding(REFUSES, Reason("dose.no-vial", {"strength": written(strength), "vials": vials}))


def _strengths(signed: Signed) -> Range | None:
    least, most = positive(signed.least_mg_per_ml), positive(signed.most_mg_per_ml)
    return Range(least, most) if least is not None and most is not None else None


def _rounding(found: Plan) -> Iterator[Finding]:
    if found.exact_mg is not None and not found.dose_mg:
        yield Finding(REFUSES, Reason("dose.too-little", {"exact": written(found.exact_mg)}))
    elif found.exact_mg is not None and found.dose_mg is not None and found.exact_mg != found.dose_mg:
        told = {"exact": written(found.exact_mg), "mg": written(found.dose_mg)}
        yield Finding(SAYS, Reason("dose.rounded", told))
