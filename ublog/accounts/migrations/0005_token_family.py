from django.db import migrations


class Migration(migrations.Migration):
    """Another name of the model; the table stays as it is."""

    dependencies = [("accounts", "0004_display_name_one_line")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("refreshfamily", "accounts_refreshfamily"),
                migrations.RenameModel("RefreshFamily", "TokenFamily"),
                migrations.AlterModelOptions(
                    "tokenfamily", {"verbose_name_plural": "token families"}
                ),
            ]
        )
    ]
