"""How many of those who were asked answered, by which door and in which language, and which doors and languages are there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from daybreak.web import zones
from daybreak.web.forms import makers
from daybreak.web.forms.models import ALONE, UNUSED, Ended, Mode, Sitting
from daybreak.web.people.models import Site
from daybreak.web.words import LANGUAGES, word

DOORS = {
    Mode.LINK: "forms.door_link",
    Mode.TABLET: "forms.door_tablet",
    Mode.PHONE: "forms.door_phone",
    Mode.DESK: "forms.door_desk",
    Mode.PAPER: "forms.door_paper",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """By one door in one language: how many were `asked`, answered to the end (`finished`) or in part (`as_far`), and how many
    have not answered yet or not to the end (`waits`)."""

    door: str
    language: str
    asked: int
    finished: int
    as_far: int
    waits: int


def of(site: Site, until: date, *, language: str) -> list[Asked]:
    """What a site asked from the first of the month until a day. What was taken back unanswered, or ended by a death, is left
    out."""
    begins = zones.midnight(until.replace(day=1), site.zone)
    ends = zones.midnight(until + timedelta(days=1), site.zone)
    found = Sitting.objects.filter(site=site, created__gte=begins, created__lt=ends).exclude(ending__how__in=UNUSED)
    counted = found.values("mode", "language").annotate(
        asked=Count("id"),
        finished=Count("id", filter=Q(ending__how=Ended.FINISHED)),
        as_far=Count("id", filter=Q(ending__how=Ended.AS_FAR)),
        waits=Count("id", filter=Q(ending=None)),
    )
    rows = sorted(counted, key=lambda one: (list(Mode).index(Mode(one["mode"])), one["language"]))
    return [
        Asked(
            word(DOORS[Mode(one["mode"])], language),
            LANGUAGES[one["language"]],
            **{name: one[name] for name in ("asked", "finished", "as_far", "waits")},
        )
        for one in rows
    ]


def doors(language: str) -> list[tuple[str, list[str], list[str]]]:
    """Every form: its title, the doors by which it can be answered, and the languages in which it can be read."""
    return [
        (
            makers.form(id, language).title,
            [word(DOORS[mode], language) for mode in Mode if mode not in ALONE or _alone(id)],
            [name for code, name in LANGUAGES.items() if makers.form(id, code).language == code],
        )
        for id in makers.every()
    ]


def _alone(id: str) -> bool:
    made, name = makers.maker(id)
    return made.alone(name)
