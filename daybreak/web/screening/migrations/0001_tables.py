"""Which tables hold what was signed?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("screening", "0001_initial"),
        ("screening", "0002_append_only"),
        ("screening", "0003_second_signature"),
        ("screening", "0004_rules_by_two"),
    ]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("protocols", "0001_tables"),
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
                ("ends_on", models.DateField(null=True)),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                ("benefit_outweighs", "passing_cause", "known_otherwise", "specialist_advice", "other"),
                            )
                        ),
                        name="override_code_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ("not_met", "unknown"))), name="override_is_from_an_obstacle"
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(fields=("override", "kind"), name="override_event_happens_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("second_signature", "withdrawn"))),
                        name="override_event_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondRule",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("case", models.CharField(max_length=20)),
                ("needed", models.BooleanField()),
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
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="screening.secondrule",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "screening_second_rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("case__in", ("exception", "contradiction", "with_review"))),
                        name="second_rule_is_of_a_known_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="second_rule_has_a_reason"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site", "case"),
                        name="second_rules_have_one_beginning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondRuleSigned",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
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
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="screening.secondrule"
                    ),
                ),
            ],
            options={"db_table": "screening_second_rule_signed"},
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
                ("unmet", models.CharField(max_length=60, null=True)),
                ("condition", models.CharField(max_length=1000, null=True)),
                ("seen", models.CharField(max_length=64, null=True)),
                ("needs_second", models.CharField(max_length=100, null=True)),
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "treat"), ("review_on__isnull", True)),
                            models.Q(("outcome", "not_yet"), ("review_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="not_yet_says_until_when",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="SecondSignature",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
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
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="second", to="screening.snapshot"
                    ),
                ),
            ],
            options={"db_table": "screening_second_signature"},
        ),
        append_only(
            "screening_override",
            "screening_override_event",
            "screening_snapshot",
            "screening_second_signature",
            "screening_second_rule",
            "screening_second_rule_signed",
        ),
    ]
