"""Between which concentrations would most people be, when a model tells how far they differ?

Each person's matrix is taken apart once into its modes, each of which falls at a fixed rate: a step is then one product a mode,
exact for whatever goes in meanwhile, and for all people at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daybreak.clinical.treatment.kinetics import NG_PER_ML, Given, Model, Nasal
from daybreak.knowledge import kinetics

Array = NDArray[np.float64]
LOGIT = "fraction"  # people differ in it on the scale of its odds


@dataclass(frozen=True, slots=True)
class Modes:
    """Of each person (columns) and mode (rows): how fast it falls (1/min, below zero), and how much of a mg that goes into a
    compartment is seen in it (ng/mL)."""

    rates: Array
    seen: Mapping[str, Array]


def modes(models: Sequence[Model]) -> Modes:
    """People whose models have the same compartments. Where everything leaves the body, no rate is zero."""
    first = models[0]
    rates, vectors = np.linalg.eig(np.array([one.matrix for one in models]))
    rates, vectors = rates.real, vectors.real
    back = np.linalg.inv(vectors)
    litres = np.array([one.litres for one in models])
    out = vectors[:, first.compartments.index(first.seen), :] / litres[:, None] * NG_PER_ML
    seen = {name: np.ascontiguousarray((out * back[:, :, place]).T) for place, name in enumerate(first.compartments)}
    return Modes(np.ascontiguousarray(rates.T), seen)


def curves(found: Modes, given: Sequence[tuple[Given, Array]], minutes: int) -> Iterator[Array]:
    """The concentration (ng/mL) of every person at each minute from 0. `given`: what goes in, with the mg of each person."""
    falls = np.exp(found.rates)
    whole = (falls - 1) / found.rates  # of one a minute that comes in for all of it
    steady = [found.seen[one.into] * whole * mg / one.over if one.over else None for one, mg in given]
    now = np.zeros_like(found.rates)
    for minute in range(minutes + 1):
        if minute:
            now *= falls
        for (one, mg), each in zip(given, steady, strict=True):
            if each is not None and one.at <= minute - 1 and minute <= one.at + one.over:
                now += each
            elif (came := _came(found, one, minute)) is not None:
                now += came * mg
        seen = now[0].copy()
        for row in now[1:]:
            seen += row
        yield seen


def _came(found: Modes, one: Given, minute: int) -> Array | None:
    """What is there at this minute of a mg of which a part came in since the last one; None: nothing came."""
    into = found.seen[one.into]
    if not one.over:
        late = minute - one.at
        return into * np.exp(found.rates * late) if 0 <= late < 1 else None
    begins, ends = max(one.at, minute - 1.0), min(one.at + one.over, float(minute))
    if ends <= begins:
        return None
    left = np.exp(found.rates * (minute - begins)) - np.exp(found.rates * (minute - ends))
    came: Array = into * left / found.rates / one.over
    return came


def people(told: Mapping[str, Any], n: int, *, seed: int, age: int | None = None) -> list[Nasal]:
    """So many made-up people, who differ as the model says. In what it prints no variability of, they are all alike."""
    return like(kinetics.nasal(told, age=age), told, n, seed=seed)


def like(middle: Nasal, told: Mapping[str, Any], n: int, *, seed: int) -> list[Nasal]:
    """The same around somebody of whom more is known."""
    chance = np.random.default_rng(seed)
    spread = {one["id"]: float(one["value"]) for one in told["between"]}
    drawn = {name: _drawn(name, getattr(middle, name), spread[name], chance.standard_normal(n)) for name in spread}
    return [replace(middle, **{name: float(values[i]) for name, values in drawn.items()}) for i in range(n)]


def _drawn(name: str, middle: float, spread: float, chance: Array) -> Array:
    if name == LOGIT:
        odds: Array = np.exp(np.log(middle / (1 - middle)) + spread * chance)
        shares: Array = odds / (1 + odds)
        return shares
    values: Array = middle * np.exp(np.sqrt(np.log1p(spread**2)) * chance)
    return values


def band(
    told: Mapping[str, Any],
    devices: Sequence[tuple[float, float]],
    minutes: int,
    *,
    n: int,
    seed: int = 1,
    age: int | None = None,
    shares: Sequence[float] = (0.05, 0.5, 0.95),
) -> Array:
    """Below which concentration these shares of `n` made-up people are, at each minute from 0: a row a minute."""
    return of(people(told, n, seed=seed, age=age), devices, minutes, shares=shares)


def of(who: Sequence[Nasal], devices: Sequence[tuple[float, float]], minutes: int, *, shares: Sequence[float]) -> Array:
    """The same of these people. Without a device nothing is in anybody's blood."""
    each = [one.devices(devices) for one in who]
    given = [(inputs[0], np.array([one.mg for one in inputs])) for inputs in zip(*each, strict=True)]
    found = modes([one.model() for one in who])
    return np.array([np.quantile(values, shares) for values in curves(found, given, minutes)])
