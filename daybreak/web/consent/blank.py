"""What does the sheet look like on which somebody reads, answers and signs a consent by hand?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from daybreak.knowledge.store import digest_of
from daybreak.web.consent.items import items, title
from daybreak.web.consent.models import HAS, Talk
from daybreak.web.papers import pdf
from daybreak.web.words import word


def paper(talk: Talk, *, number: str, on: date) -> bytes:
    """The PDF in large print: the document of the talk with nothing answered. The patient's number is at its foot, no name."""
    language = talk.language
    foot = word("consent.paper_foot", language, site=talk.site.name, version=talk.version)
    if number:
        foot = f"{foot} · {word('forms.paper_foot', language, number=number)}"
    told: pdf.Told = {"title": title(talk, language), "footer": foot, "blocks": list(_blocks(talk))}
    return pdf.make(told, language=language, on=on, large=True)


def _blocks(talk: Talk) -> Iterator[pdf.Block]:
    content, language, found = json.loads(talk.content), talk.language, items(talk)
    yield pdf.paragraph(str(content["about"][language]))
    yield pdf.paragraph(word("consent.sheet_how", language))
    yield pdf.heading(word("consent.paper_statements", language))
    yield from (pdf.tick(one.words) for one in found if not one.answers)
    for n, one in enumerate((one for one in found if one.answers), 1):
        yield pdf.together(pdf.heading(f"{n}. {one.words}"), *map(pdf.tick, one.answers))
    lines = ["consent.paper_patient", "patients.birth"]
    lines += ["consent.read_in", *(["consent.interpreter"] if talk.interpreter else [])]
    lines += ["consent.representative"] if talk.capacity != HAS else []
    lines += ["consent.paper_signed", "consent.paper_when", "consent.talked"]
    yield pdf.together(
        pdf.heading(word("consent.sheet_sign", language)),
        pdf.notice(word("consent.paper_free", language)),
        *(pdf.line(word(one, language)) for one in lines),
    )
    yield pdf.paragraph(word("consent.sheet_digest", language, digest=" ".join(_in_eights(digest_of(content)))))


def _in_eights(digest: str) -> Iterator[str]:
    return (digest[at : at + 8] for at in range(0, len(digest), 8))
