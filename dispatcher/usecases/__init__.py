"""One verb a module. A use case takes a session (or a Database) and commits only where it says why."""
