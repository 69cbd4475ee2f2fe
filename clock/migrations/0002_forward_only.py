"""The clock never goes back: the database itself refuses."""

from django.db import migrations

FORWARD_ONLY = """
CREATE FUNCTION timeline_forward_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the clock of timeline % never goes back', OLD.name
        USING ERRCODE = 'check_violation', CONSTRAINT = 'timeline_forward_only';
END $$;
CREATE TRIGGER timeline_forward_only BEFORE UPDATE OF now_at ON clock_timeline
    FOR EACH ROW WHEN (NEW.now_at < OLD.now_at) EXECUTE FUNCTION timeline_forward_only();
"""

UNDO = "DROP TRIGGER timeline_forward_only ON clock_timeline; DROP FUNCTION timeline_forward_only();"


class Migration(migrations.Migration):
    dependencies = [("clock", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD_ONLY, UNDO)]
