"""Which table says on which days after a treatment somebody is called?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_tables"),
        ("reach", "0002_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AfterStop",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("days", models.CharField(max_length=200)),
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
                        to="reach.afterstop",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "db_table": "reach_after_stop",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days", ""), _negated=True), name="after_stop_names_a_day"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site",),
                        name="after_stop_has_one_beginning",
                    ),
                ],
            },
        ),
        append_only("reach_after_stop"),
    ]
