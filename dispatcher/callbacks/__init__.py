"""What providers call us back with: proved to be theirs, then read into rules.events. One file a provider.

No database and no consequence: whoever takes an event acts on it. Whatever arrives is somebody else's bytes,
so every reader is total: it refuses, or it gives events, UNKNOWN ones among them, and never raises.
"""
