"""What happened in a session, line by line: when by the clocks of the site, by whom, how surely, and what was corrected later?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daybreak.clinical.treatment.events import Event, What
from daybreak.web import zones
from daybreak.web.cockpit import alarms
from daybreak.web.treatment import timeline
from daybreak.web.treatment.queries import Now
from daybreak.web.words import word


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `more`: that it was told late, that its time is not sure, and each correction of it."""

    seq: int
    at: str
    said: str
    who: str
    more: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return " ".join((self.said, *self.more))


def lines(now: Now, *, language: str, sensitive: bool) -> list[Line]:
    """In the order in which it was told. The page's time is that of the site."""
    people = timeline.names([*(one.by for one in now.events), *(one.told.get("done_by") for one in now.events)])
    about = alarms.beside(now.events, language)
    seconds = timeline.names(str(one.told.get("second", "")) for one in now.events if one.what == What.TIMED_OUT)
    corrections: dict[int, list[Event]] = {}
    for one in now.events:
        if one.what == What.CORRECTED:
            corrections.setdefault(one.told["seq"], []).append(one)

    def line(one: Event) -> Line:
        said = _said(one, about, seconds, language, sensitive=sensitive)
        more = tuple(_more(one, corrections.get(one.seq, []), people, language, sensitive=sensitive))
        who = timeline.by(one, people, language) or _nobody(one, language)
        return Line(one.seq, zones.minute(one.happened), said, who, more)

    return [line(one) for one in sorted(now.events, key=lambda each: each.seq)]


def _said(
    one: Event,
    about: Mapping[int, tuple[str, ...]],
    seconds: Mapping[str, str],
    language: str,
    *,
    sensitive: bool,
) -> str:
    said = timeline.said(one, language, sensitive=sensitive)
    if one.what in alarms.OF_ALARMS:
        return " · ".join((said, *about[one.seq]))
    if one.what == What.TIMED_OUT and (second := seconds.get(str(one.told.get("second", "")))):
        return f"{said} · {word('chronicle.with', language, name=second)}"
    if one.what == What.RESCUE:
        told = [str(one.told.get(name, "")) for name in ("route", "ordered_by")]
        ordered = word("chronicle.ordered_by", language, name=told[1]) if told[1] else ""
        return " · ".join(part for part in (said, told[0], ordered) if part)
    if one.what == What.CORRECTED:
        return f"{said} · {word('chronicle.corrects', language, seq=one.told['seq'])}"
    return said


def _more(
    one: Event, corrections: list[Event], people: Mapping[str, str], language: str, *, sensitive: bool
) -> Iterator[str]:
    if one.late and one.received:
        yield word("chronicle.late", language, at=zones.minute(one.received))
    if one.uncertain_s:
        yield word("chronicle.unsure", language, seconds=one.uncertain_s)
    for each in corrections:
        told = {
            "at": zones.minute(each.happened),
            "who": people.get(each.by or "", "–"),
            "why": str(each.told.get("why", "")),
            "said": timeline.corrects(one, each, language, sensitive=sensitive),
        }
        yield word("chronicle.corrected", language, **told)


def _nobody(one: Event, language: str) -> str:
    """Who it was when it was no person: the patient from their panel, or Daybreak by itself."""
    if one.what == What.CALLED:
        return word("chronicle.patient", language)
    return word("chronicle.itself", language) if one.what in alarms.OF_ALARMS else "–"
