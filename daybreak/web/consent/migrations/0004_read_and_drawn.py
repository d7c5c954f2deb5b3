"""In which language did whoever signed read it, and what did they draw? (a rebuilt table is protected again)"""

from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_talk_end")]

    operations = [
        migrations.AddField("signature", "read_in", models.CharField(max_length=60, null=True)),
        migrations.AddField("signature", "drawn", models.TextField(null=True)),
        append_only("consent_signature"),
    ]
