"""What has every row of ours?"""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    """A key that the caller made (`ids.new()`), the organisation it belongs to, and when it was made (UTC, the caller's)."""

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    created = models.DateTimeField()

    class Meta:
        abstract = True
