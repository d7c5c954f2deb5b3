"""What may one dose be, of which product and by which route? (the figures are knowledge; a clinic signs what no source gives)"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from daybreak.clinical.answers import Reason


class Strength(StrEnum):
    """What a finding does to a dose. `REASON`: a prescriber may order it, and writes why; that is counted."""

    REFUSES = "refuses"
    REASON = "reason"
    SAYS = "says"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a dose, and what follows from it."""

    strength: Strength
    reason: Reason


@dataclass(frozen=True, slots=True)
class Device:
    """One device or application, and the minutes until the next."""

    mg: Decimal
    minutes: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """Doses in mg, of the `first` treatment of a course or the later ones (None: of each), from an age on and below one."""

    doses: tuple[Decimal, ...]
    prefilled: Decimal | None = None
    first: bool | None = None
    from_age: int | None = None
    below_age: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it."""

    least: Decimal
    most: Decimal

    def __contains__(self, amount: Decimal) -> bool:
        return self.least <= amount <= self.most


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long an infusion runs: usually, and from the shortest to the longest."""

    usual: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of one dose; `first`: of the first treatment only, or of the later ones only."""

    id: str
    mg: Decimal
    first: bool | None
    strength: Strength


@dataclass(frozen=True, slots=True)
class Ladder:
    """One product by one way (`device`, `infusion`, `injection`, `mouth`), for courses under `protocols`.

    `range` is in mg for each kg. `signs`: what the clinic has to sign, `ceiling` or `concentration`. `unless_improved`: the
    percent from which on nobody goes a rung up. `replaces`: a source says that what was lost may be given again. `vials`:
    what there is to draw up from, in mg/mL.
    """

    id: str
    product: str
    way: str
    protocols: tuple[str, ...]
    units: tuple[str, ...]
    device: Device | None = None
    allowed: tuple[Allowed, ...] = ()
    others: Strength = Strength.REFUSES
    usual: Decimal | None = None
    range: Range | None = None
    range_mg: Range | None = None
    unsupported: bool = False
    rungs: tuple[Decimal, ...] = ()
    unless_improved: Decimal | None = None
    step_mg: Decimal | None = None
    ceiling_mg: Decimal | None = None
    ceiling_mg_per_kg: Decimal | None = None
    anaesthetic_mg_per_kg: Decimal | None = None
    minutes: Minutes | None = None
    signs: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    replaces: bool = False
    vials: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a prescriber of the clinic signed for a ladder; None: nothing."""

    ceiling_mg: Decimal | None = None
    least_mg_per_ml: Decimal | None = None
    most_mg_per_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """To the nearest of these."""

    mg: Decimal
    ml: Decimal
    ml_per_hour: Decimal


@dataclass(frozen=True, slots=True)
class IdealWeight:
    """A formula by height: so many kg at `from_cm`, and more for each inch above it."""

    from_cm: Decimal
    inch_cm: Decimal
    kg_per_inch: Decimal
    female_kg: Decimal
    male_kg: Decimal
