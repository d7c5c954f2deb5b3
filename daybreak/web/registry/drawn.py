"""Where do the marks of a chart of outcomes lie? Numbers for a template; the words and the tables stand beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from daybreak.outcomes.control import Chart
from daybreak.outcomes.shares import Share
from daybreak.outcomes.survival import Curve, Step

WIDTH, HEIGHT, LEFT, TOP = 600, 200, 44, 12
DRAWN_STEPS = 400  # more than a screen has room for


def across(share: Share, percent: int) -> dict[str, float] | None:
    """Of one share on a line from 0 to 100 percent: bounds, interval and estimate; None where nobody is counted."""
    bounds, interval = share.bounds, share.interval(percent)
    if bounds is None:
        return None
    told = {"low": _x(bounds[0]), "high": _x(bounds[1]), "wide": round(_x(bounds[1]) - _x(bounds[0]), 1)}
    if interval is not None and share.percent is not None:
        told |= {"from": _x(interval[0]), "at": _x(share.percent), "span": round(_x(interval[1]) - _x(interval[0]), 1)}
    return told


def _x(percent: float) -> float:
    return round(percent / 100 * WIDTH, 1)


def falling(curve: Curve, least: int) -> dict[str, Any] | None:
    """A curve as a path of steps, with its band, as far as so many people are followed; None where that is nowhere."""
    every = [one for one in curve.steps if one.at_risk >= least]
    if not every or not every[-1].day:
        return None
    last = every[-1].day

    def place(day: int, share: float) -> str:
        return f"{LEFT + day / last * (WIDTH - LEFT):.1f} {TOP + (1 - share) * (HEIGHT - TOP):.1f}"

    steps = [Step(0, curve.of, 0, 0, 1.0, 1.0, 1.0), *_drawn(every)]
    return {
        "line": _path(steps, [one.share for one in steps], place),
        "high": _path(steps, [one.high for one in steps], place),
        "low": _path(steps, [one.low for one in steps], place),
        "first": 0,
        "last": last,
        "grid": [{"y": TOP + (1 - n / 4) * (HEIGHT - TOP), "name": f"{n * 25}"} for n in range(5)],
    }


def _drawn(steps: Sequence[Step]) -> Sequence[Step]:
    every = max(1, -(-len(steps) // DRAWN_STEPS))
    return [*steps[:-1:every], steps[-1]]


def _path(steps: Sequence[Step], shares: Sequence[float], place: Any) -> str:
    parts = [f"M{place(steps[0].day, shares[0])}"]
    for before, one, share in zip(shares, steps[1:], shares[1:], strict=False):
        parts += [f"L{place(one.day, before)}", f"L{place(one.day, share)}"]
    return " ".join(parts)


def running(chart: Chart) -> dict[str, Any] | None:
    """Points of a control chart with their mean and limits; None without two periods."""
    if chart.mean is None or len(chart.points) < 2:
        return None
    least = min(min(one.value, one.low) for one in chart.points)
    most = max(max(one.value, one.high) for one in chart.points)
    room, across = (most - least) or 1.0, (WIDTH - LEFT - 12) / (len(chart.points) - 1)

    def y(value: float) -> float:
        return round(TOP + (most - value) / room * (HEIGHT - 2 * TOP), 1)

    points = [
        {"x": round(LEFT + n * across, 1), "y": y(one.value), "signal": one.signal}
        for n, one in enumerate(chart.points)
    ]
    return {
        "points": points,
        "line": " ".join(f"{'L' if n else 'M'}{one['x']} {one['y']}" for n, one in enumerate(points)),
        "high": " ".join(f"{'L' if n else 'M'}{points[n]['x']} {y(one.high)}" for n, one in enumerate(chart.points)),
        "low": " ".join(f"{'L' if n else 'M'}{points[n]['x']} {y(one.low)}" for n, one in enumerate(chart.points)),
        "mean": y(chart.mean),
        "first": chart.points[0].period,
        "last": chart.points[-1].period,
    }
