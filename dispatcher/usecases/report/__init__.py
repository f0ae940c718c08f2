"""What came of an alert: numbers, what went wrong and what to do, and how it went beside earlier alerts."""
