"""Senders: each hands messages to one provider and says what became of them."""
