"""The laws of the ledger, kept by the database: nothing changed or deleted, every entry follows the one before,
a spend belongs to the sender of an InMail that costs a credit, a return to a spend."""

from django.db import migrations

LAWS = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON inmail_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON inmail_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

CREATE FUNCTION ledger_entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken record;
BEGIN
    SELECT f.member_id, f.number INTO broken
    FROM fresh f LEFT JOIN inmail_ledgerentry p
        ON p.timeline_id = f.timeline_id AND p.member_id = f.member_id AND p.number = f.number - 1
    WHERE (f.number > 1 AND p.id IS NULL) OR f.balance <> coalesce(p.balance, 0) + f.amount OR f.at < p.at
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % of member % does not follow the entry before it', broken.number, broken.member_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow';
    END IF;
    SELECT f.member_id, f.number INTO broken
    FROM fresh f JOIN inmail_inmail i ON i.id = f.inmail_id
    WHERE f.kind IN ('spend', 'return')
        AND (i.sender_id <> f.member_id OR i.timeline_id <> f.timeline_id OR i.cost <> 1
             OR (f.kind = 'return' AND NOT EXISTS (
                    SELECT FROM inmail_ledgerentry s WHERE s.inmail_id = f.inmail_id AND s.kind = 'spend')))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % of member % has no spend of the sender behind it', broken.number, broken.member_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_spend_before_return';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entries_follow AFTER INSERT ON inmail_ledgerentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_follow();
"""

UNDO = """
DROP TRIGGER ledger_entries_follow ON inmail_ledgerentry;
DROP TRIGGER ledger_never_emptied ON inmail_ledgerentry;
DROP TRIGGER ledger_append_only ON inmail_ledgerentry;
DROP FUNCTION ledger_entries_follow();
DROP FUNCTION ledger_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("inmail", "0001_initial")]
    operations = [migrations.RunSQL(LAWS, UNDO)]
