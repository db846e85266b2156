"""The random name of a token family: empty in the rows that the previous release writes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("refreshfamily", "name", models.UUIDField(editable=False, null=True)),
    ]
