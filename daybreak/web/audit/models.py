"""What is one line of the audit trail, and what links the lines?

Neither table points at others by a constraint of the database: the trail outlives what it tells of, and a line that was
removed must be found missing rather than be impossible to remove.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """Who did what to which object, when, where, about whom. Ids only; `digest` is of the content, under our key."""

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    via = models.CharField(max_length=10)  # web, cli, clock, link; glass: in an emergency
    who = models.UUIDField(null=True)  # None: nobody signed in, or the operator at the command line
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)  # the patient
    site = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=20)
    mac = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        indexes: ClassVar = [
            models.Index(fields=["who", "id"], name="audit_by_person"),
            models.Index(fields=["subject", "id"], name="audit_about_patient"),
            models.Index(fields=["action", "id"], name="audit_by_action"),
        ]


class Seal(models.Model):
    """The place of one entry in the chain. `mac` covers the place, the entry and the mac before it."""

    place = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, db_constraint=False, related_name="seal")
    key = models.CharField(max_length=20)
    mac = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_seal"
