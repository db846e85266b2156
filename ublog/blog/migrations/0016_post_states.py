from django.db import migrations, models

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("blog", "0015_notification")]

    operations = [
        # The choices are not in the database: no table is altered.
        migrations.AlterField(
            model_name="post",
            name="state",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "deleted"), (2, "held"), (3, "hidden")], editable=False, null=True
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                condition=models.Q(("state__isnull", False)),
                fields=["state", "created_on", "id"],
                name="post_states",
            ),
        ),
    ]
