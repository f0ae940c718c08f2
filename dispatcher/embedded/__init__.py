"""The processes that we own: a Redis-compatible server, and a worker in the background.

Everybody who needs the server holds a shared lock while they live: the first starts the server, the last
stops it. The locks are flocks that the processes themselves hold (the server inherits its own as an open
file), so a process that was killed holds nothing, and a process id that was given out again deceives
nobody. What a kill leaves running is stopped by the next command.
"""

from dispatcher.embedded.tenancy import Embedded, sweep_orphans, worker_missing

__all__ = ["Embedded", "sweep_orphans", "worker_missing"]
