"""How is a letter made: as a paper that people read, and as a FHIR document?"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from daybreak.exchange.fhir.apart import Identified
from daybreak.exchange.fhir.composition import LETTER, as_document
from daybreak.exchange.fhir.writer import bundle, document, written
from daybreak.knowledge.letters import letters
from daybreak.knowledge.terms import terms
from daybreak.web import zones
from daybreak.web.letters.facts import Facts, blocks
from daybreak.web.letters.queries import Standing
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import PDF
from daybreak.web.patients import identity, older, records
from daybreak.web.patients.kinds import ORDINARY, SENSITIVITIES
from daybreak.web.words import word

ADVERSE = "adverse "


@dataclass(frozen=True, slots=True)
class Made:
    """Both forms; `sensitivity` is a label when something in the letter bears one."""

    paper: bytes
    fhir: bytes
    sensitivity: str


def made(
    one: Standing,
    *,
    id: str,
    text: str,
    language: str,
    parts: Collection[str],
    labels: Collection[str],
    by: str,
    at: datetime,
) -> Made:
    """The letter as it would leave now; `id` is what the document is called."""
    row, whom = one.row, one.whom
    event = row.about.removeprefix(ADVERSE) if row.about.startswith(ADVERSE) else ""
    facts = Facts(row.patient, frozenset({ORDINARY, *labels}), language, at, event)
    paragraphs = [each.strip() for each in re.split(r"\n\s*\n", text) if each.strip()]
    who, title, today = (
        identity.of(facts.details),
        str(letters()[row.occasion]["title"][language]),
        zones.day(at, row.site.zone),
    )
    head = pdf.facts(
        (word("copies.name", language), who.name),
        (word("patients.birth", language), facts.details.birth or "–"),
        (word("letters.from", language), " · ".join(filter(None, (row.site.name, row.site.phone)))),
        (word("letters.to", language), " · ".join(filter(None, (whom.name, whom.practice)))),
        (word("copies.day", language), today.isoformat()),
    )
    ends = (
        pdf.notice(word("letters.not_here", language)),
        pdf.paragraph(word("letters.stands_for_it", language, name=by)),
    )
    shown = [part for part in facts_in_order(row.occasion) if part in parts]
    content = [head, *map(pdf.paragraph, paragraphs), *(each for part in shown for each in blocks(part, facts)), *ends]
    paper = pdf.make({"title": title, "footer": row.site.name, "blocks": content}, language=language, on=today)
    out = [entry for part in shown for entry in facts.rows(part)]
    named = Identified("", who.family_name, who.given_names, facts.details.birth, facts.details.sex, who.language)
    kept = document(
        id=f"{id}-paper", patient=f"Patient/{row.patient_id}", title=title, media_type=PDF, content=paper, at=at
    )
    listed = bundle(records.chart_of(facts.details, out), terms=terms(), at=at, who=named, more=[kept])
    borne = {older.label(entry) for entry in out} - {ORDINARY}
    whole = as_document(
        listed,
        id=id,
        code=LETTER,
        title=title,
        says=[*paragraphs, word("letters.not_here", language)],
        language=language,
        author=by,
        site=row.site.name,
        at=at,
        labels=sorted(borne),
    )
    return Made(paper, written(whole), next((label for label in SENSITIVITIES if label in borne), ORDINARY))


def facts_in_order(occasion: str) -> list[str]:
    """The parts that such a letter has by itself, then the others."""
    own = list(letters()[occasion]["parts"])
    every = [part for one in letters().values() for part in one["parts"]]
    return list(dict.fromkeys([*own, *every, "therapies"]))
