"""Which tables hold referrals and what was done about each?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("referral", "0001_initial"), ("referral", "0002_protected")]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        ("reach", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("door", models.CharField(max_length=10)),
                ("family_name", models.CharField(max_length=200)),
                ("given_names", models.CharField(blank=True, max_length=200)),
                ("birth", models.CharField(max_length=10)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("language", models.CharField(blank=True, max_length=60)),
                ("why", models.TextField()),
                ("tried", models.TextField(blank=True)),
                ("urgent", models.BooleanField()),
                ("risk", models.CharField(max_length=10)),
                ("agreed", models.BooleanField()),
                ("may_tell", models.BooleanField()),
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
                    "outsider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reach.outsider"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "birth"], name="referral_of_somebody")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("door__in", ["web", "phone", "fax", "letter", "desk"])),
                        name="referral_door_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("risk__in", ("yes", "no", "not_known"))), name="referral_risk_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("agreed", True)), name="referral_is_agreed"),
                    models.CheckConstraint(
                        condition=models.Q(("door", "web"), ("by__isnull", False), _connector="OR"),
                        name="referral_is_typed_in_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=12)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("told", models.BooleanField(default=False)),
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="referral.referral"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "seq"), name="referral_events_have_an_order"),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("what__in", ["accepted", "declined", "no_response", "took_back", "duplicate"])
                        ),
                        fields=("referral",),
                        name="referral_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "looked",
                                    "tried",
                                    "contacted",
                                    "patient",
                                    "intake",
                                    "planned",
                                    "note",
                                    "accepted",
                                    "declined",
                                    "no_response",
                                    "took_back",
                                    "duplicate",
                                ],
                            )
                        ),
                        name="referral_event_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "patient"), _negated=True), ("patient__isnull", False), _connector="OR"
                        ),
                        name="referral_names_a_patient",
                    ),
                ]
            },
        ),
        append_only("referral_referral", "referral_event"),
    ]
