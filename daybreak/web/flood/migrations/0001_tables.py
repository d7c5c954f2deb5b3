"""Which table counts what comes through a door?"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [("flood", "0001_initial")]
    dependencies = ()
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", models.CharField(max_length=20)),
                ("since", models.DateTimeField(db_index=True)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("door", "since", "address"), name="tally_stands_once_for_an_address"
                    )
                ]
            },
        )
    ]
