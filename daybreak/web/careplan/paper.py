"""How does one page of care look on paper, for whoever reads these topics?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daybreak.knowledge.careplan import topics
from daybreak.web import zones
from daybreak.web.assessments import leaving as safety
from daybreak.web.careplan import queries
from daybreak.web.careplan.models import Plan
from daybreak.web.forms.models import Sitting
from daybreak.web.papers import pdf
from daybreak.web.patients import identity
from daybreak.web.patients.models import Details
from daybreak.web.words import word


def of_plan(
    plan: Plan, shown: Sequence[str], lines: Sequence[tuple[str, str, str]], *, language: str
) -> list[pdf.Block]:
    """The topics in their order, what others added, and when it is looked at again."""
    said = queries.answers(plan)
    blocks = [
        pdf.heading(word("careplan.title", language)),
        pdf.facts(
            (word("careplan.written", language), f"{zones.day(plan.created, plan.site.zone)} · {plan.by.display_name}"),
            (word("careplan.review_on", language), plan.review_on.isoformat()),
            *((topics()[id]["title"][language], said[id] or "–") for id in shown),
        ),
    ]
    if lines:
        blocks += [pdf.heading(word("careplan.lines", language)), pdf.points(*(" · ".join(one) for one in lines))]
    return blocks


def of_safety(plan: Sitting, *, language: str) -> list[pdf.Block]:
    """What is done when thoughts of suicide come, as it was said."""
    return [
        pdf.heading(word("assessments.plan", language)),
        pdf.paragraph(zones.day(plan.ending.created, plan.site.zone).isoformat()),
        pdf.facts(*safety.lines(plan, language=language)),
    ]


def made(details: Details, blocks: Sequence[pdf.Block], *, footer: str, on: date, language: str) -> bytes:
    """The paper as a PDF, with whose it is."""
    name = pdf.facts((word("copies.name", language), identity.of(details).name))
    page: pdf.Told = {"title": word("careplan.title", language), "footer": footer, "blocks": [name, *blocks]}
    return pdf.make(page, language=language, on=on)
