"""Where is it kept what a protocol rested on when it was adopted?"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_phone"), ("protocols", "0003_stricter_here")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Ground",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("content", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "digest"), name="ground_is_kept_once"),
                ],
            },
        ),
        migrations.AddField(
            "adoption",
            "ground",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.ground"
            ),
        ),
        append_only("protocols_ground", "protocols_adoption"),
    ]
