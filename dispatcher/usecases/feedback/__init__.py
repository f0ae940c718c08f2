"""What came back: taken in at once, applied a moment later by workers, in batches."""
