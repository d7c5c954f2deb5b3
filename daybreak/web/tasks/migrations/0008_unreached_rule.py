"""What is done at a site when nobody answers, and who signed it? The newest version of each site counts."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_zone"),
        ("tasks", "0007_done_by_nobody_here"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnreachedRule",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("other_number", models.PositiveSmallIntegerField(null=True)),
                ("contact", models.PositiveSmallIntegerField(null=True)),
                ("welfare_check", models.PositiveSmallIntegerField(null=True)),
                ("emergency_services", models.PositiveSmallIntegerField(null=True)),
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
                        to="tasks.unreachedrule",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "tasks_unreached_rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("welfare_check__isnull", False), ("emergency_services__isnull", False), _connector="OR"
                        ),
                        name="unreached_rule_sends_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site",),
                        name="unreached_rules_have_one_beginning",
                    ),
                ],
            },
        ),
        append_only("tasks_unreached_rule"),
    ]
