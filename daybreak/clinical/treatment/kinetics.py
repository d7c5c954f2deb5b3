"""How much of a drug would be in the blood, by a published model, when these amounts go in at these moments?

A model is linear: what is in a compartment flows on at a fixed share a minute. Such a system has an exact answer, the
exponential of its matrix, so nothing here depends on how fine the steps are. One person's curve; it doses nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

OUT = "out"  # of the body
NOSE, GUT, LIVER, CENTRAL, SHALLOW, DEEP = "nose", "gut", "liver", "central", "shallow", "deep"
HOUR = 60.0  # minutes
NG_PER_ML = 1000.0  # in a mg/L
_HALVED, _TERMS = 0.5, 14  # the series is taken where the matrix is smaller than this; its rest is then below 1e-15

Matrix = list[list[float]]


@dataclass(frozen=True)
class Model:
    """`flows`: from one compartment to another (or `OUT`), as a share a minute. Where blood is drawn: `seen`, of `litres`."""

    flows: Mapping[tuple[str, str], float]
    litres: float
    seen: str = CENTRAL

    @cached_property
    def compartments(self) -> tuple[str, ...]:
        """Each once, in the order in which they are named."""
        return tuple(dict.fromkeys(one for pair in self.flows for one in pair if one != OUT))

    @cached_property
    def matrix(self) -> Matrix:
        """The change of each amount a minute, as far as it comes from each."""
        place = {one: n for n, one in enumerate(self.compartments)}
        found = [[0.0] * len(place) for _ in place]
        for (source, target), share in self.flows.items():
            found[place[source]][place[source]] -= share
            if target != OUT:
                found[place[target]][place[source]] += share
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """So many `mg` into a compartment at a moment (minutes), at once or evenly `over` so many minutes."""

    mg: float
    at: float
    over: float = 0.0
    into: str = CENTRAL


@dataclass(frozen=True, slots=True)
class Nasal:
    """A model of a nasal spray: part is taken up in the nose, the rest is swallowed, and the liver takes its share first.

    Volumes in L, flows between compartments in L/h, rates 1/h, times h. `fraction`: of the first device, taken up in the
    nose; `later`: by this factor of each that follows."""

    fraction: float
    later: float
    nose_per_h: float
    swallowed_h: float
    gut_per_h: float
    past_gut: float
    central_l: float
    shallow_l: float
    shallow_l_per_h: float
    deep_l: float
    deep_l_per_h: float
    liver_l: float
    liver_l_per_h: float
    eliminated_per_h: float
    metabolised_per_h: float

    def model(self) -> Model:
        """Blood goes through the liver and back; what is left there leaves by two ways."""
        flows = {
            (NOSE, CENTRAL): self.nose_per_h,
            (GUT, LIVER): self.gut_per_h,
            (CENTRAL, LIVER): self.liver_l_per_h / self.central_l,
            (LIVER, CENTRAL): self.liver_l_per_h / self.liver_l,
            (LIVER, OUT): self.eliminated_per_h + self.metabolised_per_h,
            (CENTRAL, SHALLOW): self.shallow_l_per_h / self.central_l,
            (SHALLOW, CENTRAL): self.shallow_l_per_h / self.shallow_l,
            (CENTRAL, DEEP): self.deep_l_per_h / self.central_l,
            (DEEP, CENTRAL): self.deep_l_per_h / self.deep_l,
        }
        return Model({way: share / HOUR for way, share in flows.items()}, self.central_l)

    def device(self, mg: float, at: float, *, later: bool) -> list[Given]:
        """What one device brings, the first or a later one."""
        taken = self.fraction * (self.later if later else 1.0)
        swallowed = Given(mg * (1 - taken) * self.past_gut, at, self.swallowed_h * HOUR, GUT)
        return [Given(mg * taken, at, into=NOSE), swallowed]

    def devices(self, given: Iterable[tuple[float, float]]) -> list[Given]:
        """What each device (mg, minute) brings, in order."""
        return [each for n, (mg, at) in enumerate(given) for each in self.device(mg, at, later=n > 0)]


def mammillary(*, litres: float, out: float, ways: Sequence[tuple[float, float]]) -> Model:
    """A central compartment and one or two beside it: shares a minute out of the body, and there and back."""
    flows = {(CENTRAL, OUT): out}
    for name, (there, back) in zip((SHALLOW, DEEP), ways, strict=False):
        flows |= {(CENTRAL, name): there, (name, CENTRAL): back}
    return Model(flows, litres)


def by_volumes(*, litres: float, out_l_per_h: float, beside: Sequence[tuple[float, float]]) -> Model:
    """The same told as volumes (L) and flows (L/h)."""
    ways = [(flow / litres / HOUR, flow / other / HOUR) for other, flow in beside]
    return mammillary(litres=litres, out=out_l_per_h / litres / HOUR, ways=ways)


def curve(model: Model, given: Iterable[Given], minutes: Sequence[float]) -> tuple[float, ...]:
    """The concentration (ng/mL) at each of the minutes, which rise; what is given at a minute at once is in it."""
    given = list(given)
    place = {one: n for n, one in enumerate(model.compartments)}
    breaks = {one.at for one in given} | {one.at + one.over for one in given} | set(minutes)
    amounts, now, found = [0.0] * len(place), min(breaks, default=0.0), []
    steps: dict[float, tuple[Matrix, Matrix]] = {}
    wanted = set(minutes)
    for moment in sorted(breaks):
        if moment > now:
            span = moment - now
            if span not in steps:
                steps[span] = _step(model.matrix, span)
            stays, comes = steps[span]
            rate = [0.0] * len(place)
            for one in given:
                if one.over and one.at <= now < one.at + one.over:
                    rate[place[one.into]] += one.mg / one.over
            amounts = [a + b for a, b in zip(_times(stays, amounts), _times(comes, rate), strict=True)]
            now = moment
        for one in given:
            if not one.over and one.at == moment:
                amounts[place[one.into]] += one.mg
        if moment in wanted:
            found.append(amounts[place[model.seen]] / model.litres * NG_PER_ML)
    return tuple(found)


def _step(matrix: Matrix, span: float) -> tuple[Matrix, Matrix]:
    """What is left after the span of what is there, and of what comes in evenly at one a minute: exp(At), and its integral."""
    size = len(matrix)
    whole = [[*(one * span for one in row), *(span * (n == m) for m in range(size))] for n, row in enumerate(matrix)]
    whole += [[0.0] * 2 * size for _ in range(size)]
    found = _exponential(whole)
    return [row[:size] for row in found[:size]], [row[size:] for row in found[:size]]


def _exponential(matrix: Matrix) -> Matrix:
    """By its series where the matrix is small, then squared back."""
    norm, halvings = max(sum(abs(one) for one in row) for row in matrix), 0
    while norm > _HALVED:
        norm, halvings = norm / 2, halvings + 1
    small = [[one / 2**halvings for one in row] for row in matrix]
    term = found = [[float(n == m) for m in range(len(matrix))] for n in range(len(matrix))]
    for n in range(1, _TERMS):
        term = [[one / n for one in row] for row in _product(term, small)]
        found = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(found, term, strict=True)]
    for _ in range(halvings):
        found = _product(found, found)
    return found


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = list(zip(*other, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in one]


def _times(matrix: Matrix, amounts: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, amounts, strict=True)) for row in matrix]
