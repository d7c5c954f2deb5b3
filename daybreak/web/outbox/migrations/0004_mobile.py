"""On which phone does somebody get what is urgent as well? (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0003_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="address",
            name="mobile",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        append_only("outbox_address"),
    ]
