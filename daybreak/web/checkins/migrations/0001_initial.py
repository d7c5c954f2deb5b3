"""Which table says which check-ins were asked for?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0001_tables"),
        ("forms", "0001_tables"),
        ("outbox", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("occasion", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("opens", models.DateTimeField()),
                ("closes", models.DateTimeField()),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checkins", to="courses.course"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outbox.message"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="checkins", to="patients.patient"
                    ),
                ),
                (
                    "sitting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checkin", to="forms.sitting"
                    ),
                ),
            ],
            options={
                "db_table": "checkins_checkin",
                "constraints": [
                    models.UniqueConstraint(fields=("course", "occasion", "key"), name="asked_once_for_each_moment")
                ],
            },
        ),
        append_only("checkins_checkin"),
    ]
