"""Notices: single messages that answer a person's own act. Queued by whoever was asked, sent by a worker."""
