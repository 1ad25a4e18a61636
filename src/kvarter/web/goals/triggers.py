"""SQL for both engines: what was written and done stays, and four eyes hold in the database too."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_REVISION, _STEP = "goals_revision", "goals_step"
_OTHERS = "('approve', 'return', 'take_out')"
_WROTE = (
    f"EXISTS (SELECT 1 FROM {_REVISION} WHERE goal_id = NEW.goal_id"
    " AND (author_id IN (NEW.by_id, NEW.in_name_of_id)"
    " OR in_name_of_id IN (NEW.by_id, NEW.in_name_of_id)))"
    f" OR EXISTS (SELECT 1 FROM {_STEP} WHERE goal_id = NEW.goal_id AND act = 'submit'"
    " AND (by_id IN (NEW.by_id, NEW.in_name_of_id)"
    " OR in_name_of_id IN (NEW.by_id, NEW.in_name_of_id)))"
)
"""Whether who does a step, or whose right it is done by, wrote any part or handed it in."""
_SAID = "nobody approves or returns what they wrote"

_SQLITE = [
    f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table}"
    f" BEGIN SELECT RAISE(ABORT, 'what was written stays'); END"
    for table in (_REVISION, _STEP)
    for what in ("UPDATE", "DELETE")
] + [
    f"CREATE TRIGGER goals_four_eyes BEFORE INSERT ON {_STEP}"
    f" WHEN NEW.act IN {_OTHERS} AND ({_WROTE}) BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
]

_POSTGRESQL = f"""
CREATE FUNCTION kvarter_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was written stays (%)', TG_TABLE_NAME; END $$;
CREATE TRIGGER goals_revision_stays BEFORE UPDATE OR DELETE ON {_REVISION}
FOR EACH ROW EXECUTE FUNCTION kvarter_stays();
CREATE TRIGGER goals_step_stays BEFORE UPDATE OR DELETE ON {_STEP}
FOR EACH ROW EXECUTE FUNCTION kvarter_stays();
CREATE FUNCTION kvarter_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.act IN {_OTHERS} AND ({_WROTE}) THEN
    RAISE EXCEPTION '{_SAID}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goals_four_eyes BEFORE INSERT ON {_STEP}
FOR EACH ROW EXECUTE FUNCTION kvarter_four_eyes();
"""


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database itself hold to it."""
    if editor.connection.vendor == "sqlite":
        for statement in _SQLITE:
            editor.execute(statement)
    else:
        editor.execute(_POSTGRESQL, params=None)
