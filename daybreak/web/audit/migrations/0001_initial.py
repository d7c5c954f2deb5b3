"""Which tables hold the audit trail?"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("via", models.CharField(max_length=10)),
                ("who", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=60)),
                ("object_type", models.CharField(max_length=60)),
                ("object_id", models.UUIDField(null=True)),
                ("subject", models.UUIDField(null=True)),
                ("site", models.UUIDField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=20)),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_entry",
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=20)),
                ("mac", models.CharField(max_length=64)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="seal",
                        to="audit.entry",
                    ),
                ),
            ],
            options={
                "db_table": "audit_seal",
            },
        ),
    ]
