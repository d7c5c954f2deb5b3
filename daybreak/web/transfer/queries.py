"""Which packets left for a patient, and which of them arrived?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from daybreak.web.patients import queries
from daybreak.web.patients.models import Patient
from daybreak.web.transfer.models import Transfer


def of(patient: Patient) -> list[Transfer]:
    """The newest first, each with its receipt, without the bytes."""
    found = Transfer.objects.filter(patient__in=queries.together(patient))
    found = found.select_related("by", "site", "receipt", "receipt__by", "paper").defer("paper__bytes")
    return list(found.order_by("-id"))


def ids_of(patients: Iterable[UUID]) -> Iterable[UUID]:
    """The subjects of links of this purpose."""
    return Transfer.objects.filter(patient__in=list(patients)).values_list("pk", flat=True)
