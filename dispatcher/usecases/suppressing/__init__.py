"""Suppressions by the file: last year's tool knows who left."""
