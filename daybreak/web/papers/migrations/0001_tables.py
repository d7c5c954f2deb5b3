"""Which table holds the papers?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("papers", "0001_initial"), ("papers", "0002_protected"), ("papers", "0003_about_pregnancy")]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("media_type", models.CharField(max_length=60)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("bytes", models.BinaryField()),
                ("permission", models.CharField(max_length=40)),
                ("sensitivity", models.CharField(max_length=20)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="patients.patient"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "id"], name="papers_of_a_patient")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sensitivity__in", ("ordinary", "substance_use", "psychotherapy", "reproductive"))
                        ),
                        name="paper_sensitivity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True), models.Q(("about", ""), _negated=True)
                        ),
                        name="paper_says_what_it_is",
                    ),
                ],
            },
        ),
        append_only("papers_paper"),
    ]
