"""What does the chart of a session show, in one paragraph for whoever does not see it?"""

from __future__ import annotations

from daybreak.knowledge.sentences import number
from daybreak.web.cockpit.scale import across
from daybreak.web.cockpit.trace import pressure_said, step_said, value_said
from daybreak.web.cockpit.traced import Reading, Trace
from daybreak.web.words import word


def said(trace: Trace, *, language: str) -> str:
    """Of each row how many readings there are, the most telling one and the last one; nothing about causes."""
    axis = across(trace)
    parts = []
    measured = [one for one in trace.pressures if one.systolic is not None]
    if measured:
        high = max(measured, key=lambda one: one.systolic or 0)
        last = max(trace.pressures, key=lambda one: one.at)
        parts.append(
            word(
                "cockpit.said_pressure",
                language,
                n=len(trace.pressures),
                high=pressure_said(high),
                at=axis.said(high.at),
                last=pressure_said(last),
                last_at=axis.said(last.at),
            )
        )
    else:
        parts.append(word("cockpit.said_no_pressure", language))
    named = (("cockpit.pulse", trace.rates), ("cockpit.oxygen", trace.saturations), ("cockpit.breaths", trace.breaths))
    parts += [_range(id, readings, trace, language) for id, readings in named if readings]
    if trace.live:
        parts.append(word("cockpit.said_live", language))
    for row in trace.graded:
        if row.steps:
            newest = max(row.steps, key=lambda step: step.at)
            told = {"name": row.name, "said": step_said(newest), "at": axis.said(newest.at)}
            parts.append(word("cockpit.said_grade", language, **told))
    return " ".join(parts)


def _range(id: str, readings: tuple[Reading, ...], trace: Trace, language: str) -> str:
    known = [one.value for one in readings if one.value is not None]
    last = max(readings, key=lambda one: one.at)
    told = {
        "name": word(id, language),
        "low": number(min(known)) if known else "?",
        "high": number(max(known)) if known else "?",
        "last": value_said(last.value),
        "at": across(trace).said(last.at),
    }
    return word("cockpit.said_range", language, **told)
