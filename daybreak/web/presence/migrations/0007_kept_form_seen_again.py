"""Did its sender come back to a form that was kept?"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("presence", "0006_handed_for_a_form")]

    operations = [migrations.AddField("keptform", "brought", models.DateTimeField(null=True))]
