"""Keep the habits of a site that people use already: everybody may join, visitors may post.

A new site, without a user and without a post, has no row, and the defaults of the model.
"""

from typing import Any

from django.db import migrations


def keep_habits(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias  # a backup of PostgreSQL migrates a file of SQLite
    used = [apps.get_model("accounts", "CustomUser"), apps.get_model("blog", "Post")]
    if any(model.objects.using(alias).exists() for model in used):
        settings = apps.get_model("core", "SiteSettings").objects.using(alias)
        settings.create(who_may_join="open", anonymous_posts="on")


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0005_site_settings"),
        ("accounts", "0001_initial"),
        ("blog", "0001_initial"),
    ]

    operations = [migrations.RunPython(keep_habits, migrations.RunPython.noop)]
