"""Email and SMS action campaigns, sent once, at a decent hour, with a log."""
