"""What we sent, word for word, for everybody to read: without any reader's name, from the frozen editions."""
