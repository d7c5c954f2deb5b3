"""The papers of a patient: which there are, and each as it was made."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from daybreak.web import zones
from daybreak.web.access import needs
from daybreak.web.papers import queries
from daybreak.web.papers.actions import ENDINGS
from daybreak.web.patients import queries as patients
from daybreak.web.patients import reading
from daybreak.web.patients.views import show
from daybreak.web.people.permissions import Permission
from daybreak.web.words import word

# What a paper is, and its sentence.
KINDS = {
    "consent": "papers.kind_consent",
    "payment": "papers.kind_payment",
    "packet": "papers.kind_packet",
    "record": "papers.kind_record",
    "transfer": "papers.kind_transfer",
    "letter": "papers.kind_letter",
    "letter_cover": "papers.kind_letter_cover",
    "notice": "papers.kind_notice",
    "session": "papers.kind_session",
    "rems": "rems.kind",
    "rems_enrolment": "rems.kind_enrolment",
    "rems_proof": "rems.kind_proof",
    "adverse": "adverse.kind",
    "hand_out": "papers.kind_hand_out",
    "recall_letter": "papers.kind_recall_letter",
    "hand_over": "chronicle.hand_over",
}


@needs(Permission.FIND_PATIENTS)
@require_safe
def every_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was made for this patient and the reader may open, the newest first."""
    patient = patients.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.FIND_PATIENTS
    )
    papers = [
        {
            "row": row,
            "kind": word(KINDS[row.kind], get_language()),
            "made": zones.minute(row.created),
            "by": row.by.display_name if row.by else "",
            "ending": ENDINGS[row.media_type].upper(),
        }
        for row in queries.open_to(request.person, patient.id, at=request.received_at)
    ]
    return show(request, patient, "papers/every.html", papers=papers)


@needs(Permission.FIND_PATIENTS)
@require_safe
def paper(request: HttpRequest, patient_id: UUID, paper_id: UUID) -> HttpResponse:
    """One paper, byte for byte. Its name tells neither whose it is nor what is in it."""
    patient = patients.patient_or_404(
        request.person, patient_id, request.received_at, permission=Permission.FIND_PATIENTS
    )
    row = next(
        (one for one in queries.open_to(request.person, patient.id, at=request.received_at) if one.id == paper_id), None
    )
    if row is None:
        raise Http404
    reading.read("paper", patient, who=request.person.id, at=request.received_at)
    name = f"{row.created:%Y-%m-%d}-{row.sha256[:8]}.{ENDINGS[row.media_type]}"
    return HttpResponse(
        bytes(row.bytes),
        content_type=row.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
