"""Which tables hold what was talked about, understood, signed and taken back?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("consent", "0001_initial"),
        ("consent", "0002_protected"),
        ("consent", "0003_talk_end"),
        ("consent", "0004_read_and_drawn"),
    ]
    dependencies = [
        ("papers", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("document", models.CharField(max_length=60)),
                ("version", models.CharField(max_length=16)),
                ("content", models.TextField()),
                ("language", models.CharField(max_length=10)),
                ("spoken_in", models.CharField(max_length=60)),
                ("mode", models.CharField(max_length=10)),
                ("interpreter", models.CharField(blank=True, max_length=200)),
                ("capacity", models.CharField(max_length=12)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("representative", models.CharField(blank=True, max_length=200)),
                ("ground", models.CharField(blank=True, max_length=200)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "id"], name="talks_of_a_patient")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ("room", "video", "phone"))), name="talk_mode_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ("has", "represented"))), name="talk_capacity_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity", "has"),
                            models.Q(
                                models.Q(("representative", ""), _negated=True), models.Q(("ground", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="representative_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("item", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=12)),
                ("value", models.CharField(blank=True, max_length=4)),
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
                    "talk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="consent.talk"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("talk", "seq"), name="steps_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ("understood", "asks", "answer", "explained"))),
                        name="step_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", "explained"), _negated=True), ("by__isnull", False), _connector="OR"
                        ),
                        name="a_person_explains",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("how", models.CharField(max_length=10)),
                ("translation", models.CharField(blank=True, max_length=300)),
                ("read_in", models.CharField(max_length=60, null=True)),
                ("drawn", models.TextField(null=True)),
                ("renew_from", models.DateField(db_index=True)),
                ("last_day", models.DateField()),
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
                    "paper",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="papers.paper"),
                ),
                (
                    "talk",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signature", to="consent.talk"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ("link", "tablet", "here", "paper"))),
                        name="signature_way_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="signature_has_a_name"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="TalkEnd",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
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
                    "talk",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="end", to="consent.talk"
                    ),
                ),
            ],
            options={"db_table": "consent_talk_end"},
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
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
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="consent.signature"
                    ),
                ),
            ],
            options={"db_table": "consent_withdrawal"},
        ),
        append_only("consent_talk", "consent_step", "consent_signature", "consent_withdrawal", "consent_talk_end"),
    ]
