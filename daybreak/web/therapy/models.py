"""Which rows hold a therapist's own notes, and who opened them in an emergency? They are no entries of the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daybreak.web.glass.models import CODES
from daybreak.web.patients.kinds import PSYCHOTHERAPY
from daybreak.web.rows import Row


class Note(Row):
    """What was talked about on a day, for its author alone. Rows are versions: the one that nothing replaces counts."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    text = models.TextField()
    sensitivity = models.CharField(max_length=20, default=PSYCHOTHERAPY)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "therapy_note"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(condition=Q(sensitivity=PSYCHOTHERAPY), name="note_bears_its_label"),
        ]


class Opened(Row):
    """Somebody read the notes of others about a patient in an emergency, for a reason, until `ends`."""

    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    reason = models.CharField(max_length=1000)
    ends = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        db_table = "therapy_opened"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__in=CODES), name="notes_opened_code_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="notes_opened_has_a_reason"),
        ]
