"""How does the story of an episode look: trials of antidepressants, scores and the episode on one axis of time?

One pure function draws the same chart for the screen and for paper, with a table of the same values beneath it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daybreak.clinical.answers import UNREADABLE, Unreadable
from daybreak.clinical.records import Exposure, Observation, When
from daybreak.clinical.screening.resistance import episode_start
from daybreak.clinical.screening.trd import Trd, by_ingredient
from daybreak.clinical.screening.trials import NAMELESS, Trial
from daybreak.clinical.screening.view import View
from daybreak.knowledge.sentences import Language, number
from daybreak.knowledge.store import loaded
from daybreak.web.screening.beside import Row, rows
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

WIDTH, LEFT, RIGHT = 560, 32, 116
TOP, BAND = 34, 4
SCORES, ROW, FOOT = 130, 50, 30
BESIDE = 42  # a row of what was tried beside the antidepressants
NAMED, MORE = 40, 64  # so many letters of a name, and of it with what stands beside it, fit into the drawing
LETTERS = 32  # so many letters of a name fit beside the verdict
YEARS = 730  # days from which on the axis shows years, before it quarters

Place = Callable[[int], float]  # where a day lies across the drawing


@dataclass(frozen=True, slots=True)
class Story:
    """The drawing, the message in one sentence, and the rows of the tables: of a trial what, verdict, the sentence of the
    rule; of what was tried beside them what, when, what else is known."""

    svg: str
    message: str
    trials: tuple[tuple[str, str, str], ...]
    beside: tuple[tuple[str, str, str], ...]
    scores: tuple[tuple[str, str], ...]
    scale: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One course as it is drawn, in ordinals. `unknown`: its dose or its days are; then only its outline is drawn."""

    first: int
    last: int
    dose: str
    unknown: bool


def story(view: View, trd: Trd, *, language: Language, hidden: Collection[str] = ()) -> Story:
    """Draw the episode of this view with the trials of that answer, without the treatments that the reader may not read."""
    scale, scores = _scores(view)
    start, _ = episode_start(view)
    courses = by_ingredient(view.exposures)
    bars = [_bars(view, courses.get(trial.ingredient, ())) for trial in trd.trials]
    beside = rows(view, language=language, hidden=hidden)
    axis = _axis(view, start, scores, bars)
    message = _message(trd, scale, scores, language)
    picture = _drawn(view, trd, start, scale, scores, bars, beside, axis, message, language)
    return Story(
        svg=picture,
        message=message,
        trials=tuple((_name(view, t, language), label(t, language), language.say(t.reason)) for t in trd.trials),
        beside=tuple((row.name, when, more) for row in beside for when, more in row.lines),
        scores=tuple((str(o.when), number(o.value)) for o in scores if isinstance(o.value, Decimal)),
        scale=language.word(f"observation.{scale}") if scale else "",
    )


def label(trial: Trial, language: Language) -> str:
    """The verdict on a trial, in a word or two."""
    return language.word("label." + trial.label.value.replace(", ", "_").replace(" ", "_"))


def _scores(view: View) -> tuple[str | None, list[Observation]]:
    """The scale that has the most dated scores, of equals the more trusted one."""
    found: Mapping[str, list[Observation]] = {
        scale: sorted(
            (o for o in view.observations.get(scale, ()) if isinstance(o.value, Decimal) and isinstance(o.when, When)),
            key=lambda o: (str(o.when), o.ref),
        )
        for scale in view.words.depression_scales
    }
    best = max(found, key=lambda scale: len(found[scale]), default=None)
    return (best, found[best]) if best and found[best] else (None, [])


def _bars(view: View, exposures: Sequence[Exposure]) -> list[Bar]:
    """The courses of one medicine that were taken; an unknown day reaches to the edge of the drawing."""
    found = []
    for e in exposures:
        if e.status == "planned":
            continue
        start, end, dose = e.start, e.end, e.dose
        running = end is None and e.status == "active"
        first = start.earliest.toordinal() if isinstance(start, When) else 0
        last = end.latest.toordinal() if isinstance(end, When) else view.day.toordinal()
        exact = isinstance(start, When) and start.exact and (running or (isinstance(end, When) and end.exact))
        known = isinstance(dose, Decimal)
        found.append(Bar(first, max(first, last), number(dose) if known else "?", not (exact and known)))
    return found


def _axis(
    view: View, start: When | Unreadable | None, scores: Sequence[Observation], bars: Sequence[Sequence[Bar]]
) -> tuple[int, int]:
    """From a little before the episode to the day of the decision, both in ordinals."""
    day = view.day.toordinal()
    if isinstance(start, When):
        first = start.earliest.toordinal()
    else:
        known = [bar.first for row in bars for bar in row if bar.first]
        known += [o.when.earliest.toordinal() for o in scores if isinstance(o.when, When)]
        first = min(known, default=day)
    first = min(first, day - 90)
    return max(1, first - (day - first) // 40), day


def _drawn(
    view: View,
    trd: Trd,
    start: When | Unreadable | None,
    scale: str | None,
    scores: Sequence[Observation],
    bars: Sequence[Sequence[Bar]],
    beside: Sequence[Row],
    axis: tuple[int, int],
    message: str,
    language: Language,
) -> str:
    lang = language.language
    first, last = axis
    scores_from = TOP + 16
    trials_from = scores_from + (SCORES + 24 if scale else 0)
    beside_from = trials_from + 22 + max(1, len(trd.trials)) * ROW
    bottom = beside_from + (22 + len(beside) * BESIDE if beside else 0)
    svg = Svg(WIDTH, bottom + FOOT, title=word("story.title", lang, until=view.day), desc=message)

    def x(day: int) -> float:
        return LEFT + (min(max(day, first), last) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    right = x(last)
    _episode(svg, start, x=x, last=last, bottom=bottom, lang=lang)
    svg.text(right, TOP - 14, word("story.day", lang), "t-now t-end")
    if scale:
        _curve(svg, scale, scores, x=x, top=scores_from, first=first, language=language)
    svg.text(LEFT + 6, trials_from + 14, language.word("board.trials"), "t-strong")
    for place, (trial, row) in enumerate(zip(trd.trials, bars, strict=True)):
        y = trials_from + 22 + place * ROW
        _trial(svg, trial, row, _name(view, trial, language), x=x, y=y, language=language)
    if not trd.trials:
        svg.text(LEFT + 6, trials_from + 44, language.word("board.no_trials"), "t-faint")
    if beside:
        svg.text(LEFT + 6, beside_from + 14, word("story.beside", lang), "t-strong")
    for place, tried in enumerate(beside):
        _beside(svg, tried, x=x, y=beside_from + 22 + place * BESIDE, first=first)
    _ticks(svg, first, last, x=x, y=bottom)
    svg.line(right, TOP, right, bottom, "c-now")
    return svg.whole()


def _episode(svg: Svg, start: When | Unreadable | None, *, x: Place, last: int, bottom: int, lang: str) -> None:
    """The episode as a band; where its beginning is a span of days, that part is only outlined."""
    if not isinstance(start, When):
        svg.text(LEFT, TOP - 14, word("story.episode_unknown", lang), "t-strong")
        return
    begun, sure = x(start.earliest.toordinal()), x(start.latest.toordinal())
    svg.rect(sure, TOP, x(last) - sure, bottom - TOP, "c-wash")
    svg.rect(sure, TOP, x(last) - sure, BAND, "c-dawn")
    if sure - begun > 1:
        svg.rect(begun, TOP, sure - begun, 2 * BAND, "b-unknown")
    svg.text(LEFT, TOP - 14, word("story.episode", lang, since=start), "t-strong")


def _curve(
    svg: Svg, scale: str, scores: Sequence[Observation], *, x: Place, top: int, first: int, language: Language
) -> None:
    bands, most = bands_of(scale)
    most = max([most, *(int(o.value) + 1 for o in scores if isinstance(o.value, Decimal))])

    def y(value: float) -> float:
        return top + 16 + (1 - value / most) * (SCORES - 16)

    end = WIDTH - RIGHT
    floor = 0
    for number_, (to, words) in enumerate(bands):
        if number_ % 2:
            svg.rect(LEFT, y(to + 1 if to < most else to), end - LEFT, abs(y(floor) - y(min(to + 1, most))), "b-sev")
        svg.text(end + 6, (y(floor) + y(min(to + 1, most))) / 2 + 4, words[language.language], "t-faint t-small")
        if floor:
            svg.text(LEFT - 6, y(floor) + 4, str(floor), "t-faint t-small t-end")
        floor = to + 1
    svg.text(LEFT + 6, top + 10, language.word(f"observation.{scale}"), "t-strong")
    points = [
        (x(o.when.earliest.toordinal()), y(float(o.value)), o)
        for o in scores
        if isinstance(o.when, When) and isinstance(o.value, Decimal) and o.when.earliest.toordinal() >= first
    ]
    svg.path([(px, py) for px, py, _ in points], "c-line")
    written = float("-inf")
    for place, (px, py, o) in enumerate(points):
        svg.dot(px, py, "c-dot" if isinstance(o.when, When) and o.when.exact else "c-open", f"{o.when}: {o.value}")
        if px - written >= 44:
            anchor = "t-end" if place == len(points) - 1 else "t-mid"  # the last one stands beside the line of the day
            svg.text(px, py - 9, number(Decimal(str(o.value))), f"t-strong t-small {anchor}")
            written = px


def _trial(svg: Svg, trial: Trial, bars: Sequence[Bar], name: str, *, x: Place, y: int, language: Language) -> None:
    """One row: name and verdict above, the courses beneath; the days that count are filled."""
    days = "" if trial.days is None else " · " + word("story.days", language.language, days=trial.days)
    svg.text(LEFT + 6, y + 14, _cut(name), "t-strong", more=f"  {label(trial, language)}{days}")
    for bar in bars:
        left, right = x(bar.first), x(bar.last + 1)
        if bar.unknown and not trial.adequate:
            svg.rect(left, y + 20, max(right - left, 3), 16, "b-unknown")
        else:
            svg.rect(left, y + 20, max(right - left, 3), 16, "b-low")
        if trial.adequate and trial.dates and bar.last >= trial.dates.first and bar.first <= trial.dates.last:
            begin, end = x(max(bar.first, trial.dates.first)), x(min(bar.last, trial.dates.last) + 1)
            svg.rect(begin, y + 20, max(end - begin, 3), 16, "c-ink")
            left, right = begin, end
            svg.text((left + right) / 2, y + 32, _fits(bar.dose, right - left), "t-light t-mid t-small")
        else:
            svg.text((left + right) / 2, y + 32, _fits(bar.dose, right - left), "t-mid t-small")


def _beside(svg: Svg, row: Row, *, x: Place, y: int, first: int) -> None:
    """One row: name and what is known above, every course or dose beneath; what was over before the axis begins is an arrow."""
    name = _cut(row.name, NAMED)
    svg.text(LEFT + 6, y + 14, name, "t-strong", more=f"  {_cut(row.more, MORE - len(name))}")
    for one in row.stretches:
        if one.last < first:
            svg.text(LEFT + 6, y + 32, "←", "t-faint")
            continue
        left = x(one.first)
        width = max(x(one.last + 1) - left, 3)
        svg.rect(left, y + 20, width, 14, "b-unknown" if one.unknown else "b-other")
        if len(one.said) * 7 < width:
            svg.text(left + width / 2, y + 31, one.said, "t-mid t-small")


def _fits(dose: str, room: float) -> str:
    """The dose with its unit, without it, or not at all."""
    return f"{dose} mg" if room > 42 else dose if room > 24 else ""


def _ticks(svg: Svg, first: int, last: int, *, x: Place, y: int) -> None:
    svg.line(LEFT, y, x(last), y, "c-axis")
    months = (1,) if last - first > YEARS else (1, 4, 7, 10)
    written = float("-inf")
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
        for month in months:
            day = date(year, month, 1).toordinal()
            if first <= day <= last and x(day) - written >= 56:
                svg.line(x(day), y, x(day), y + 5, "c-tick")
                svg.text(x(day), y + 18, f"{year}-{month:02}" if len(months) > 1 else str(year), "t-small t-mid")
                written = x(day)


def _message(trd: Trd, scale: str | None, scores: Sequence[Observation], language: Language) -> str:
    lang = language.language
    said = word(
        "story.message",
        lang,
        count=len(trd.trials),
        failed=trd.steps.failed,
        possible=trd.steps.possible,
        needed=trd.rules.steps_needed,
    )
    if not scale:
        return said
    values = [o.value for o in scores if isinstance(o.value, Decimal)]
    lowest, highest = number(min(values)), number(max(values))
    told = {"scale": language.word(f"observation.{scale}"), "low": lowest, "high": highest}
    last = {"last": number(values[-1]), "on": scores[-1].when}
    return f"{said} {word('story.message_scores', lang, **told, **last)}"


def bands_of(scale: str) -> tuple[list[tuple[int, Mapping[str, str]]], int]:
    """The bands of a scale as (up to, words), and its highest score."""
    found = loaded("scales").get(scale, {}).get("bands", ())
    steps = [(int(step["to"]), step["words"]) for step in (found[0]["steps"] if found else ())]
    highs = {k["id"]: int(k["high"]) for k in loaded("observations")["observations"]["kinds"] if "high" in k}
    return steps, max([highs.get(scale, 1), *(to for to, _ in steps)])


def _name(view: View, trial: Trial, language: Language) -> str:
    """The medicine's name, or what the record calls one that nobody can name."""
    if trial.ingredient.startswith(NAMELESS):
        ref = trial.ingredient.removeprefix(NAMELESS)
        text = next((e.text for e in view.exposures if e.ref == ref and e.ingredients is UNREADABLE), "")
        return text or language.word("medicine.unnamed")
    name = language.word(f"medicine.{trial.ingredient}")
    return name[:1].upper() + name[1:]


def _cut(text: str, most: int = LETTERS) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
