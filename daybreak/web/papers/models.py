"""Which papers were made? Each is kept as it was: a paper that says something else is another row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.patients.kinds import SENSITIVITIES
from daybreak.web.rows import Row


class Paper(Row):
    """A PDF, or what else we made to be given away, and who may open it.

    `kind` is one of `views.KINDS`, `about` the row that it tells of ("consent <id>").
    """

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.BinaryField()
    permission = models.CharField(max_length=40)
    sensitivity = models.CharField(max_length=20)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )  # None: the patient, or the clock

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "id"], name="papers_of_a_patient")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sensitivity__in=SENSITIVITIES), name="paper_sensitivity_is_known"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(about=""), name="paper_says_what_it_is"),
        ]
