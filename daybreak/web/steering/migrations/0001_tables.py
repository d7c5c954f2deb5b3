"""Which tables hold what was judged of a course, and what called for it?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("decision", models.CharField(max_length=20)),
                ("why", models.CharField(max_length=1000)),
                ("looks_after", models.CharField(blank=True, max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="courses.course"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["course", "created"], name="judgements_of_a_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["continue", "change", "stop"])), name="decision_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="judgement_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "stop"), _negated=True),
                            models.Q(("looks_after", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="somebody_looks_after_the_patient",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("scale", models.CharField(max_length=40)),
                ("day", models.DateField()),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signals", to="courses.course"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("course", "scale", "day"), name="a_signal_is_written_once")
                ],
            },
        ),
        append_only("steering_judgement", "steering_signal"),
    ]
