"""Which tables hold treatment sessions and what happened in them?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("treatment", "0001_initial"),
        ("treatment", "0002_pump"),
        ("treatment", "0003_escort"),
        ("treatment", "0004_reopened"),
    ]
    dependencies = [
        ("courses", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("protocol", models.CharField(max_length=60)),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session", to="courses.booking"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="courses.chair"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="courses.course"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={"indexes": [models.Index(fields=["site", "created"], name="sessions_at_a_site")]},
        ),
        migrations.CreateModel(
            name="SessionEvent",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=30)),
                ("told", models.TextField()),
                ("payload_version", models.PositiveSmallIntegerField(default=1)),
                ("happened", models.DateTimeField()),
                ("noted", models.DateTimeField()),
                ("received", models.DateTimeField()),
                ("uncertain_s", models.PositiveIntegerField(default=0)),
                ("late", models.BooleanField(default=False)),
                ("key", models.UUIDField(unique=True)),
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
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="treatment.session"
                    ),
                ),
            ],
            options={
                "db_table": "treatment_session_event",
                "indexes": [models.Index(fields=["session", "what"], name="session_events_by_what")],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "seq"), name="session_events_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "arrived",
                                    "identified",
                                    "answered",
                                    "pressure_decided",
                                    "pump_compared",
                                    "timed_out",
                                    "cleared",
                                    "dose",
                                    "infusion_started",
                                    "infusion_ended",
                                    "paused",
                                    "resumed",
                                    "stopped",
                                    "check",
                                    "event",
                                    "rescue",
                                    "called",
                                    "escort_missing",
                                    "escort_tried",
                                    "escort_decided",
                                    "escort_came",
                                    "alarm_raised",
                                    "alarm_acknowledged",
                                    "alarm_escalated",
                                    "alarm_resolved",
                                    "emergency_opened",
                                    "emergency_closed",
                                    "ready",
                                    "observing_again",
                                    "ended",
                                    "reopened",
                                    "corrected",
                                ],
                            )
                        ),
                        name="session_event_is_known",
                    ),
                ],
            },
        ),
        append_only("treatment_session", "treatment_session_event"),
    ]
