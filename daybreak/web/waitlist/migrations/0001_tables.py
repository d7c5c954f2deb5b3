"""Which tables say who waits for an earlier time, and what was offered?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("waitlist", "0001_initial"), ("waitlist", "0002_dates")]
    dependencies = [
        ("courses", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("visit", models.CharField(max_length=20)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("weekdays", models.CharField(blank=True, max_length=7)),
                ("half", models.CharField(max_length=10)),
                ("earliest", models.DateField(null=True)),
                ("not_on", models.CharField(max_length=400, null=True)),
                ("bed", models.BooleanField()),
                ("interpreter", models.BooleanField()),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "booking",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.booking"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "created"], name="wishes_at_a_site")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("half__in", ("any", "morning", "afternoon"))), name="wish_half_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("visit__in", ["treatment", "assessment", "talk"])),
                        name="wish_visit_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=20)),
                ("starts", models.DateTimeField(null=True)),
                ("ends", models.DateTimeField(null=True)),
                ("how", models.CharField(blank=True, max_length=10)),
                ("expires", models.DateTimeField(null=True)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "booking",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.booking"
                    ),
                ),
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
                    "chair",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.chair"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "wish",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="waitlist.wish"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("wish", "seq"), name="wish_events_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["offered", "declined", "no_answer", "accepted", "withdrawn"])),
                        name="wish_event_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "offered"), _negated=True),
                            models.Q(
                                ("chair__isnull", False),
                                ("ends__isnull", False),
                                ("expires__isnull", False),
                                ("starts__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offer_says_where_and_when",
                    ),
                ]
            },
        ),
        append_only("waitlist_wish", "waitlist_event"),
    ]
