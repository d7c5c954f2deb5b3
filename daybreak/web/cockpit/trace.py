"""How is a session drawn: pressures, pulse, oxygen and how awake somebody is, on one axis of time?

The habit is that of a chart in an anaesthetist's hand. Lines end where knowledge ends: a grade is solid up to the last look
and dotted since, oxygen stops where its readings stopped, and what gave no number is a question mark at the foot of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from daybreak.knowledge.sentences import number
from daybreak.web.cockpit.scale import LEFT, RIGHT, WIDTH, Upright, across, upright
from daybreak.web.cockpit.traced import ALARM, CALM, CAUTION, Graded, Live, Planned, Pressure, Reading, Step, Trace
from daybreak.web.screening.svg import Svg
from daybreak.web.words import word

DOSES, FLAGS = 12, 25  # the lines of words above the rows
PRESSURE, OXYGEN, BREATHS = (32, 142), (150, 180), (188, 204)
GRADED, GAP = 26, 6
FOOT = 18
SERIF = 5  # half the width of a caret
LETTER, SIGN = 6.4, 12.4  # how wide a letter and a Chinese sign are, about
SHAPE = {CAUTION: "▲", ALARM: "◆"}
MINUTE = timedelta(minutes=1)  # so far apart two medians are that follow one upon the other
SIGNS = {
    "systolic": "cockpit.row_pressure",
    "diastolic": "cockpit.row_pressure",
    "heart_rate": "cockpit.pulse",
    "spo2": "cockpit.oxygen",
    "breaths": "cockpit.breaths",
}
NAMES = 4  # where the names of the rows begin


def drawn(trace: Trace, *, title: str, desc: str, language: str) -> str:
    """The whole chart as SVG, without a style of its own: the page's stylesheet or that of the paper gives it one."""
    return _Chart(trace, title=title, desc=desc, language=language).whole()


class _Chart:
    """The chart in the making. `taken`: where on a line of words something stands already."""

    def __init__(self, trace: Trace, *, title: str, desc: str, language: str) -> None:
        self.trace, self.language = trace, language
        self.across = across(trace)
        self.bottom = BREATHS[1] + (GAP + GRADED) * len(trace.graded)
        self.svg = Svg(WIDTH, round(self.bottom) + FOOT, title=title, desc=desc, name="trace")
        self.right = WIDTH - RIGHT
        self.taken: dict[float, list[tuple[float, float]]] = {}
        self.pressure = upright(*PRESSURE, _values(trace), usual=(40, 180), widest=(0, 300), step=10)
        saturations = [*_numbers(trace.saturations), *_lived(trace, "spo2")]
        self.oxygen = upright(*OXYGEN, saturations, usual=(88, 100), widest=(50, 100), step=4)
        self.rows = {"pressure": PRESSURE[1] - 5, "spo2": OXYGEN[1] - 5, "breaths": BREATHS[1] - 8}

    def whole(self) -> str:
        self._ground()
        self._limits()
        self._given()
        for line in self.trace.live:
            self._live(line)
        for one in self.trace.pressures:
            self._pressure(one)
        self._last_of_note()
        self._last_time()
        for one in self.trace.rates:
            self._reading(one, self.pressure, "hr", "cockpit.pulse")
        self._saturations()
        for one in self.trace.breaths:
            self._breaths(one)
        for place, row in enumerate(self.trace.graded):
            self._graded(row, BREATHS[1] + GAP + place * (GAP + GRADED))
        for one in self.trace.planned:
            self._planned(one)
        return self.svg.whole()

    # ---------- ground ----------
    def _ground(self) -> None:
        svg, width = self.svg, self.right - LEFT
        rows = [PRESSURE, OXYGEN, BREATHS]
        rows += [(y, y + GRADED) for y in self._tops()]
        for top, foot in rows:
            svg.rect(LEFT, top, width, foot - top, "lane")
        for x, said in self.across.ticks():
            svg.line(x, PRESSURE[0], x, self.bottom, "grid")
            svg.text(x, self.bottom + 13, said, "t-small t-mid")
        names = (
            ("cockpit.row_pressure", 52, ""),
            ("cockpit.row_pulse", 118, " n-hr"),
            ("cockpit.row_oxygen", 169, " n-spo2"),
        )
        for id, y, kind in (*names, ("cockpit.row_breaths", 200, "")):
            svg.text(NAMES, y, word(id, self.language), f"t-name{kind}")
        for row, y in zip(self.trace.graded, self._tops(), strict=True):
            svg.text(NAMES, y + 17, row.name, "t-name")
        for scale in (self.pressure, self.oxygen):
            svg.text(LEFT - 4, scale.top + 9, number(scale.high), "t-small t-end")
            svg.text(LEFT - 4, scale.foot, number(scale.low), "t-small t-end")
        if now := self.trace.now:
            x = self.across.x(now)
            svg.rect(x, PRESSURE[0], self.right - x, self.bottom - PRESSURE[0], "future")
            svg.line(x, 16, x, self.bottom, "now")
            self._say(x, DOSES, word("cockpit.now", self.language, at=self.across.said(now)), "t-now t-small", "t-mid")
        if until := self.trace.until:
            x = self.across.x(until)
            svg.line(x, 16, x, self.bottom, "leave")
            said = word("cockpit.until", self.language, at=self.across.hour(until))
            self._say(x, DOSES, said, "t-leave t-small", "t-end")

    def _tops(self) -> list[float]:
        return [BREATHS[1] + GAP + place * (GAP + GRADED) for place in range(len(self.trace.graded))]

    def _limits(self) -> None:
        if self.trace.baseline:
            systolic, diastolic = self.trace.baseline
            top, foot = self.pressure.y(systolic), self.pressure.y(diastolic)
            self.svg.rect(LEFT, top, self.right - LEFT, foot - top, "baseline")
            said = word("cockpit.baseline", self.language, systolic=number(systolic), diastolic=number(diastolic))
            self.svg.text(self.right - 4, min(foot + 11, PRESSURE[1] - 2), said, "t-small t-end t-baseline")
        lines = [
            (one, (self.pressure if one.sign == "pressure" else self.oxygen).y(one.value)) for one in self.trace.limits
        ]
        written: list[float] = []
        for one, y in sorted(lines, key=lambda line: not line[0].nearest):
            self.svg.line(LEFT, y, self.right, y, "limit" if one.nearest else "limit limit-far")
            crowded = y < PRESSURE[0] + 12 or any(0 < y - other < 16 for _, other in lines)
            place = y + 11 if crowded else y - 3
            if all(abs(place - other) > 12 for other in written):
                written.append(place)
                self.svg.text(LEFT + 6, place, one.said, "t-small t-limit")

    def _given(self) -> None:
        for one in self.trace.runs:
            x, end = self.across.x(one.begins), self.across.x(one.ends or self.trace.now or self.across.last)
            self.svg.rect(x, PRESSURE[0] - 4, max(end - x, 2), 4, "running")
            self._say(x, DOSES, one.said, "t-dose t-small", "")
        for place, dose in enumerate(sorted(self.trace.doses, key=lambda one: one.at)):
            x = self.across.x(dose.at)
            self.svg.shape([((x, 16), (x, self.bottom))], "dose" + _late(dose.late), self._at(dose.at, dose.said))
            told = f"{dose.said} · {self.across.hour(dose.at)}"
            before, behind = (x - 3, "t-end"), (x + 3, "")
            for at, anchor in (before, behind) if place == 0 and len(self.trace.doses) > 1 else (behind, before):
                if self._say(at, DOSES, told, "t-dose t-small", anchor):
                    break
        for mark in self.trace.marks:
            x = self.across.x(mark.at)
            flag = [((x, PRESSURE[0]), (x, 18), (x + 7, 18), (x + 10, 21.5), (x + 7, 25), (x, 25))]
            self.svg.shape(flag, "flag" + _late(mark.late), self._at(mark.at, mark.said))
            self._say(x + 13, FLAGS, mark.said, "t-small", "")

    def _last_time(self) -> None:
        if self.trace.zero and self.trace.last:
            points = [
                (self.across.x(self.trace.zero + since), self.pressure.y(value)) for since, value in self.trace.last
            ]
            self.svg.path(points, "last-time")
            x, y = points[-1]
            said = word("cockpit.last_time", self.language)
            self._say(x - 4, y - 6, said, "t-small t-faint", "t-end", row=PRESSURE[0])

    # ---------- signs ----------
    def _pressure(self, one: Pressure) -> None:
        """Caret down at the systolic, caret up at the diastolic, a bar between; of one that is missing a question mark."""
        x = self.across.x(one.at)
        said = self._at(one.at, pressure_said(one), late=one.late)
        kind = "bp" + _level(one.level) + _late(one.late)
        strokes: list[list[tuple[float, float]]] = []
        if one.systolic is not None:
            y = self.pressure.y(one.systolic)
            strokes.append([(x - SERIF, y - SERIF), (x, y), (x + SERIF, y - SERIF)])
        if one.diastolic is not None:
            y = self.pressure.y(one.diastolic)
            strokes.append([(x - SERIF, y + SERIF), (x, y), (x + SERIF, y + SERIF)])
        if one.systolic is None or one.diastolic is None:
            self._nothing(x, PRESSURE[1], said, strokes)
            return
        strokes.append([(x, self.pressure.y(one.systolic)), (x, self.pressure.y(one.diastolic))])
        self.svg.shape(strokes, kind, said)
        if one.level:
            foot = min(self.pressure.y(one.diastolic) + 17, PRESSURE[1] - 1)
            self.svg.text(x, foot, SHAPE[one.level], f"t-small t-mid t-{one.level}")

    def _last_of_note(self) -> None:
        """The last pressure beyond a limit is written out; the earlier ones have their shape, and stand in the table."""
        found = [one for one in self.trace.pressures if one.level and one.systolic is not None]
        if found:
            last = max(found, key=lambda one: one.at)
            y = self.pressure.y(last.systolic or Decimal(0)) + 22
            said = f"{SHAPE[last.level]} {pressure_said(last)}"
            self._say(self.across.x(last.at) + 9, y, said, f"t-{last.level}", "", row=PRESSURE[0])

    def _reading(self, one: Reading, row: Upright, kind: str, name: str) -> None:
        x = self.across.x(one.at)
        said = self._at(one.at, f"{word(name, self.language)} {value_said(one.value)}", late=one.late)
        if one.value is None:
            self._nothing(x, row.foot, said)
            return
        self.svg.dot(x, row.y(one.value), kind + _level(one.level) + _late(one.late), said, radius=3)
        if one.level:
            self._say(x + 6, row.y(one.value) + 4, number(one.value), f"t-small t-{one.level}", "")

    def _saturations(self) -> None:
        """Dots, joined as long as one reading holds until the next; an open circle where it stopped."""
        known = [one for one in sorted(self.trace.saturations, key=lambda r: r.at) if one.value is not None]
        for before, after in pairwise(known):
            if after.at - before.at <= self.trace.holds:
                self.svg.path([self._spot(before), self._spot(after)], "spo2")
        for one in self.trace.saturations:
            self._reading(one, self.oxygen, "spo2-dot", "cockpit.oxygen")
        if known and self.trace.now and self.trace.now - known[-1].at > self.trace.holds:
            x, y = self._spot(known[-1])
            self.svg.shape([_ring(x, y, 6)], "spo2-end", word("cockpit.oxygen_ended", self.language))
            age = word("cockpit.stale_since", self.language, at=self.across.said(known[-1].at))
            self.svg.text(min(x + 10, self.right - 90), y + 12, age, "t-small t-stale")

    def _live(self, line: Live) -> None:
        """A thin line without dots from minute to minute, broken where the device was silent: nobody entered these. A minute that
        stands alone, as of a cuff, is a short stroke; a breathing rate has no height, and is a stroke at the foot of its row."""
        found = [one for one in sorted(line.readings, key=lambda r: r.at) if one.value is not None]
        said = word("cockpit.live_line", self.language, sign=word(SIGNS[line.sign], self.language))
        for run in _together(found):
            spots = [(self.across.x(one.at), self._height(line.sign, one.value)) for one in run]
            if len(spots) == 1 or line.sign == "breaths":
                self.svg.shape([((x - 2, y), (x + 2, y)) for x, y in spots], "live", said)
            else:
                self.svg.shape([spots], f"live live-{line.sign}", said)

    def _height(self, sign: str, value: Decimal | None) -> float:
        if sign == "breaths" or value is None:
            return BREATHS[1] - 2
        return (self.oxygen if sign == "spo2" else self.pressure).y(value)

    def _spot(self, one: Reading) -> tuple[float, float]:
        assert one.value is not None
        return self.across.x(one.at), self.oxygen.y(one.value)

    def _breaths(self, one: Reading) -> None:
        """A number where there is room for it, else a tick; the number is in the table, and on the mark."""
        x = self.across.x(one.at)
        said = self._at(one.at, f"{word('cockpit.breaths', self.language)} {value_said(one.value)}", late=one.late)
        if one.value is None:
            self._nothing(x, BREATHS[1], said)
            return
        kind = "breath" + _level(one.level) + _late(one.late)
        self.svg.shape([((x, BREATHS[0]), (x, BREATHS[0] + 4))], kind, said)
        self._say(x, BREATHS[1] - 2, number(one.value), f"t-small{' t-' + one.level if one.level else ''}", "t-mid")

    def _graded(self, row: Graded, top: float) -> None:
        up = Upright(top + 5, top + GRADED - 5, Decimal(0), Decimal(max(row.most, 1)))
        known = sorted((one for one in row.steps if one.grade is not None), key=lambda step: step.at)
        for before, after in pairwise(known):
            corner = (self.across.x(after.at), up.y(Decimal(before.grade or 0)))
            points = [(self.across.x(before.at), corner[1]), corner, (corner[0], up.y(Decimal(after.grade or 0)))]
            self.svg.path(points, f"step {row.kind}")
        if known and self.trace.now and self.trace.now > known[-1].at:
            y = up.y(Decimal(known[-1].grade or 0))
            self.svg.path(
                [(self.across.x(known[-1].at), y), (self.across.x(self.trace.now), y)], f"step {row.kind} unseen"
            )
        for one in row.steps:
            self._step(one, row, up)

    def _step(self, one: Step, row: Graded, up: Upright) -> None:
        x = self.across.x(one.at)
        said = self._at(one.at, f"{row.name} {step_said(one)}", late=one.late)
        if one.grade is None:
            self._nothing(x, up.foot + 5, said)
            return
        y = up.y(Decimal(one.grade))
        self.svg.dot(x, y, f"{row.kind}{_level(one.level)}{_late(one.late)}", said, radius=3)
        place = y + 12 if y < up.top + 8 else y - 4
        self._say(x + 4, place, str(one.grade), f"t-small{' t-' + one.level if one.level else ''}", "", row=up.top)

    def _planned(self, one: Planned) -> None:
        tops = {row.kind: y + GRADED / 2 for row, y in zip(self.trace.graded, self._tops(), strict=True)}
        y = (self.rows | tops).get(one.what)
        if y is not None:
            said = self._at(one.at, word("cockpit.planned", self.language))
            self.svg.shape([_ring(self.across.x(one.at), y, 2.5)], "planned", said)

    # ---------- words ----------
    def _nothing(self, x: float, foot: float, said: str, more: Sequence[Sequence[tuple[float, float]]] = ()) -> None:
        """A question mark in strokes: what was looked for and not found is never drawn as a number."""
        top = foot - 12
        hook = [(x - 3, top + 2), (x, top), (x + 3, top + 2), (x + 3, top + 4), (x, top + 6), (x, top + 8)]
        self.svg.shape([*more, hook, [(x, top + 10), (x, top + 11)]], "nothing", said)

    def _at(self, at: object, said: str, *, late: bool = False) -> str:
        mark = f" ({word('cockpit.late', self.language)})" if late else ""
        return f"{self.across.said(at)}: {said}{mark}"  # type: ignore[arg-type]

    def _say(self, x: float, y: float, said: str, kind: str, anchor: str, *, row: float | None = None) -> bool:
        """Words, where nothing stands on that line yet; what finds no room is in the title of its mark and in the table."""
        wide = sum(LETTER if ord(sign) < 0x2E80 else SIGN for sign in said) + 4
        left = {"t-end": x - wide, "t-mid": x - wide / 2}.get(anchor, x)
        left = min(max(left, 0), WIDTH - wide)
        line = self.taken.setdefault(y if row is None else row, [])
        free = all(left + wide <= begin or left >= end for begin, end in line)
        if free:
            line.append((left, left + wide))
            self.svg.text(left + 2, y, said, kind)
        return free


def pressure_said(one: Pressure) -> str:
    return f"{value_said(one.systolic)}/{value_said(one.diastolic)}"


def value_said(value: Decimal | None) -> str:
    return "?" if value is None else number(value)


def step_said(one: Step) -> str:
    return "?" if one.grade is None else f"{one.grade} {one.said}".strip()


def _values(trace: Trace) -> Iterable[Decimal]:
    for one in trace.pressures:
        yield from (value for value in (one.systolic, one.diastolic) if value is not None)
    yield from _numbers(trace.rates)
    yield from trace.baseline or ()
    yield from (one.value for one in trace.limits if one.sign == "pressure")
    yield from (value for _, value in trace.last)
    for sign in ("systolic", "diastolic", "heart_rate"):
        yield from _lived(trace, sign)


def _lived(trace: Trace, sign: str) -> list[Decimal]:
    return [value for line in trace.live if line.sign == sign for value in _numbers(line.readings)]


def _together(readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Those that follow one upon the other, minute by minute."""
    run: list[Reading] = []
    for one in readings:
        if run and one.at - run[-1].at > MINUTE:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _numbers(readings: Iterable[Reading]) -> list[Decimal]:
    return [one.value for one in readings if one.value is not None]


def _level(level: str) -> str:
    return f" is-{level}" if level != CALM else ""


def _late(late: bool) -> str:
    return " is-late" if late else ""


def _ring(x: float, y: float, size: float) -> list[tuple[float, float]]:
    """A small ring of straight lines."""
    half = size * 0.7
    return [
        (x - size, y), (x - half, y - half), (x, y - size), (x + half, y - half), (x + size, y),
        (x + half, y + half), (x, y + size), (x - half, y + half), (x - size, y),
    ]  # fmt: skip
