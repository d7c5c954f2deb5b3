"""What does a form look like on paper, in large print?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID, Form, Kind, Question
from daybreak.web.papers import pdf
from daybreak.web.words import known, word

OTHERS = {NOT_SAID: "forms.not_said", NOT_KNOWN: "forms.not_known"}


def paper(form: Form, *, on: date, language: str, number: str) -> bytes:
    """The blank form. At its foot stands the patient's number, so that a sheet finds its way back; no name."""
    blocks = list(_blocks(form, language))
    footer = word("forms.paper_foot", language, number=number)
    return pdf.make(
        {"title": form.title, "footer": footer, "blocks": blocks}, language=form.language, on=on, large=True
    )


def _blocks(form: Form, language: str) -> Iterator[pdf.Block]:
    if form.language != known(language):
        yield pdf.paragraph(word("forms.other_language", language))
    if form.explained:
        yield pdf.paragraph(form.explained)
    yield pdf.paragraph(word("forms.paper_how", language))
    stem = ""
    for n, question in enumerate(form.questions, 1):
        if question.stem != stem and question.stem:
            yield pdf.paragraph(question.stem)
        stem = question.stem
        yield from _asked(n, question, form, language)
    if form.attribution:
        yield pdf.paragraph(form.attribution)


def _asked(n: int, question: Question, form: Form, language: str) -> Iterator[pdf.Block]:
    yield pdf.heading(f"{n}. {question.words}")
    if question.after is not None:
        yield pdf.paragraph(word("forms.paper_after", language, n=form.ids.index(question.after[0]) + 1))
    if question.help:
        yield pdf.paragraph(question.help)
    for option in question.options:
        yield pdf.tick(option.words)
    if question.kind not in (Kind.CHOICE, Kind.SEVERAL):
        yield pdf.line(question.unit)
    for other in question.others:
        yield pdf.tick(word(OTHERS[other], language))
