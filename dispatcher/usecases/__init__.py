"""One verb a module. A use case takes a session (or a Database) and never commits by itself unless it says why."""
