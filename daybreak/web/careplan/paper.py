"""How does one page of care look on paper, for whoever reads these topics?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daybreak.knowledge.careplan import topics
from daybreak.web import zones
from daybreak.web.careplan import queries
from daybreak.web.careplan.models import Plan
from daybreak.web.papers import pdf
from daybreak.web.patients import identity
from daybreak.web.patients.models import Details
from daybreak.web.words import word


def made(
    plan: Plan,
    details: Details,
    shown: Sequence[str],
    lines: Sequence[tuple[str, str, str]],
    *,
    on: date,
    language: str,
) -> bytes:
    """The page as a PDF: the topics in their order, what others added, and when it is looked at again."""
    said = queries.answers(plan)
    blocks = [
        pdf.facts(
            (word("copies.name", language), identity.of(details).name),
            (word("careplan.written", language), f"{zones.day(plan.created, plan.site.zone)} · {plan.by.display_name}"),
            (word("careplan.review_on", language), plan.review_on.isoformat()),
            *((topics()[id]["title"][language], said[id] or "–") for id in shown),
        )
    ]
    if lines:
        blocks += [pdf.heading(word("careplan.lines", language)), pdf.points(*(" · ".join(one) for one in lines))]
    page: pdf.Told = {"title": word("careplan.title", language), "footer": plan.site.name, "blocks": blocks}
    return pdf.make(page, language=language, on=on)
