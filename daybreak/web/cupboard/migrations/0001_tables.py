"""Which tables say what is in a cupboard, where it went, and who counted it?"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("cupboard", "0001_initial"), ("cupboard", "0002_open")]
    dependencies = [
        ("patients", "0001_tables"),
        ("people", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
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
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Inventory",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("opening", models.BooleanField()),
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
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("product", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("expires", models.DateField()),
                ("ml", models.DecimalField(decimal_places=3, max_digits=8, null=True)),
                ("unit_mg", models.DecimalField(decimal_places=4, max_digits=12)),
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
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["site", "number"], name="lots_by_number")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number", ""), _negated=True), name="lot_has_a_number"),
                    models.CheckConstraint(condition=models.Q(("unit_mg__gt", 0)), name="lot_holds_something"),
                    models.UniqueConstraint(
                        condition=models.Q(("owner__isnull", False)),
                        fields=("site", "product", "number", "unit_mg", "owner"),
                        name="lot_of_a_patient_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("owner__isnull", True)),
                        fields=("site", "product", "number", "unit_mg"),
                        name="lot_of_the_clinic_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=20)),
                ("units", models.PositiveIntegerField()),
                ("mg", models.DecimalField(decimal_places=4, max_digits=12)),
                ("left_units", models.PositiveIntegerField()),
                ("left_mg", models.DecimalField(decimal_places=4, max_digits=12)),
                ("take", models.UUIDField(null=True)),
                ("session_id", models.UUIDField(null=True)),
                ("partner", models.CharField(blank=True, max_length=200)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("alone", models.CharField(blank=True, max_length=1000)),
                ("deviation", models.CharField(blank=True, max_length=100)),
                ("happened", models.DateTimeField()),
                ("before", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
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
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="cupboard.lot"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["lot", "seq"], name="entries_of_a_lot"),
                    models.Index(fields=["take"], name="entries_of_a_take"),
                    models.Index(fields=["session_id"], name="entries_of_a_session"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("site", "seq"), name="stock_entries_have_an_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "received",
                                    "found",
                                    "reserved",
                                    "unreserved",
                                    "quarantined",
                                    "released",
                                    "dispensed",
                                    "opened",
                                    "drawn_up",
                                    "returned",
                                    "given",
                                    "wasted",
                                    "returned_out",
                                    "destroyed",
                                    "transferred",
                                    "lost",
                                ],
                            )
                        ),
                        name="stock_entry_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["outside", "free", "reserved", "open", "quarantined", "drawn"])
                        ),
                        name="stock_entry_source_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("mg__gt", 0)), name="stock_entry_moves_something"),
                    models.CheckConstraint(
                        condition=models.Q(("left_mg__gte", 0)), name="stock_is_no_less_than_nothing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("witness__isnull", True),
                            models.Q(("witness", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="witness_is_another_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("units", models.PositiveIntegerField()),
                ("expected", models.PositiveIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counted", to="cupboard.count"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cupboard.lot"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("count", "lot", "by"), name="a_lot_is_counted_once_by_a_person")
                ]
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("product", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=1000)),
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
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("site", "product", "number"), name="lot_is_recalled_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("waste_witness", models.BooleanField()),
                ("count_hours", models.PositiveSmallIntegerField()),
                ("inventory_months", models.PositiveSmallIntegerField()),
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
                        to="cupboard.rule",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", True)),
                        fields=("site",),
                        name="cupboard_rules_have_one_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="cupboard_rule_has_a_reason"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CountSigned",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("text", models.CharField(max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signed", to="cupboard.count"
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
                "db_table": "cupboard_count_signed",
                "constraints": [
                    models.UniqueConstraint(fields=("count", "by"), name="a_count_is_signed_once_by_a_person"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="a_difference_has_a_reason"
                    ),
                ],
            },
        ),
        append_only(
            "cupboard_lot",
            "cupboard_entry",
            "cupboard_recall",
            "cupboard_count",
            "cupboard_counted",
            "cupboard_count_signed",
            "cupboard_rule",
            "cupboard_inventory",
        ),
    ]
