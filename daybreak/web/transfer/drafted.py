"""What does the drafted notice say that care moves to another clinic? Facts of the record, and lines for what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from daybreak.knowledge.sentences import language as spoken
from daybreak.web import zones
from daybreak.web.courses.models import Course
from daybreak.web.courses.telling import END
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.patients import identity, queries
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.transfer.models import Transfer
from daybreak.web.words import word

# What whoever sends it writes in: nothing here knows it.
TO_WRITE = (
    "transfer.notice_patient_number",
    "transfer.notice_site_number",
    "transfer.notice_last",
    "transfer.notice_sent_by",
    "transfer.notice_sent_on",
)


def keep(row: Transfer, told: Mapping[str, Any], *, by: Person, at: datetime) -> Paper:
    """The draft as a PDF, in the transaction that makes the packet. It leaves by a person's hand only."""
    language = str(told["written_in"])
    return keep_paper(
        _made(row, told, language=language, by=by, at=at),
        patient=row.patient,
        kind="notice",
        about=f"transfer {row.id}",
        language=language,
        permission=Permission.READ_SCREENING,
        by=by,
        at=at,
        site=row.site_id,
    )


def papers(rows: Iterable[Transfer]) -> dict[UUID, list[Paper]]:
    """The drafts made with each packet, without the bytes."""
    about = {f"transfer {one.id}": one.id for one in rows}
    found: dict[UUID, list[Paper]] = {}
    for paper in Paper.objects.filter(kind="notice", about__in=about).defer("bytes").order_by("id"):
        found.setdefault(about[paper.about], []).append(paper)
    return found


def _made(row: Transfer, told: Mapping[str, Any], *, language: str, by: Person, at: datetime) -> bytes:
    details, title, today = queries.details(row.patient), spoken(language), zones.day(at, row.site.zone)
    courses = Course.objects.filter(patient__in=queries.together(row.patient), protocol__in=told["protocols"])
    lines = [
        [
            one.starts.isoformat(),
            title.word(f"protocol.{one.protocol}"),
            word(END[one.end.reason] if hasattr(one, "end") else "transfer.goes_on", language),
        ]
        for one in courses.select_related("end").order_by("-id")
    ]
    head = ("transfer.begun", "authorisation.treatment", "transfer.how_it_ended")
    blocks = [
        pdf.notice(word("transfer.notice_draft", language)),
        pdf.paragraph(str(told["says"][language])),
        pdf.facts(
            (word("copies.name", language), identity.of(details).name),
            (word("patients.birth", language), details.birth or "–"),
            (word("transfer.notice_from", language), row.site.name),
            (word("transfer.to", language), row.receiver),
            (word("transfer.notice_packet", language), today.isoformat()),
            (word("transfer.notice_by", language), by.display_name),
        ),
        pdf.heading(word("transfer.courses", language)),
        pdf.table([word(one, language) for one in head], lines),
        pdf.heading(word("transfer.notice_write", language)),
        *(pdf.line(word(one, language)) for one in TO_WRITE),
    ]
    page: pdf.Told = {"title": word("transfer.notice_title", language), "footer": row.site.name, "blocks": blocks}
    return pdf.make(page, language=language, on=today)
