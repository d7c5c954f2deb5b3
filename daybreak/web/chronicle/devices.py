"""What did the devices of a session send, for its record: as a paper, and as another system reads it?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from daybreak.exchange.fhir.sent import Happened, Sent, Series
from daybreak.knowledge import watch as watching
from daybreak.web import zones
from daybreak.web.bedside import evidence, minutes
from daybreak.web.bedside.evidence import Said
from daybreak.web.bedside.models import Kind
from daybreak.web.bedside.telling import UNITS, happening
from daybreak.web.papers import pdf
from daybreak.web.treatment.models import Session
from daybreak.web.words import word


def blocks(session: Session, language: str) -> Iterator[pdf.Block]:
    """The minutes of monitors, and what devices say that happened, as what it is; nothing where nothing was sent."""
    measured, said = minutes.of(session), evidence.shown(session)
    if not (measured or said):
        return
    yield pdf.heading(word("chronicle.devices", language))
    yield pdf.paragraph(word("chronicle.devices_says", language))
    if said:
        head = [word(one, language) for one in ("chronicle.when", "chronicle.what")]
        yield pdf.table(head, [[zones.minute(one.received), happening(one, language)] for one in said], widths=(9, 29))
    titles = {one["id"]: f"{one['title'][language]} ({one['unit']})" for one in watching.signs()}
    rows = [
        [
            zones.minute(one.at),
            titles[one.sign],
            f"{one.median} ({one.least}–{one.most})",
            str(one.values),
            f"{one.device} · {one.source}",
        ]
        for one in sorted(measured, key=lambda each: (each.at, each.sign, each.source))
    ]
    if rows:
        ids = ("chronicle.when", "chronicle.what", "chronicle.median", "chronicle.values", "chronicle.device")
        yield pdf.table([word(one, language) for one in ids], rows, widths=(8, 9, 8, 3, 10))


def sent(session: Session) -> Sent:
    """The same for another system."""
    measured, said = minutes.of(session), evidence.shown(session)
    signs = {one["id"]: one for one in watching.signs()}
    sources: dict[tuple[str, str, str], dict[datetime, Decimal]] = {}
    for one in measured:
        sources.setdefault((one.device, one.sign, one.source), {})[one.at] = one.median
    kinds = {one.device: Kind.MONITOR.value for one in measured} | {one.device: one.kind.value for one in said}
    series = [
        Series(device, sign, signs[sign]["title"]["en"], source, signs[sign]["unit"], medians)
        for (device, sign, source), medians in sources.items()
    ]
    return Sent(kinds, series, [_happened(one) for one in said])


def _happened(one: Said) -> Happened:
    told = one.told.get("figures", {})
    figures = {name: (Decimal(told[name]), unit) for name, unit in UNITS.items() if name in told}
    return Happened(one.n, one.device, happening(one, "en"), one.received, one.taken, figures)
