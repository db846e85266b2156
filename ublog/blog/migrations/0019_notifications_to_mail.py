from django.db import migrations, models

from ublog.core.db.migration_operations import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("blog", "0018_notification_mail_state")]

    operations = [
        AddIndexOnline(
            model_name="notification",
            index=models.Index(
                fields=["user"],
                condition=models.Q(("mail_state", 1)),
                name="notifications_to_mail",
            ),
        ),
    ]
