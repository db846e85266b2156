"""The index by which a token finds its family."""

from django.db import migrations, models

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0002_refreshfamily_name")]

    operations = [
        AddIndexOnline("refreshfamily", models.Index(fields=["name"], name="families_by_name")),
    ]
