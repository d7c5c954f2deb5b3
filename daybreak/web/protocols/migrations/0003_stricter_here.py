"""Which table holds what a site asks for beyond a protocol?"""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("people", "0002_append_only"),
        ("protocols", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="adoption",
            name="overlay_digest",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.CreateModel(
            name="Stricter",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("protocol", models.CharField(max_length=60)),
                ("criterion", models.CharField(max_length=60)),
                ("when", models.CharField(max_length=20)),
                ("line", models.TextField(blank=True)),
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
                        to="protocols.stricter",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "protocols_stricter",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="stricter_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line", ""), _negated=True), ("replaces__isnull", False), _connector="OR"
                        ),
                        name="stricter_is_lifted_from_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site", "protocol", "criterion", "when"),
                        name="stricter_has_one_beginning",
                    ),
                ],
            },
        ),
        append_only("protocols_stricter"),
    ]
