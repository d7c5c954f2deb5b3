"""Which paper says that somebody signed?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daybreak.web import zones
from daybreak.web.consent.items import STILL, Item, title
from daybreak.web.consent.models import HAS, Talk
from daybreak.web.papers import pdf
from daybreak.web.patients import identity as identities
from daybreak.web.patients import queries as patients
from daybreak.web.words import LANGUAGES, word

MODES = {"room": "consent.mode_room", "video": "consent.mode_video", "phone": "consent.mode_phone"}


def paper(
    talk: Talk, items: Sequence[Item], *, name: str, read_in: str, drawn: str, last_day: date, at: datetime
) -> bytes:
    """The PDF, in the language of the text: what was said, understood and explained, who signed, when, and how long it holds."""
    language = talk.language
    about = patients.details(talk.patient)
    rows = [
        (word("consent.paper_patient", language), identities.of(about).name),
        (word("patients.birth", language), about.birth),
        (word("consent.talked", language), talk.by.display_name),
        (word("consent.mode", language), word(MODES[talk.mode], language)),
        (word("consent.spoken_in", language), talk.spoken_in),
        (word("consent.text_in", language), LANGUAGES[language]),
        (word("consent.read_in", language), read_in),
    ]
    if talk.interpreter:
        rows.append((word("consent.interpreter", language), talk.interpreter))
    if talk.capacity != HAS:
        rows.append((word("consent.representative", language), f"{talk.representative} ({talk.ground})"))
    blocks = [
        pdf.paragraph(str(json.loads(talk.content)["about"][language])),
        pdf.facts(*rows),
        pdf.heading(word("consent.paper_statements", language)),
        *(pdf.tick(f"{one.words}{_explained(one, language)}", ticked=True) for one in items if not one.answers),
    ]
    asked = [one for one in items if one.answers and one.said is not None]
    if asked:
        blocks.append(pdf.heading(word("consent.paper_questions", language)))
        blocks.append(pdf.facts(*((one.words, _answer(one, language)) for one in asked)))
    signed = f"{at.astimezone(ZoneInfo(talk.site.zone)):%Y-%m-%d %H:%M %Z}"
    blocks += [
        pdf.notice(word("consent.paper_free", language)),
        pdf.together(
            *([pdf.drawn(word("consent.paper_drawn", language, name=name), drawn)] if drawn else []),
            pdf.line(word("consent.paper_signed", language), name),
            pdf.line(word("consent.paper_when", language), signed),
            pdf.line(word("consent.paper_last_day", language), last_day.isoformat()),
        ),
    ]
    told: pdf.Told = {
        "title": title(talk, language),
        "footer": word("consent.paper_foot", language, site=talk.site.name, version=talk.version),
        "blocks": blocks,
    }
    return pdf.make(told, language=language, on=zones.day(at, talk.site.zone))


def _answer(one: Item, language: str) -> str:
    """What was answered; of another answer than ours the paper says so."""
    still = f" ({word('consent.paper_still', language)})" if one.state == STILL else ""
    return f"{one.answers[one.said or 0]}{still}{_explained(one, language)}"


def _explained(one: Item, language: str) -> str:
    return f" ({word('consent.paper_explained', language, name=one.explained)})" if one.explained else ""
