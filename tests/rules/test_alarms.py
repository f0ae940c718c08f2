"""How often it is tried to tell somebody."""

from datetime import timedelta

from dispatcher.rules.alarms import TOLD_WITHIN, wait_after


def test_an_alarm_that_cannot_be_told_is_tried_again_ever_more_seldom_and_at_least_hourly() -> None:
    waits = [wait_after(tries) for tries in range(1, 30)]
    assert waits[:3] == [timedelta(seconds=60), timedelta(seconds=120), timedelta(seconds=240)]
    assert waits[-1] == timedelta(hours=1)
    assert waits == sorted(waits)
    assert sum(waits[:6], timedelta()) < TOLD_WITHIN
