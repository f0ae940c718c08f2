"""The journal that outlives the database: noting what must not be forgotten, and finding that it was.

Every transaction in which somebody leaves, or messages are laid out, has an entry in the database and, once
it is committed, in a file outside of it. A file that knows more than the database tells that the database was
put back to an earlier day: then nothing is sent until the file has been replayed.
"""

from dispatcher.usecases.journal.agreement import refuse_older_database
from dispatcher.usecases.journal.keeping import keep_up
from dispatcher.usecases.journal.noting import note

__all__ = ["keep_up", "note", "refuse_older_database"]
