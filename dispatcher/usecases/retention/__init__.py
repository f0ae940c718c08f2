"""Keeping little, for short: what is deleted when, and what stands still while there is a legal hold."""
