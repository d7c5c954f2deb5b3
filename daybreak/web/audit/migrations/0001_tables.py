"""Which tables hold the audit trail?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("audit", "0001_initial"), ("audit", "0002_append_only"), ("audit", "0003_finding")]
    dependencies = ()
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
                "indexes": [
                    models.Index(fields=["who", "id"], name="audit_by_person"),
                    models.Index(fields=["subject", "id"], name="audit_about_patient"),
                    models.Index(fields=["action", "id"], name="audit_by_action"),
                ],
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
            options={"db_table": "audit_seal"},
        ),
        append_only("audit_entry", "audit_seal"),
    ]
