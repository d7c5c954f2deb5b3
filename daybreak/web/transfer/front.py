"""What goes in front of a record that leaves: decisions, courses, consents and the safety plan, which no entry tells?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.assessments import leaving
from daybreak.web.chronicle import leaving as treatments
from daybreak.web.consent import queries as consents
from daybreak.web.consent.items import title as document
from daybreak.web.consent.models import Talk
from daybreak.web.courses.models import Course
from daybreak.web.courses.telling import END
from daybreak.web.papers import pdf
from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.screening.hard import needs
from daybreak.web.screening.models import TREAT, Snapshot
from daybreak.web.words import word

HOLDS = {
    consents.VALID: "transfer.holds",
    consents.EXPIRED: "transfer.expired",
    consents.WITHDRAWN: "transfer.withdrawn",
    consents.BEGUN: "transfer.not_signed",
    consents.ENDED: "transfer.not_signed",
    consents.SERIES_OVER: "transfer.series_over",
}


def front(patient: Patient, language: str, *, at: datetime) -> Iterable[pdf.Block]:
    """The decisions with who signed them, courses, consents, the newest safety plan, and that what is not named was not
    recorded."""
    yield from decisions(patient, language)
    yield from courses(patient, language)
    yield from treatments.blocks(patient, language)
    yield pdf.heading(word("transfer.consents", language))
    talked = [
        [_day(talk), document(talk, language), word(HOLDS[consents.state(talk, at=at)], language)]
        for talk in consents.talks(patient)
    ]
    yield _table(("copies.day", "transfer.consent", "transfer.how_it_stands"), talked, language)
    yield from _safety_plan(patient, language)
    yield pdf.notice(word("transfer.not_here", language))


def decisions(patient: Patient, language: str) -> Iterable[pdf.Block]:
    """Each decision that was signed, the newest first, with who signed it."""
    title = spoken(language)
    yield pdf.heading(word("transfer.decisions", language))
    head = ("copies.day", "authorisation.treatment", "transfer.decision", "transfer.by")
    found = Snapshot.objects.filter(patient__in=queries.together(patient)).defer("content")
    yield _table(
        head,
        [
            [_day(one), title.word(f"protocol.{one.protocol}"), _decided(one, language), _signers(one)]
            for one in found.select_related("by", "site", "second", "second__by").order_by("-id")
        ],
        language,
    )


def courses(patient: Patient, language: str) -> Iterable[pdf.Block]:
    """Each course, the newest first, with the day on which it ended and why."""
    title, lines = spoken(language), []
    yield pdf.heading(word("transfer.courses", language))
    found = Course.objects.filter(patient__in=queries.together(patient)).select_related("end", "site")
    for course in found.order_by("-id"):
        ended = word("transfer.goes_on", language)
        if hasattr(course, "end"):
            ended = f"{zones.day(course.end.created, course.site.zone)} {word(END[course.end.reason], language)}"
        lines.append([course.starts.isoformat(), title.word(f"protocol.{course.protocol}"), ended])
    yield _table(("transfer.begun", "authorisation.treatment", "transfer.how_it_ended"), lines, language)


def _safety_plan(patient: Patient, language: str) -> Iterable[pdf.Block]:
    newest = leaving.newest(patient)
    yield pdf.heading(word("assessments.plan", language))
    if newest is None:
        yield pdf.paragraph(word("transfer.no_plan", language))
        return
    by = newest.ending.by.display_name if newest.ending.by else ""
    yield pdf.paragraph(f"{zones.day(newest.ending.created, newest.site.zone).isoformat()} {by}".strip())
    rows = [list(one) for one in leaving.lines(newest, language=language)]
    yield _table(("transfer.asked", "transfer.said"), rows, language)


def _table(head: Iterable[str], rows: list[list[str]], language: str) -> pdf.Block:
    said = [word(one, language) for one in head]
    return pdf.table(said, rows) if rows else pdf.paragraph(word("transfer.none", language))


def _day(one: Snapshot | Talk) -> str:
    return zones.day(one.created, one.site.zone).isoformat()


def _decided(one: Snapshot, language: str) -> str:
    if one.outcome != TREAT:
        return word("transfer.not_yet", language)
    waits = needs(one) and not hasattr(one, "second")
    return word("transfer.waits_for_second" if waits else "transfer.treat", language)


def _signers(one: Snapshot) -> str:
    second = [one.second.by] if hasattr(one, "second") else []
    return ", ".join(by.display_name for by in (one.by, *second))
