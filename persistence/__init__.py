"""SQL: tables, locked loads, one function per event, read queries, migrations."""
