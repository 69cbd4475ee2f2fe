"""Members imported from an archive belong to its owner; words joined by signs are found one by one."""

import accounts.models
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_mirror'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='imported_by',
            field=models.ForeignKey(blank=True, editable=False, help_text="From that member's own archive: seen by them alone, deleted with them.", null=True, on_delete=django.db.models.deletion.CASCADE, related_name='imported', to=settings.AUTH_USER_MODEL, verbose_name='imported by'),
        ),
        # A generated column cannot be altered: it is made anew, and its index with it.
        migrations.RemoveIndex(model_name='member', name='member_search'),
        migrations.RemoveField(model_name='member', name='search'),
        migrations.AddField(
            model_name='member',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=accounts.models.SimpleVector(accounts.models.Words(accounts.models.Fold(django.db.models.functions.text.Concat(models.F('first_name'), models.Value(' '), models.F('last_name'), models.Value(' '), models.F('handle'), models.Value(' '), models.F('headline'), models.Value(' '), models.F('industry'))))), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='member',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search'], name='member_search'),
        ),
    ]
