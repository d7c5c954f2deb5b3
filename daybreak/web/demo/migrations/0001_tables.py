"""Which table says that a database is a demo?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("demo", "0001_initial"), ("demo", "0002_append_only")]
    dependencies = [("people", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "db_table": "demo_mark",
                "constraints": [models.UniqueConstraint(fields=("organisation",), name="demo_is_marked_once")],
            },
        ),
        append_only("demo_mark"),
    ]
