"""How it stands with notices, for `dispatch doctor`."""

from sqlalchemy import func, select

from dispatcher.embedded import worker_missing
from dispatcher.house import House
from dispatcher.models import Notice
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.journal.condition import Condition
from dispatcher.usecases.notices.waiting import anything_due, stuck


def notices_condition(house: House) -> Condition:
    """What became of the last week's, and whether people wait in vain."""
    with house.db.reading() as session:
        rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
        counts = dict(rows.all())
        late = stuck(session)
    told = ", ".join(f"{counts[state]:,} {state}" for state in NoticeState if state in counts)
    words = f"in the last seven days: {told}." if told else "none in the last seven days."
    if late:
        mend = "Start a worker (`dispatch worker`); if one runs, look at what is said of the providers here."
        return Condition(False, f"{words} Some should have left ten minutes ago.", mend)
    if anything_due(house) and worker_missing(house.settings):
        mend = "Start one: `dispatch worker`, or `dispatch web`, which starts one when it is needed."
        return Condition(None, f"{words} Some could leave now, and no worker is alive.", mend)
    if counts.get(NoticeState.UNCERTAIN) or counts.get(NoticeState.FAILED):
        return Condition(None, words, "Nothing: whoever misses one can ask for it again.")
    return Condition(True, words)
