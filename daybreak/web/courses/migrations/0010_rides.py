"""Which table holds the lists of who drives patients home free of charge?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0009_apart"),
        ("people", "0005_phone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ride",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("payer", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(max_length=60)),
                ("how", models.CharField(max_length=500)),
                ("checked", models.DateField()),
                ("over", models.BooleanField(default=False)),
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
                        to="courses.ride",
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
                            models.Q(("payer", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                        ),
                        name="ride_can_be_called",
                    )
                ],
            },
        ),
        append_only("courses_ride"),
    ]
