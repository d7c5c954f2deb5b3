"""For which form was a tablet handed over?"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("presence", "0005_append_only")]

    operations = [
        migrations.AddField("handover", "about", models.UUIDField(db_index=True, null=True)),
        append_only("presence_handover"),
    ]
