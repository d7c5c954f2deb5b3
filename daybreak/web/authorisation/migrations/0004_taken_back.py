"""Who signs for a patient, and what was taken back before anybody signed it?"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("authorisation", "0003_signed_here"),
        ("people", "0005_phone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField("statement", "ground", models.CharField(max_length=200, null=True)),
        migrations.AddField("statement", "representative", models.CharField(max_length=120, null=True)),
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("reason", models.CharField(max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="authorisation.statement",
                    ),
                ),
            ],
            options={
                "db_table": "authorisation_taken_back",
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(("reason", "")), name="taken_back_has_a_reason")
                ],
            },
        ),
        append_only("authorisation_taken_back", "authorisation_statement"),
    ]
