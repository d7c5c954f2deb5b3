"""Which tables hold how somebody outside is reached, and whether anything may go to them?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("reach", "0001_initial"), ("reach", "0002_protected")]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Outsider",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("root", models.UUIDField(db_index=True)),
                ("role", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("practice", models.CharField(blank=True, max_length=200)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("may_tell", models.CharField(blank=True, max_length=3)),
                ("ended", models.BooleanField(default=False)),
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
                    "patient",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="reach.outsider",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="outsider_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ("family_doctor", "therapist", "psychiatrist", "case_worker", "other"))
                        ),
                        name="outsider_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("may_tell__in", ("yes", "no", ""))), name="outsider_consent_is_known"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Reach",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("email", models.CharField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("way", models.CharField(blank=True, max_length=10)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("may_write", models.CharField(blank=True, max_length=3)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("contact_name", models.CharField(blank=True, max_length=200)),
                ("contact_relation", models.CharField(blank=True, max_length=100)),
                ("contact_phone", models.CharField(blank=True, max_length=60)),
                ("contact_may_call", models.CharField(blank=True, max_length=3)),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="reach.reach",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("patient",),
                        name="reach_has_one_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contact_may_call__in", ("yes", "no", "")), ("may_write__in", ("yes", "no", ""))
                        ),
                        name="reach_consent_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ("mail", "phone", "post", ""))), name="reach_way_is_known"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("since", models.DateField()),
                ("note", models.CharField(blank=True, max_length=1000)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("patient", "seq"), name="standings_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("died", "stopped", "moved", "no_messages", "hospital", "custody", "pregnant", "back"),
                            )
                        ),
                        name="standing_is_known",
                    ),
                ]
            },
        ),
        append_only("reach_reach", "reach_outsider", "reach_standing"),
    ]
