"""What does a card of today say, what is published, and what does a site state?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from daybreak.clinical.clinic.quality import Answer, Shown, Statement, answers, merged, quarter_end
from daybreak.knowledge import card
from daybreak.knowledge.store import digest_of
from daybreak.web import zones
from daybreak.web.card import counts, followed
from daybreak.web.card.models import Card, Stated
from daybreak.web.card.treated import people_since, treated
from daybreak.web.people.models import Site


def stated(site: Site) -> dict[str, Stated]:
    """The newest statement of each measure."""
    rows = Stated.objects.filter(site=site).select_related("by").order_by("id")
    return {one.measure: one for one in rows}


def answered(site: Site, *, at: datetime) -> tuple[Answer, ...]:
    """As they are now, of the shortest time that ends with a quarter and in which enough people were treated."""
    today = zones.day(at, site.zone)
    last = quarter_end(today)
    long = merged(card.lengths(), (people_since(site, last - one, last) for one in card.lengths()), small=card.small())
    of = treated(site, last - long, last)
    statements = {
        one.measure: Statement(one.text, one.by.display_name, one.on, one.until, one.evidence)
        for one in stated(site).values()
    }
    counted = {**counts.counts(of, at=at), **followed.counts(of, at=at)}
    told = {"first": of.first, "last": of.last, "on": today, "small": card.small()}
    return answers(card.asked(), counted, statements, **told)


def document(site: Site, found: Iterable[Answer], *, by: str, slug: str, at: datetime) -> dict[str, Any]:
    """What is signed: ids to compute with, and every sentence in every language as it was then."""
    every = list(found)
    return {
        "site": site.name,
        "slug": slug,
        "published": zones.day(at, site.zone).isoformat(),
        "first": every[0].first.isoformat(),
        "last": every[0].last.isoformat(),
        "by": by,
        "small": card.small(),
        "knowledge": digest_of(card.data()),
        "answers": [_answer(one) for one in every],
    }


def _answer(one: Answer) -> dict[str, Any]:
    question = next(each for each in card.data()["questions"] if each["id"] == one.question)
    measure = card.measure(one.measure)
    people = next(each for each in card.data()["populations"] if each["id"] == measure["population"])
    told = one.statement
    return {
        "head": question["head"],
        "question": one.question,
        "asks": question["words"],
        "measure": one.measure,
        "population": measure["population"],
        "counted": people["words"],
        "said": one.said.value,
        "n": _shown(one.n),
        "of": _shown(one.of),
        "unknown": _shown(one.unknown),
        "worst": _shown(one.worst),
        "value": one.value,
        "sentence": measure.get("words"),
        "few": measure.get("few"),
        "least": measure.get("least"),
        "statement": told
        and {
            "text": told.text,
            "by": told.by,
            "on": told.on.isoformat(),
            "until": told.until.isoformat(),
            "evidence": told.evidence,
        },
    }


def _shown(one: Shown | None) -> dict[str, Any] | None:
    return {"how": one.how.value, "value": one.value} if one else None


def slug(site: Site) -> str:
    """The address of its card: its name in Latin letters where that is one and no other site's, else its id."""
    found = slugify(site.name)[:60]
    others = Card.objects.filter(slug=found).exclude(site=site).exists()
    return str(site.id) if not found or found == "check" or others else found


def published(slug: str) -> Card | None:
    """The newest card under that address."""
    return Card.objects.filter(slug=slug).order_by("-id").first()


def newest(sites: Iterable[UUID]) -> dict[UUID, Card]:
    """By site the card that counts."""
    rows = Card.objects.filter(site__in=list(sites)).order_by("id").select_related("by").defer("content")
    return {one.site_id: one for one in rows}


def clinics() -> list[tuple[Site, Card | None]]:
    """Every open site of the organisation, by name and by nothing else, with its card."""
    sites = list(Site.objects.filter(closed=None).order_by("name"))
    cards = newest(one.id for one in sites)
    return [(one, cards.get(one.id)) for one in sites]
