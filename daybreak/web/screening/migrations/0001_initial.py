"""Which tables hold what was signed?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0002_append_only"),
        ("people", "0002_append_only"),
        ("protocols", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("protocol", models.CharField(max_length=60)),
                ("protocol_digest", models.CharField(max_length=64)),
                ("criterion", models.CharField(max_length=60)),
                ("verdict", models.CharField(max_length=10)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("scope", models.CharField(max_length=10)),
                ("needs_two", models.BooleanField()),
                ("code", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=2000)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "screening_override",
            },
        ),
        migrations.CreateModel(
            name="OverrideEvent",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
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
                    "override",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="screening.override"
                    ),
                ),
            ],
            options={
                "db_table": "screening_override_event",
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("protocol", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=10)),
                ("digest", models.CharField(max_length=64)),
                ("knowledge_digest", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=30)),
                ("outcome", models.CharField(max_length=10)),
                ("review_on", models.DateField(null=True)),
                ("language", models.CharField(max_length=10)),
                ("content", models.TextField()),
                ("content_digest", models.CharField(max_length=64)),
                (
                    "adoption",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="protocols.adoption",
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
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        ("benefit_outweighs", "passing_cause", "known_otherwise", "specialist_advice", "other"),
                    )
                ),
                name="override_code_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("not_met", "unknown"))), name="override_is_from_an_obstacle"
            ),
        ),
        migrations.AddConstraint(
            model_name="overrideevent",
            constraint=models.UniqueConstraint(fields=("override", "kind"), name="override_event_happens_once"),
        ),
        migrations.AddConstraint(
            model_name="overrideevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("second_signature", "withdrawn"))), name="override_event_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "treat"), ("review_on__isnull", True)),
                    models.Q(("outcome", "not_yet"), ("review_on__isnull", False)),
                    _connector="OR",
                ),
                name="not_yet_says_until_when",
            ),
        ),
    ]
