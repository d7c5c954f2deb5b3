"""Which rows say that a loud place listens, and which device was tested? (the table of tests stays as it is)"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_hours"),
        ("watching", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Listening",
            fields=[
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.site",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="soundtest",
            name="device",
            field=models.CharField(max_length=16, null=True),
        ),
    ]
