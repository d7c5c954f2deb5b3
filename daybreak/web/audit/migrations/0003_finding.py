"""By which questions is the trail found quickly? (its keys are in order of time, so the day needs no index of its own)"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0002_append_only")]

    operations: ClassVar = [
        migrations.AddIndex("entry", models.Index(fields=["who", "id"], name="audit_by_person")),
        migrations.AddIndex("entry", models.Index(fields=["subject", "id"], name="audit_about_patient")),
        migrations.AddIndex("entry", models.Index(fields=["action", "id"], name="audit_by_action")),
    ]
