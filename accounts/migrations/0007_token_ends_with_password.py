"""An API token ends with the password under which it was given, whoever changes it: page, command or statement."""

from django.db import migrations

ENDS = """
CREATE FUNCTION token_ends_with_password() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM authtoken_token WHERE user_id = new.id;
    RETURN NULL;
END $$;
CREATE TRIGGER token_ends_with_password AFTER UPDATE OF password ON accounts_member
    FOR EACH ROW WHEN (old.password IS DISTINCT FROM new.password) EXECUTE FUNCTION token_ends_with_password();
"""

UNDO = """
DROP TRIGGER token_ends_with_password ON accounts_member;
DROP FUNCTION token_ends_with_password();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_waitingmail"),
        ("authtoken", "0004_alter_tokenproxy_options"),
    ]

    operations = [migrations.RunSQL(ENDS, UNDO)]
