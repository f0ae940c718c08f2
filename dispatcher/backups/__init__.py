"""Backups as files: SQLite's own file, or what pg_dump writes. Nothing here knows what a message is."""
