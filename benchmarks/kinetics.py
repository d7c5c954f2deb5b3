"""How many people and minutes of a population's concentration are worked out in a second?"""

from __future__ import annotations

from typing import Any

from benchmarks.measure import Row, interleaved

IDS = ("kinetics-population",)
PEOPLE, THEIR_PEOPLE, MINUTES = 10_000, 100, 240
GOAL = 1e8
MG, OVER, KG = 35.0, 40, 70
SPREAD = 0.3  # of every parameter, made up: the model prints none


def rows(only: str | None = None) -> list[Row]:
    """The one figure."""
    return [population()] if only in (None, *IDS) else []


def population() -> Row:
    """An infusion in three compartments: everybody at once, against PyTCI's exact mode, person by person. Both agree first."""
    from daybreak.outcomes.bands import curves, modes

    models = _people(PEOPLE)
    given = _given(PEOPLE)
    first = next(_by_pytci(models[:1]))
    ours = [float(one[0]) for one in curves(modes(models[:1]), _given(1), MINUTES)]
    assert max(abs(a - b) for a, b in zip(ours, first, strict=True)) < 1e-6 * max(first), "the two do not agree"

    apart = modes(models)  # once for a population, whatever is given to it

    def all_at_once() -> None:
        for _ in curves(apart, given, MINUTES):
            pass

    times = interleaved(all_at_once, lambda: list(_by_pytci(models[:THEIR_PEOPLE])), turns=5)
    mine, theirs = PEOPLE * (MINUTES + 1) / times.ours, THEIR_PEOPLE * (MINUTES + 1) / times.theirs
    return Row(
        id="kinetics-population",
        what=f"minutes of {PEOPLE:,} people in a second, one core",
        unit="1/s",
        ours=mine,
        against=f"PyTCI, exact, of {THEIR_PEOPLE} people",
        theirs=theirs,
        ratio=mine / theirs,
        goal=f"at least {GOAL:g}",
        reached=mine >= GOAL,
        n=times.n,
        spread=times.spread,
    )


def _people(n: int) -> list[Any]:
    import numpy as np

    from daybreak.clinical.treatment.kinetics import mammillary
    from daybreak.knowledge import kinetics

    (told,) = (one for one in kinetics.models("ketamine", "iv") if one["id"] == "domino")
    own = kinetics.numbers(told)
    drawn = np.random.default_rng(7).standard_normal((n, len(own)))
    found = []
    for row in np.exp(np.sqrt(np.log1p(SPREAD**2)) * drawn):
        one = {name: value * float(each) for (name, value), each in zip(own.items(), row, strict=True)}
        ways = [(one[f"to_{name}"], one[f"from_{name}"]) for name in ("shallow", "deep")]
        found.append(mammillary(litres=one["litres_per_kg"] * KG, out=one["out"], ways=ways))
    return found


def _given(n: int) -> list[Any]:
    import numpy as np

    from daybreak.clinical.treatment.kinetics import Given

    return [(Given(MG, 0, OVER), np.full(n, MG))]


def _by_pytci(models: list[Any]) -> Any:
    """The same, as that library is used: a minute at a time."""
    from PyTCI.models.base import Three

    for one in models:
        flows, found = one.flows, Three()
        found.v1 = one.litres
        found.k10, found.k12, found.k21 = (
            flows["central", "out"],
            flows["central", "shallow"],
            flows["shallow", "central"],
        )
        found.k13, found.k31, found.keo = flows["central", "deep"], flows["deep", "central"], 0.0
        found.setup()
        found.set_integrator("exact")
        values = [0.0]
        for minute in range(MINUTES):
            found.giveoverseconds(MG / OVER / 60 if minute < OVER else 0.0, 60)
            values.append(found.x1 * 1000)
        yield values
