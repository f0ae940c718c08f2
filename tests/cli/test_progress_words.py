"""An alert in words, and what can be done next."""

from dataclasses import replace
from datetime import UTC, datetime

from dispatcher.cli.progress_words import result_lines
from dispatcher.cli.times import clock
from dispatcher.usecases.status import Progress, Unwelcome

FINISHED = Progress(
    alert_id=3,
    slug="daca",
    name="",
    title="Renew DACA",
    edition=1,
    state="finished",
    reason="",
    held_until=None,
    practice=True,
    counts={"email": {"bounced": 1, "sent": 4812}, "sms": {"sent": 3}},
    seconds=61.4,
)
MORNING = datetime(2030, 12, 1, 14, 0, tzinfo=UTC)


def test_a_finished_alert_is_told_by_channel_and_status() -> None:
    assert [*result_lines(FINISHED)] == [
        "Alert 3, daca: finished, after 61 s",
        "  email 1 bounced, 4,812 sent",
        "  sms   3 sent",
    ]


def test_who_complained_and_who_left_is_told_with_their_share() -> None:
    some, nobody = Unwelcome(4800, 3, 24), Unwelcome(3, 0, None)
    told = [*result_lines(replace(FINISHED, unwelcome={"email": some, "sms": nobody}))]
    assert told[1:] == [
        "  email 1 bounced, 4,812 sent",
        "        of 4,800 that didn't bounce, 3 reported it as spam (0.06%), 24 left because of it (0.50%)",
        "  sms   3 sent",
    ]
    unknown = replace(FINISHED, unwelcome={"email": Unwelcome(900, 9, None), "sms": Unwelcome(0, 0, 0)})
    assert "        of 900 that didn't bounce, 9 reported it as spam (1.0%)" in [*result_lines(unknown)]


def test_a_name_is_told_with_its_campaign() -> None:
    first, *_ = result_lines(replace(FINISHED, name="tomorrow"))
    assert first == "Alert 3, daca (tomorrow): finished, after 61 s"


def test_a_holding_alert_says_when_it_goes_on_and_a_scheduled_one_when_it_starts() -> None:
    first, *_ = result_lines(replace(FINISHED, state="holding", held_until=MORNING))
    assert first == f"Alert 3, daca: holding, after 61 s, goes on {clock(MORNING)}"
    scheduled = replace(FINISHED, state="scheduled", held_until=MORNING, seconds=0, counts={})
    assert [*result_lines(scheduled)] == [f"Alert 3, daca: scheduled, starts {clock(MORNING)}"]


def test_a_paused_alert_says_why_and_how_to_go_on() -> None:
    lines = [*result_lines(replace(FINISHED, state="paused", reason="The relay refused us."))]
    assert lines[1] == "  The relay refused us."
    assert lines[-1] == "  Go on with `dispatch resume 3`."


def test_what_failed_or_is_uncertain_can_be_looked_at() -> None:
    counts = {"email": {"failed": 1200, "uncertain": 1}, "sms": {"failed": 34, "uncertain": 1}}
    *_, failed, uncertain = result_lines(replace(FINISHED, counts=counts))
    assert failed == "  Why 1,234 failed: `dispatch retry 3 --failed` shows, and asks."
    assert uncertain.startswith("  2 may or may not have arrived")
    assert "`dispatch retry 3 --uncertain`" in uncertain
