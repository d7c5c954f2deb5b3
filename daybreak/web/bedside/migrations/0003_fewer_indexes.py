"""Which indexes of the messages say nothing that another one does not, and cost a page with each message?"""

import django.db.models.deletion
from django.db import migrations, models

from daybreak.web.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("bedside", "0002_pumps"),
        ("people", "0007_hours"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_is_stored_once",
        ),
        migrations.AlterField(
            model_name="message",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="bedside.device",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="organisation",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("sender", "control", "digest", "part"), name="message_is_stored_once"
            ),
        ),
        append_only("bedside_message"),
    ]
