"""Which other site deals with a complaint when nobody at its own can?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_zone"),
        ("requests", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="elsewhere",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.site"
            ),
        ),
        append_only("requests_request"),
    ]
