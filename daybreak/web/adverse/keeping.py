"""How is the draft of a paper about an adverse event kept as a file? It is sent by a person, never by us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from daybreak.knowledge import adverse
from daybreak.web import zones
from daybreak.web.adverse import draft, queries
from daybreak.web.adverse.draft import WRITTEN_IN, Facts
from daybreak.web.adverse.models import Version
from daybreak.web.locks import locked
from daybreak.web.once import keys
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.papers.models import Paper
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission, require
from daybreak.web.refusals import Conflict, Refused
from daybreak.web.treatment import queries as treatments
from daybreak.web.words import word

KIND = "adverse"


@transaction.atomic
def keep(root: UUID, *, version: UUID, form: str, by: Person, at: datetime, key: UUID) -> Paper:
    """The draft of the version that the page showed, in English."""
    first = locked(Version, pk=root)
    require(by, Permission.WRITE_PATIENTS, at=at, site_id=first.site_id)
    content = {"root": root, "version": version, "form": form, "by": by.id}
    if earlier := keys.known(key, action="adverse_draft", content=content):
        return Paper.objects.get(pk=earlier)
    if form not in adverse.forms():
        raise Refused("adverse.which_form", in_field="form", typed=form[:40])
    one = queries.one(first.patient, root)
    if one is None or one.row.id != version:
        raise Conflict("adverse.meanwhile")
    now = treatments.now(one.row.session) if one.row.session else None
    with timezone.override(ZoneInfo(one.row.site.zone)):
        found = draft.facts(one, form, now, by=by, at=at, language=WRITTEN_IN)
        title = word("adverse.draft_title", WRITTEN_IN, form=found.form["words"][WRITTEN_IN])
        page: pdf.Told = {"title": title, "footer": one.row.site.name, "blocks": list(_blocks(found))}
    row = keep_paper(
        pdf.make(page, language=WRITTEN_IN, on=zones.day(at, one.row.site.zone), sheet="us-letter"),
        patient=one.row.patient,
        kind=KIND,
        about=f"adverse {one.row.root}",
        language=WRITTEN_IN,
        permission=Permission.READ_PATIENTS,
        by=by,
        at=at,
        site=one.row.site_id,
    )
    keys.remember(
        key, action="adverse_draft", content=content, answer=row.id, organisation_id=row.organisation_id, at=at
    )
    return row


def _blocks(found: Facts) -> Iterator[pdf.Block]:
    language, made = found.language, draft.lines(found)
    yield pdf.notice(word("adverse.draft_says", language))
    if found.one.review is None:
        yield pdf.notice(word("adverse.draft_unreviewed", language))
    lacking = word("adverse.draft_lacking", language)
    head = [word(one, language) for one in ("adverse.draft_at", "adverse.draft_asks", "adverse.draft_value")]
    yield pdf.table(head, [[one.at, one.words, one.value or lacking] for one in made], widths=(2, 6, 12))
