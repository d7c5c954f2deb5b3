"""By which way does a letter leave: a link that is mailed, or a fax with its cover?

A mail says that something waits and nothing of whom it is about; the letter itself stands behind its link.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from daybreak.web import zones
from daybreak.web.letters.actions import SHORT, add, opened, require_written, source
from daybreak.web.letters.models import Letter, Step, What
from daybreak.web.links import actions as links
from daybreak.web.links import born
from daybreak.web.links.models import LETTER
from daybreak.web.papers import pdf
from daybreak.web.papers.actions import keep as keep_paper
from daybreak.web.people.models import Person
from daybreak.web.people.permissions import Permission
from daybreak.web.reach import posting
from daybreak.web.reach import queries as reach
from daybreak.web.refusals import Refused
from daybreak.web.tasks import actions as tasks
from daybreak.web.words import word


@transaction.atomic
def mail(letter: Letter, *, by: Person, at: datetime, key: UUID) -> Step:
    """A notice to whom it goes, with the link behind which it stands. Nothing is mailed where nothing goes out any more."""
    one, earlier = opened(letter, What.MAILED, {}, by=by, at=at, key=key)
    if earlier:
        return earlier
    require_written(one)
    if reach.stopped([one.row.patient_id]):
        raise Refused("reach.nothing_goes")
    if not one.whom.email:
        raise Refused("letters.no_address", name=one.whom.name)
    born.required(one.row.patient)
    about = {"purpose": LETTER, "subject": one.row.id, "organisation_id": one.row.organisation_id}
    link = links.make(**about, site_id=one.row.site_id, by=by, at=at)
    message = posting.to_outsider(one.whom, about=one.row.id, at=at, link=link)
    row = add(one, What.MAILED, text=one.whom.email, message=message, by=by, at=at, key=key, told={})
    tasks.done(source=source(one.row), by=by, at=at)
    return row


@transaction.atomic
def cover(letter: Letter, *, number: str, pages: str, by: Person, at: datetime, key: UUID) -> Step:
    """The first sheet of a fax: from whom, to whom, how many pages; nothing of the patient stands on it."""
    told = {"number": number, "pages": pages}
    one, earlier = opened(letter, What.COVERED, told, by=by, at=at, key=key)
    if earlier:
        return earlier
    require_written(one)
    if not number or len(number) > SHORT or not (pages.isascii() and pages.isdecimal() and len(pages) < 4):
        raise Refused("letters.number_missing", in_field="number")
    written, site, whom = one.written, one.row.site, one.whom
    assert written is not None  # required above
    language = written.language
    blocks = [
        pdf.facts(
            (word("letters.to", language), " · ".join(filter(None, (whom.name, whom.practice)))),
            (word("letters.fax_number", language), number),
            (word("letters.from", language), site.name),
            (word("letters.phone", language), site.phone or "–"),
            (word("letters.pages", language), str(int(pages) + 1)),
            (word("copies.day", language), zones.day(at, site.zone).isoformat()),
        ),
        pdf.notice(word("letters.misdirected", language)),
    ]
    page: pdf.Told = {"title": word("letters.cover", language), "footer": site.name, "blocks": blocks}
    paper = keep_paper(
        pdf.make(page, language=language, on=zones.day(at, site.zone)),
        patient=one.row.patient,
        kind="letter_cover",
        about=f"letter {one.row.id}",
        language=language,
        permission=Permission.READ_SCREENING,
        by=by,
        at=at,
        site=site.id,
    )
    return add(one, What.COVERED, text=number, paper=paper, by=by, at=at, key=key, told=told)
