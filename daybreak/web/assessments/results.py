"""What was every rating of a patient, on which scale, by whom, with which items, and how much time went into it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.clinical.records import Chart, Observation, When
from daybreak.knowledge import scales
from daybreak.knowledge.store import loaded
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.assessments.asked import SCREENER, total_of
from daybreak.web.assessments.scoring import scored
from daybreak.web.forms import queries as forms
from daybreak.web.forms.models import UNUSED, Sitting
from daybreak.web.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating. `total` None: it was not complete (`missing` says how much was open), or the record says otherwise now.

    `sitting` None: it came into the record in another way than by a form. `items` are points by item number.
    """

    scale: str
    day: date
    total: int | None
    items: dict[str, str] = field(default_factory=dict)
    sitting: Sitting | None = None
    missing: int = 0
    prorated: int | None = None
    risk: str = ""
    corrected: bool = False
    moment: datetime | None = None  # for the order within a day


@dataclass(frozen=True, slots=True)
class Results:
    """All ratings by scale, by day. `minutes` went into `counted` forms; `unsaid` have no figure; `waiting` no answer yet.
    `silent`: by scale, the days on which it was asked for and nothing was answered since."""

    by_scale: dict[str, list[Rating]]
    minutes: int
    counted: int
    unsaid: int
    waiting: int
    silent: dict[str, list[date]] = field(default_factory=dict)


def results(patient: Patient, chart: Chart, *, hidden: Collection[str] = (), closed: Collection[str] = ()) -> Results:
    """From the forms and from the record: `hidden` are references, and `closed` scales, that the reader may not see."""
    every = [one for one in forms.of(patient) if one.form.partition(":")[0] in ("assessment", "intake")]
    ended = [one for one in every if hasattr(one, "ending") and one.ending.how not in UNUSED]
    said: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = forms.in_time().filter(sitting__in=[one.id for one in every]).order_by("sitting", "seq")
    for sitting, question, value in rows.values_list("sitting", "question", "value"):
        said[sitting][question] = value
    shown = [one for one in chart.observations if one.ref not in hidden]
    minutes = [one.ending.minutes for one in ended if one.ending.minutes is not None]
    return Results(
        by_scale(ended, said, shown, closed=closed),
        minutes=sum(minutes),
        counted=len(minutes),
        unsaid=len(ended) - len(minutes),
        waiting=len([one for one in every if not hasattr(one, "ending")]),
        silent=_silent(every, said),
    )


def by_scale(
    ended: Iterable[Sitting],
    said: Mapping[UUID, dict[str, str]],
    shown: Sequence[Observation],
    *,
    closed: Collection[str] = (),
) -> dict[str, list[Rating]]:
    """Every rating of a patient by day: of forms that are over with what was `said` in each, and of the record."""
    at: dict[tuple[str, datetime], Observation] = {(one.kind, one.instant): one for one in shown if one.instant}
    found: dict[str, list[Rating]] = defaultdict(list)
    used: set[str] = set()
    for sitting in ended:
        for scale, answers in _of_form(sitting, said.get(sitting.id, {})):
            if scale not in closed:
                day = zones.day(sitting.ending.created, sitting.site.zone)
                found[scale].append(_from_form(scale, sitting, answers, day, at, used))
    for rating in _from_record(shown, used):
        found[rating.scale].append(rating)
    return {scale: sorted(found[scale], key=_order) for scale in sorted(found)}


def _silent(every: list[Sitting], said: dict[UUID, dict[str, str]]) -> dict[str, list[date]]:
    """On which days each scale was asked for and is open still without any answer."""
    found: dict[str, list[date]] = defaultdict(list)
    for one in every:
        kind, _, name = one.form.partition(":")
        if kind == "assessment" and not hasattr(one, "ending") and not said[one.id]:
            found[name.partition(".")[0]].append(zones.day(one.created, one.site.zone))
    return dict(found)


def _order(one: Rating) -> tuple[date, datetime]:
    """By day and moment; what has a day alone stands first on it."""
    return one.day, one.moment or datetime.min.replace(tzinfo=UTC)


def _of_form(sitting: Sitting, answers: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The scales of one form, each with its own answers."""
    kind, _, name = sitting.form.partition(":")
    if kind == "assessment":
        yield name.partition(".")[0], answers
        return
    for scale in loaded("intake")[name]["then"]:
        own = {id.partition(".")[2]: value for id, value in answers.items() if id.startswith(f"{scale}.")}
        if own:
            yield scale, own


def _from_form(
    scale: str,
    sitting: Sitting,
    answers: dict[str, str],
    day: date,
    at: dict[tuple[str, datetime], Observation],
    used: set[str],
) -> Rating:
    """What was answered; where the record has the total under a name of its own, the record counts."""
    ended = sitting.ending.created
    result = scored(scale, answers).result
    total, corrected = total_of(scale, answers), False
    screener = scales.data(scale)["method"]["name"] == SCREENER
    kind = f"{scale}.risk" if screener else scale
    risk = str(result.get("risk") or "") if screener else ""
    if kind in terms().kinds and (total is not None or risk):
        row = at.get((kind, ended))
        if row is None:
            total, risk, corrected = None, "", True
        else:
            used.add(row.ref)
            total = int(row.value) if isinstance(row.value, Decimal) else None
            risk = row.value if isinstance(row.value, str) else ""
    missing = result.get("missing")
    return Rating(
        scale,
        day,
        total,
        items={id: value for id, value in answers.items() if id.isdigit() and value.isdigit()},
        sitting=sitting,
        missing=0 if total is not None else len(missing) if isinstance(missing, list) else int(missing or 0),
        prorated=result.get("prorated"),
        risk=risk,
        corrected=corrected,
        moment=ended,
    )


def _from_record(shown: Sequence[Observation], used: set[str]) -> Iterator[Rating]:
    """Totals that came by import or were typed, with the items of the same moment, else of the same day."""
    items: dict[tuple[str, object], dict[str, str]] = defaultdict(dict)
    for one in shown:
        scale, _, number = one.kind.partition(".item-")
        if number and isinstance(one.value, Decimal) and isinstance(one.when, When):
            for moment in (one.instant, one.when.earliest):
                items[scale, moment][number] = str(one.value)
    for one in shown:
        if one.ref in used or not isinstance(one.when, When):
            continue
        risk = one.kind.removesuffix(".risk") in scales.ids() and one.kind.endswith(".risk")
        if risk and isinstance(one.value, str):
            yield Rating(one.kind.removesuffix(".risk"), one.when.earliest, None, risk=one.value, moment=one.instant)
        elif one.kind in scales.ids() and isinstance(one.value, Decimal):
            known = items.get((one.kind, one.instant)) or items.get((one.kind, one.when.earliest), {})
            yield Rating(one.kind, one.when.earliest, int(one.value), items=known, moment=one.instant)
