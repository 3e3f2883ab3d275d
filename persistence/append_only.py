"""Triggers that refuse to change or delete an event: ledger lines never change (invariant 7).

One change there is: what people wrote in words can be taken out of an event, and nothing put in its place, when the
person it is about is erased.
"""

import sqlalchemy as sa
from sqlalchemy import event

from persistence.tables import events

REFUSAL = "events are append-only"
WORDS = ("note",), ("override",), ("before", "name"), ("after", "name")
"""Where in an event's data stands what people wrote about a person."""

SQLITE_WITHOUT_WORDS = f"json_remove({{}}, {', '.join(repr('$.' + '.'.join(path)) for path in WORDS)})"
POSTGRESQL_WITHOUT_WORDS = "{}::jsonb" + "".join(f" #- ARRAY{list(path)!r}" for path in WORDS)

_THE_REST = [column.name for column in events.columns if column.name != "data"]
SQLITE = (
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT ("
    + "".join(f"NEW.{name} IS OLD.{name} AND " for name in _THE_REST)
    + f"NEW.data = {SQLITE_WITHOUT_WORDS.format('OLD.data')}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER events_no_replace BEFORE INSERT ON events"
    " WHEN EXISTS (SELECT 1 FROM events WHERE studio_id = NEW.studio_id AND id = NEW.id)"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'UPDATE' THEN IF to_jsonb(NEW) - 'data' = to_jsonb(OLD) - 'data'"
    f" AND NEW.data::jsonb = {POSTGRESQL_WITHOUT_WORDS.format('OLD.data')}"
    " THEN RETURN NEW; END IF; END IF;"
    f" RAISE EXCEPTION '{REFUSAL}'; END $$"
)
POSTGRESQL = (
    POSTGRESQL_FUNCTION,
    "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events"
    " FOR EACH ROW EXECUTE FUNCTION events_refuse_change()",
    "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events"
    " FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change()",
)

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(events, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))
