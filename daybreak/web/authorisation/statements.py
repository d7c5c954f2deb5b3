"""What does a patient sign who pays themselves, or may have to?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daybreak.knowledge.sentences import language as spoken
from daybreak.web.authorisation import packets
from daybreak.web.authorisation.models import Authorisation, Event, Statement, What
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity, queries
from daybreak.web.people.models import Person, Site
from daybreak.web.people.permissions import Permission
from daybreak.web.words import word

_SAID = {
    What.SELF_PAY: ("authorisation.paper_self_pay", "authorisation.paper_self_pay_points"),
    What.PENDING: ("authorisation.paper_pending", "authorisation.paper_pending_points"),
}
_BY = {"link": "authorisation.paper_by_link", "tablet": "authorisation.paper_by_tablet"}


def words_of(statement: Statement) -> dict[str, Any]:
    """The statement as it is shown and signed, in its own language: title, facts, points and what it does not say."""
    row, language = statement.authorisation, statement.language
    title, points = _SAID[What(statement.what)]
    return {
        "title": word(title, language),
        "represents": _represents(statement.representative, statement.ground, language),
        "facts": _facts(row, f"{statement.sum} {statement.currency}", language),
        "points": word(points, language).split("|"),
        "notice": word("authorisation.paper_not_clinical", language),
    }


def _represents(name: str | None, ground: str | None, language: str) -> str:
    """Who signs for the patient, and what lets them; "" when the patient signs."""
    return word("authorisation.represents", language, name=name, ground=ground) if name else ""


def keep(row: Event, told: Mapping[str, str], *, scan: bytes, site: Site, by: Person, at: datetime) -> Paper:
    """What was signed, for the record, in the transaction of the step: the sheet itself (`scan`, a PDF), byte for byte; or,
    without one, what it said and who wrote that down, since nothing here has seen the signature then."""
    written = word("authorisation.paper_written_down", told["language"], name=by.display_name)
    end = [
        pdf.line(word("authorisation.signed_by", told["language"]), told["signed_by"]),
        pdf.line(word("authorisation.day", told["language"]), row.day.isoformat()),
        pdf.paragraph(written),
    ]
    return _keep(scan or _paper(row, told, end, site=site), row, told["language"], site=site, by=by, at=at)


def keep_signed(row: Event, told: Mapping[str, str], *, drawn: str, how: str, site: Site, at: datetime) -> Paper:
    """The same when the patient signed here: with the name as typed, what was drawn, when, and by which door."""
    language, name = told["language"], told["signed_by"]
    when = f"{at.astimezone(ZoneInfo(site.zone)):%Y-%m-%d %H:%M %Z}"
    end = [
        *([pdf.drawn(word("consent.paper_drawn", language, name=name), drawn)] if drawn else []),
        pdf.line(word("consent.paper_signed", language), name),
        pdf.line(word("consent.paper_when", language), when),
        pdf.paragraph(word(_BY[how], language)),
    ]
    if said := _represents(told.get("representative"), told.get("ground"), language):
        end.insert(0, pdf.paragraph(said))
    return _keep(_paper(row, told, end, site=site), row, language, site=site, by=None, at=at)


def _keep(made: bytes, row: Event, language: str, *, site: Site, by: Person | None, at: datetime) -> Paper:
    return keep_paper(
        made,
        patient=row.authorisation.patient,
        kind="payment",
        about=f"authorisation {row.id}",
        language=language,
        permission=Permission.AUTHORISATIONS,
        by=by,
        at=at,
        site=site.id,
    )


def _facts(row: Authorisation, sum: str, language: str) -> list[tuple[str, str]]:
    return [
        (word("authorisation.payer", language), packets.title(row, language)),
        (word("authorisation.treatment", language), spoken(language).word(f"protocol.{row.protocol}")),
        (word("authorisation.sum", language), sum),
    ]


def _paper(row: Event, told: Mapping[str, str], end: Sequence[pdf.Block], *, site: Site) -> bytes:
    language, authorisation = told["language"], row.authorisation
    details = queries.details(authorisation.patient)
    title, points = _SAID[What(row.what)]
    blocks = [
        pdf.facts(
            (word("authorisation.paper_patient", language), identity.of(details).name),
            (word("patients.birth", language), details.birth or "–"),
            *_facts(authorisation, f"{told['sum']} {told['currency']}", language),
        ),
        pdf.points(*word(points, language).split("|")),
        pdf.notice(word("authorisation.paper_not_clinical", language)),
        *end,
    ]
    page: pdf.Told = {"title": word(title, language), "footer": site.name, "blocks": blocks}
    return pdf.make(page, language=language, on=row.day)
