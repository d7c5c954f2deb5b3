"""Which tables say what a clinic signed for its doses, and what was ordered?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("dosing", "0001_initial")]
    dependencies = [
        ("courses", "0001_tables"),
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("ladder", models.CharField(max_length=60)),
                ("ceiling_mg", models.CharField(blank=True, max_length=20)),
                ("least_mg_per_ml", models.CharField(blank=True, max_length=20)),
                ("most_mg_per_ml", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(max_length=1000)),
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
                        to="dosing.figure",
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
                        condition=models.Q(("reason", ""), _negated=True), name="figure_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("least_mg_per_ml", ""), ("most_mg_per_ml", "")),
                            models.Q(
                                models.Q(("least_mg_per_ml", ""), _negated=True),
                                models.Q(("most_mg_per_ml", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="concentrations_have_both_ends",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site", "ladder"),
                        name="figures_have_one_beginning",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("ladder", models.CharField(max_length=60)),
                ("amount", models.CharField(max_length=20)),
                ("unit", models.CharField(max_length=10)),
                ("basis", models.CharField(max_length=10)),
                ("weight_kg", models.CharField(blank=True, max_length=20)),
                ("weight_from", models.CharField(blank=True, max_length=10)),
                ("weighed", models.DateField(null=True)),
                ("height_cm", models.CharField(blank=True, max_length=20)),
                ("concentration_mg_per_ml", models.CharField(blank=True, max_length=20)),
                ("minutes", models.PositiveSmallIntegerField(null=True)),
                ("dose_mg", models.CharField(max_length=20)),
                ("deviates", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("over", models.BooleanField(default=False)),
                ("content", models.TextField()),
                ("payload_version", models.PositiveSmallIntegerField(default=1)),
                (
                    "booking",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dose_orders",
                        to="courses.booking",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dose_orders", to="courses.course"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="dose_orders", to="patients.patient"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="dosing.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deviates", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="deviation_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("over", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="order_back_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("booking__isnull", True), ("replaces__isnull", True)),
                        fields=("course",),
                        name="orders_of_a_course_have_one_beginning",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("booking__isnull", False), ("replaces__isnull", True)),
                        fields=("booking",),
                        name="orders_of_a_visit_have_one_beginning",
                    ),
                ]
            },
        ),
        append_only("dosing_figure", "dosing_order"),
    ]
