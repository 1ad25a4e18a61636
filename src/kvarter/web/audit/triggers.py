"""SQL that makes the logs append-only, on both engines."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUDIT, READING = "audit_auditevent", "audit_readingevent"

_SQLITE = f"""
CREATE TRIGGER audit_no_update BEFORE UPDATE ON {AUDIT}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON {AUDIT}
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON {AUDIT}
WHEN EXISTS (SELECT 1 FROM {AUDIT} WHERE number = NEW.number OR chain_hash = NEW.chain_hash)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER reading_no_update BEFORE UPDATE ON {READING}
BEGIN SELECT RAISE(ABORT, 'the reading log is append-only'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON {READING} WHEN OLD.expires >= date('now')
BEGIN SELECT RAISE(ABORT, 'a reading is kept until it expires'); END;
CREATE TRIGGER reading_no_replace BEFORE INSERT ON {READING}
WHEN EXISTS (SELECT 1 FROM {READING} WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the reading log is append-only'); END;
"""

_POSTGRESQL = f"""
CREATE FUNCTION kvarter_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log % is append-only', TG_TABLE_NAME; END $$;
CREATE FUNCTION kvarter_keep_until_expired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.expires >= current_date THEN
    RAISE EXCEPTION 'a reading is kept until it expires';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {AUDIT}
FOR EACH ROW EXECUTE FUNCTION kvarter_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {AUDIT}
FOR EACH STATEMENT EXECUTE FUNCTION kvarter_append_only();
CREATE TRIGGER reading_no_update BEFORE UPDATE ON {READING}
FOR EACH ROW EXECUTE FUNCTION kvarter_append_only();
CREATE TRIGGER reading_no_truncate BEFORE TRUNCATE ON {READING}
FOR EACH STATEMENT EXECUTE FUNCTION kvarter_append_only();
CREATE TRIGGER reading_no_delete BEFORE DELETE ON {READING}
FOR EACH ROW EXECUTE FUNCTION kvarter_keep_until_expired();
"""


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Make both logs append-only."""
    if editor.connection.vendor == "sqlite":
        for statement in _SQLITE.strip().split("END;"):
            if statement.strip():
                editor.execute(f"{statement}END;")
    else:
        editor.execute(_POSTGRESQL, params=None)  # a % in it is no place for a value
