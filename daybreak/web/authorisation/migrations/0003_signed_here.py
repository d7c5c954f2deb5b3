"""What is a patient asked to sign for a sum, and how was it signed here?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("authorisation", "0002_append_only"),
        ("papers", "0003_about_pregnancy"),
        ("people", "0004_zone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("what", models.CharField(max_length=20)),
                ("sum", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(max_length=10)),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="authorisation.authorisation",
                    ),
                ),
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
            ],
        ),
        migrations.CreateModel(
            name="Signed",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("name", models.CharField(max_length=120)),
                ("drawn", models.TextField(blank=True)),
                ("how", models.CharField(max_length=10)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="authorisation.event"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="papers.paper"),
                ),
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="authorisation.statement"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "what__in",
                        ["self_pay", "pending"],
                    )
                ),
                name="statement_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signed",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["link", "tablet"]), models.Q(("name", ""), _negated=True)),
                name="signed_by_somebody",
            ),
        ),
        append_only("authorisation_event", "authorisation_statement", "authorisation_signed"),
    ]
