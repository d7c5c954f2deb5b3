"""Which table holds the requests that were answered?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    initial = True
    replaces = [("once", "0001_initial"), ("once", "0002_append_only")]
    dependencies = [("people", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="Answered",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("created", models.DateTimeField()),
                ("key", models.UUIDField(unique=True)),
                ("action", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.UUIDField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        append_only("once_answered"),
    ]
