"""Every connection stands twice: the database itself adds and removes the mirror row."""

from django.db import migrations

MIRROR = """
CREATE FUNCTION connection_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_connection (member_id, other_id, since)
        SELECT other_id, member_id, since FROM changed
        ON CONFLICT (member_id, other_id) DO NOTHING;
    ELSE
        DELETE FROM accounts_connection c USING changed d
        WHERE c.member_id = d.other_id AND c.other_id = d.member_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER connection_mirror_added AFTER INSERT ON accounts_connection
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION connection_mirror();
CREATE TRIGGER connection_mirror_removed AFTER DELETE ON accounts_connection
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION connection_mirror();
CREATE FUNCTION connection_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a connection is made or removed, never moved to others' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER connection_fixed BEFORE UPDATE OF member_id, other_id ON accounts_connection
    FOR EACH ROW EXECUTE FUNCTION connection_fixed();
"""

UNDO = """
DROP TRIGGER connection_fixed ON accounts_connection;
DROP TRIGGER connection_mirror_added ON accounts_connection;
DROP TRIGGER connection_mirror_removed ON accounts_connection;
DROP FUNCTION connection_fixed();
DROP FUNCTION connection_mirror();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(MIRROR, UNDO)]
