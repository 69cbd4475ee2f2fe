"""The log of what staff do: only ever added to, the database itself refuses all else."""

import django.core.serializers.json
import django.db.models.functions.datetime
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journal_append_only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON accounts_journalentry
    FOR EACH ROW EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER journal_never_emptied BEFORE TRUNCATE ON accounts_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only();
"""

UNDO = """
DROP TRIGGER journal_never_emptied ON accounts_journalentry;
DROP TRIGGER journal_append_only ON accounts_journalentry;
DROP FUNCTION journal_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_one_index_fewer'),
    ]

    operations = [
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=40, verbose_name='act')),
                ('actor_number', models.PositiveBigIntegerField(null=True, verbose_name='number of the actor')),
                ('actor_handle', models.CharField(blank=True, max_length=60, verbose_name='actor')),
                ('member_number', models.PositiveBigIntegerField(null=True, verbose_name='number of the member concerned')),
                ('what', models.CharField(blank=True, max_length=200, verbose_name='what')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('details', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='request')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='address')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
            ],
            options={
                'verbose_name': 'entry of the log',
                'verbose_name_plural': 'entries of the log',
                'permissions': [('read_texts', 'Can read one private text, with a reason'), ('impersonate', 'Can look at the platform as a member, with a reason')],
                'indexes': [models.Index(fields=['actor_number', '-id'], name='journal_by_actor'), models.Index(fields=['member_number', '-id'], name='journal_by_member')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
