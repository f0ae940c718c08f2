import pytest

from dispatcher.rules.alert import ALERT_MOVES, AlertState, may_move_alert, shown_state

S = AlertState


def test_every_state_has_its_row() -> None:
    assert set(ALERT_MOVES) == set(AlertState)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (S.SCHEDULED, S.RUNNING),
        (S.SCHEDULED, S.CANCELLED),
        (S.RUNNING, S.PAUSED),
        (S.PAUSED, S.RUNNING),
        (S.PAUSED, S.SCHEDULED),
        (S.RUNNING, S.CANCELLED),
        (S.CANCELLED, S.CLOSED),
    ],
)
def test_staff_may_start_pause_resume_and_cancel(old: AlertState, new: AlertState) -> None:
    assert may_move_alert(old, new)


@pytest.mark.parametrize("new", list(AlertState))
def test_a_closed_alert_is_never_continued(new: AlertState) -> None:
    assert not may_move_alert(S.CLOSED, new)


@pytest.mark.parametrize("new", [S.RUNNING, S.PAUSED, S.SCHEDULED])
def test_a_cancelled_alert_never_speaks_again(new: AlertState) -> None:
    assert not may_move_alert(S.CANCELLED, new)


def test_a_running_alert_is_never_scheduled_again() -> None:
    assert not may_move_alert(S.RUNNING, S.SCHEDULED)


@pytest.mark.parametrize(
    ("queued", "sending", "due", "shown"),
    [
        (0, 0, 0, "finished"),
        (5, 0, 0, "holding"),
        (5, 0, 1, "running"),
        (5, 2, 0, "running"),
        (0, 2, 0, "running"),
    ],
)
def test_staff_see_whether_a_running_alert_works_waits_or_is_through(
    queued: int, sending: int, due: int, shown: str
) -> None:
    assert shown_state(S.RUNNING, queued=queued, sending=sending, due=due) == shown


@pytest.mark.parametrize("state", [s for s in AlertState if s is not S.RUNNING])
def test_any_other_state_is_shown_by_its_name(state: AlertState) -> None:
    assert shown_state(state, queued=5, sending=1, due=5) == state.value
