"""Putting a database back to an earlier day, so that nobody gets a message twice or who has left gets one."""
