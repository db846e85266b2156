from django.db import migrations

from ublog.blog import triggers


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [migrations.RunPython(triggers.create, migrations.RunPython.noop)]
