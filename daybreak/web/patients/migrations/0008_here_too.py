"""Which site asked to treat a patient of another one too, and what was answered?"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("patients", "0007_about_pregnancy"),
        ("people", "0004_zone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HereTooAsked",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("number", models.CharField(max_length=60)),
                ("family_name", models.CharField(max_length=200)),
                ("given_names", models.CharField(blank=True, max_length=200)),
                ("birth", models.CharField(max_length=10)),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "patients_here_too_asked",
            },
        ),
        migrations.CreateModel(
            name="HereTooAnswer",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("confirmed", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
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
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="patients.heretooasked"
                    ),
                ),
            ],
            options={
                "db_table": "patients_here_too_answer",
            },
        ),
        migrations.AddConstraint(
            model_name="heretooasked",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="here_too_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="heretooanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="here_too_refused_for_a_reason",
            ),
        ),
        append_only("patients_here_too_asked", "patients_here_too_answer"),
    ]
