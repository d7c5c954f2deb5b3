"""Did a rating say, since the treatment before, that what was gained is going, and what was judged of that?"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef

from daybreak.knowledge import scales
from daybreak.web import zones
from daybreak.web.steering.models import Decision, Judgement, Signal
from daybreak.web.steering.telling import DECISIONS
from daybreak.web.treatment.models import Session
from daybreak.web.words import known, word


def the_last(session: Session, language: str) -> dict[str, Any] | None:
    """The newest rating that says so, and the judgement that followed it (""): None: no rating says so, or there is no course."""
    between = Session.objects.filter(
        course=OuterRef("course"), created__lt=session.created, created__gte=OuterRef("created")
    )
    signals = Signal.objects.filter(~Exists(between), course=session.course_id).order_by("-created", "-id")
    called = signals.first() if session.course_id else None
    if called is None:
        return None
    judged = Judgement.objects.filter(course=session.course_id, created__gte=called.created).select_related("by")
    answer, language = judged.order_by("-created", "-id").first(), known(language)
    return {
        "scale": scales.data(called.scale)["title"][language],
        "day": called.day.isoformat(),
        "decision": word(DECISIONS[Decision(answer.decision)], language) if answer else "",
        "why": answer.why if answer else "",
        "by": answer.by.display_name if answer else "",
        "judged": zones.day(answer.created, session.site.zone).isoformat() if answer else "",
    }
