"""How does the newest safety plan leave: with the patient, or with a record that another system reads?"""

from __future__ import annotations

from daybreak.exchange.fhir.resources import Json
from daybreak.exchange.fhir.writer import document
from daybreak.web.assessments.plan import NAME
from daybreak.web.forms import makers, queries
from daybreak.web.forms.form import NOT_SAID
from daybreak.web.forms.models import UNUSED, Sitting
from daybreak.web.patients import queries as patients
from daybreak.web.patients.models import Patient

PLAN = f"plan:{NAME}"
TEXT = "text/plain; charset=utf-8"


def newest(patient: Patient) -> Sitting | None:
    """The plan that counts: the last one that was made to its end, on any record of the person."""
    made = Sitting.objects.filter(patient__in=patients.together(patient), form=PLAN, ending__isnull=False)
    made = made.exclude(ending__how__in=UNUSED).select_related("site", "ending", "ending__by")
    return made.order_by("-ending__created", "-id").first()


def lines(plan: Sitting, *, language: str) -> list[tuple[str, str]]:
    """Every question with what was said to it; where nothing was, a dash."""
    said = queries.answers(plan)
    form = makers.form(PLAN, language)
    return [(one.words, said.get(one.id, "").replace(NOT_SAID, "") or "–") for one in form.questions]


def resources(patient: Patient, *, language: str) -> list[Json]:
    """One FHIR DocumentReference with every question and what was said to it; none when no plan was made."""
    plan = newest(patient)
    if plan is None:
        return []
    content = "\n".join(f"{words}\n{said}\n" for words, said in lines(plan, language=language))
    return [
        document(
            id=str(plan.id),
            patient=f"Patient/{patient.id}",
            title=makers.form(PLAN, language).title,
            media_type=TEXT,
            content=content.encode(),
            at=plan.ending.created,
        )
    ]
