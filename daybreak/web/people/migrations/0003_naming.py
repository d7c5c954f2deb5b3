"""Where does it stand what places and people are called, from when on, and whether a place is closed?"""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


def first_names(apps: Any, schema_editor: Any) -> None:
    """What is there already begins with the name that it has."""
    naming = apps.get_model("people", "Naming")
    for label, name, more in (
        ("Organisation", "name", "country"),
        ("Site", "name", None),
        ("Room", "name", None),
        ("Person", "display_name", "language"),
    ):
        for row in apps.get_model("people", label).objects.all():
            naming.objects.create(
                id=row.pk,
                organisation_id=getattr(row, "organisation_id", row.pk),
                created=row.created,
                of=row.pk,
                name=getattr(row, name),
                more=getattr(row, more) if more else "",
            )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0002_append_only")]

    operations: ClassVar = [
        migrations.AddField("organisation", "country", models.CharField(default="US", max_length=2)),
        migrations.AddField("site", "closed", models.DateTimeField(null=True)),
        migrations.AddField("room", "closed", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("of", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("more", models.CharField(blank=True, max_length=10)),
                ("closed", models.BooleanField(default=False)),
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
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="people.naming",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["of"], name="naming_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("of",),
                        name="naming_has_one_beginning",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="naming_has_a_name"),
                ],
            },
        ),
        migrations.RunPython(first_names),
        append_only("people_naming"),
    ]
