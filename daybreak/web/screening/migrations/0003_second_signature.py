"""Which tables hold second signatures, and which columns say for what they are needed?"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0003_naming"),
        ("screening", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="override",
            name="ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="condition",
            field=models.CharField(max_length=1000, null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="needs_second",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="seen",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="unmet",
            field=models.CharField(max_length=60, null=True),
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
            options={
                "db_table": "screening_second_signature",
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
        append_only("screening_second_signature", "screening_second_rule"),
    ]
