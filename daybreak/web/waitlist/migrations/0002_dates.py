"""Which days suit somebody who waits, beside weekdays: none before one, and none of some?"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("waitlist", "0001_initial")]

    operations = [
        migrations.AddField(model_name="wish", name="earliest", field=models.DateField(null=True)),
        migrations.AddField(model_name="wish", name="not_on", field=models.CharField(max_length=400, null=True)),
    ]
