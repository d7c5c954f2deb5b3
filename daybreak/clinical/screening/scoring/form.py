"""Can the answers on a form be read, and what does the safety item say?

Answers are taken as they are: "2", 2.0 and True are not 2. Parsing belongs to whoever reads the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import getitem

from daybreak.clinical.screening.scoring.scale import Points, Scale

Items = Sequence[Mapping[int | str, int]]

POSITIVE, NEGATIVE, NOT_ANSWERED, UNREADABLE = "positive", "negative", "not answered", "unreadable"


def arguments(args: object, *, least: int, most: int) -> list[object] | None:
    """The arguments padded with None to `most`; None when they are no list of between `least` and `most`."""
    if type(args) not in (list, tuple) or not least <= len(args) <= most:  # type: ignore[arg-type]
        return None
    given: list[object] = list(args)  # type: ignore[call-overload]
    return given + [None] * (most - len(given))


def first(args: object) -> object:
    """The first argument, whatever else is wrong with the rest."""
    return args[0] if type(args) in (list, tuple) and args else None  # type: ignore[index]


def read(items: Items, answers: object) -> tuple[Points, str | None]:
    """The points of each item, blanks as None; or nothing and a sentence about everything that cannot be read."""
    if type(answers) not in (list, tuple):
        return [], f"The answers are {shown(answers)}; expected a list of {len(items)} answers, null for a blank."
    given: list[object] = answers  # type: ignore[assignment]
    if len(given) != len(items):
        return [], (
            f"There are {len(given)} answers; expected {len(items)}, null for a blank. "
            f"Give every item its place in the list."
        )
    points: Points = []
    problems = []
    for number, (item, answer) in enumerate(zip(items, given, strict=True), start=1):
        if answer is None:
            points.append(None)
        elif type(answer) in (int, str) and answer in item:
            points.append(item[answer])  # type: ignore[index]
        else:
            problems.append(f"item {number} is {shown(answer)}, expected {allowed(item)}")
    if problems:
        sentence = "; ".join(problems)
        return [], f"{sentence[0].upper()}{sentence[1:]}. Look at the form: correct it, or null for a blank."
    return points, None


def read_complete(items: Items, kinds: set[type], answers: object) -> Points | None:
    """The points when every item is answered and readable, quickly; None sends the caller to `read`."""
    if type(answers) is not list or len(answers) != len(items) or set(map(type, answers)) != kinds:
        return None
    try:
        return list(map(getitem, items, answers))
    except KeyError:
        return None


def kinds_of(items: Items) -> set[type]:
    """The types that the answers of these items have."""
    return {type(answer) for item in items for answer in item}


def safety_of(scale: Scale, answers: object) -> str | None:
    """What the safety item says by itself; None for a scale without one. Only `negative` is reassuring."""
    if scale.safety is None:
        return None
    if type(answers) not in (list, tuple) or len(answers) != len(scale.items):  # type: ignore[arg-type]
        return UNREADABLE
    place = scale.safety.item - 1
    answer = answers[place]  # type: ignore[index]
    if answer is None:
        return NOT_ANSWERED
    if type(answer) is not int or answer not in scale.items[place]:
        return UNREADABLE
    return POSITIVE if scale.items[place][answer] >= scale.safety.at_least else NEGATIVE


def allowed(item: Mapping[int | str, int]) -> str:
    """The allowed answers in words."""
    *most, last = (f'"{answer}"' if isinstance(answer, str) else str(answer) for answer in item)
    return f"{', '.join(most)} or {last}"


def shown(value: object) -> str:
    """A value short enough for a sentence, whatever it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 64 else "a very long number"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 30 else f'"{value[:30]}…"'
    return "a list" if isinstance(value, (list, tuple)) else "an object"
