"""What is asked at once after a total alone, when the question about suicide beside it calls for somebody?

The same that follows that question where it is answered item by item (`followed`), as a form of its own: the scale itself was
given as a total, and is not rated a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daybreak.knowledge.suicide import calling
from daybreak.web.assessments import wordings
from daybreak.web.assessments.asked import MAKER as RATED
from daybreak.web.assessments.followed import BEFORE
from daybreak.web.forms.form import Form, Question
from daybreak.web.forms.models import Sitting
from daybreak.web.people.models import Person
from daybreak.web.words import word


class AfterTotal:
    """The `Maker` of what follows a total; it is named after the scale. Only the board asks it."""

    def ids(self) -> list[str]:
        """None that somebody could choose by itself."""
        return []

    def alone(self, name: str) -> bool:
        """It is gone through with somebody."""
        return False

    def form(self, name: str, language: str) -> Form:
        """The questions that follow the item, each open from the beginning that hung on the item alone."""
        rated = RATED.form(name, language)
        asked = tuple(_by_itself(one) for one in rated.questions if one.id.startswith(BEFORE))
        if not asked:
            raise LookupError(name)
        screener, title = calling().followup["screener"], word("assessments.after_total", language, scale=rated.title)
        said = wordings.wording(screener, language)["attribution"] if wordings.exists(screener) else ""
        return Form(f"followup:{name}", title, "", rated.language, asked, said)

    def sheet(self, name: str, language: str) -> Form:
        """The same: one question under the other."""
        return self.form(name, language)

    def urgent(self, name: str, question: Question, value: str) -> bool:
        """By the clinic's rule about suicide answers."""
        return RATED.urgent_item(name, question.id, value)

    def answered(self, sitting: Sitting, question: Question, value: str, *, by: Person | None, at: datetime) -> None:
        """It stands in the record at once, and whoever has the task hears of it."""
        RATED.answered_item(sitting, _scale(sitting), question.id, value, by=by, at=at)

    def tried(self, sitting: Sitting, question: Question, value: str, *, about: UUID, at: datetime) -> bool:
        """No link leads here; it would be told as everywhere."""
        return RATED.tried_item(sitting, _scale(sitting), question.id, value, about=about, at=at)

    def ended(
        self, sitting: Sitting, form: Form, answers: Mapping[str, str], *, by: Person | None, at: datetime
    ) -> None:
        """The level that the screener makes of it, where it was the screener that was asked."""
        RATED.ended_following(sitting, _scale(sitting), answers, by=by, at=at)


MAKER = AfterTotal()


def _scale(sitting: Sitting) -> str:
    return sitting.form.partition(":")[2]


def _by_itself(one: Question) -> Question:
    return one if one.after and one.after[0].startswith(BEFORE) else replace(one, after=None)
