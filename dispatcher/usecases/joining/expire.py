"""Sign-ups that are over: seven days after they began nothing is left of them but what the ledger has."""

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import SignUp
from dispatcher.usecases.joining.links import VALID_FOR


def expire_sign_ups(session: Session) -> int:
    """Delete the sign-ups that began more than seven days ago, confirmed or not; returns how many."""
    done = session.execute(delete(SignUp).where(SignUp.created_at < db_now(-VALID_FOR.total_seconds())))
    assert isinstance(done, CursorResult)
    return done.rowcount
