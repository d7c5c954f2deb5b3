"""Which label counts for an entry from before pregnancy bore one? (rows are never changed, so it is said when they are read)"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from django.db.migrations.recorder import MigrationRecorder

from daybreak.web.patients.kinds import ORDINARY, REPRODUCTIVE, Kind
from daybreak.web.patients.models import Entry

SAYS = ('"pregnancy', '"cannot_become_pregnant', '"breastfeeding_')  # in the payload of an entry about it
KINDS = (Kind.OBSERVATION, Kind.CONDITION)


def label(entry: Entry) -> str:
    """What the entry bears; what tells of pregnancy and is older than its label bears that one all the same."""
    old = entry.sensitivity == ORDINARY and entry.kind in KINDS and entry.created < since()
    return REPRODUCTIVE if old and any(one in entry.payload for one in SAYS) else entry.sensitivity


@cache
def since() -> datetime:
    """Since when this database knows the label; one that was made with it has nothing older."""
    steps = MigrationRecorder.Migration.objects.filter(app="patients", name="0007_about_pregnancy")
    return steps.values_list("applied", flat=True).first() or datetime.min.replace(tzinfo=UTC)
