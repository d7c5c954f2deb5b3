"""What does a patient sign who pays themselves, or may have to?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from daybreak.knowledge.sentences import language as spoken
from daybreak.web.authorisation.models import Event, What
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


def keep(row: Event, told: Mapping[str, str], *, scan: bytes, site: Site, by: Person, at: datetime) -> Paper:
    """What was signed, for the record, in the transaction of the step: the sheet itself (`scan`, a PDF), byte for byte; or,
    without one, what it said and who wrote that down, since nothing here has seen the signature then."""
    return keep_paper(
        scan or _written_down(row, told, site=site, by=by),
        patient=row.authorisation.patient,
        kind="payment",
        about=f"authorisation {row.id}",
        language=told["language"],
        permission=Permission.AUTHORISATIONS,
        by=by,
        at=at,
        site=site.id,
    )


def _written_down(row: Event, told: Mapping[str, str], *, site: Site, by: Person) -> bytes:
    language = told["language"]
    authorisation = row.authorisation
    details = queries.details(authorisation.patient)
    title, points = _SAID[What(row.what)]
    blocks = [
        pdf.facts(
            (word("authorisation.paper_patient", language), identity.of(details).name),
            (word("patients.birth", language), details.birth or "–"),
            (word("authorisation.payer", language), authorisation.payer_name),
            (word("authorisation.treatment", language), spoken(language).word(f"protocol.{authorisation.protocol}")),
            (word("authorisation.sum", language), f"{told['sum']} {told['currency']}"),
        ),
        pdf.points(*word(points, language).split("|")),
        pdf.notice(word("authorisation.paper_not_clinical", language)),
        pdf.line(word("authorisation.signed_by", language), told["signed_by"]),
        pdf.line(word("authorisation.day", language), row.day.isoformat()),
        pdf.paragraph(word("authorisation.paper_written_down", language, name=by.display_name)),
    ]
    return pdf.make(
        {"title": word(title, language), "footer": site.name, "blocks": blocks}, language=language, on=row.day
    )
