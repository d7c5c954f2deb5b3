"""What did the patient say in the intake would make a visit easier, and does it ask for something?"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from daybreak.web.forms.form import NOT_KNOWN, NOT_SAID
from daybreak.web.forms.models import UNUSED, Answer

FORM, QUESTION = "intake:intake", "access"
NOTHING = frozenset({"no", "none", "nothing", "n/a", "无", "没有", "不需要"})  # alone, and no part of a sentence


def needs(text: str) -> bool:
    """Is something asked for? What is not understood is."""
    return text not in ("", NOT_SAID, NOT_KNOWN) and text.strip(" .!。！\n").casefold() not in NOTHING


def answers() -> QuerySet[Answer]:
    """The last answer to that question in each form that is over and counts, if it says something; the newest form first."""
    in_time = Answer.objects.filter(sitting__form=FORM, question=QUESTION, created__lte=F("sitting__ending__created"))
    taken_back = in_time.filter(sitting=OuterRef("sitting"), seq__gt=OuterRef("seq"))
    found = in_time.exclude(sitting__ending__how__in=UNUSED).exclude(value__in=(NOT_SAID, NOT_KNOWN))
    return found.filter(~Exists(taken_back)).order_by("-sitting__id")


def said() -> dict[str, Any]:
    """For a query of details: the newest such answer of the patient, `said_access`, and when it was given, `said_on`."""
    theirs = answers().filter(sitting__patient=OuterRef("patient"))
    return {"said_access": Subquery(theirs.values("value")[:1]), "said_on": Subquery(theirs.values("created")[:1])}
