"""Clicks: who opened the links of our messages, people told from machines; on sensitive lists how many."""
