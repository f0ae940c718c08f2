"""Making reports, for tests of them."""

from datetime import UTC
from typing import Any

from dispatcher.house import House
from dispatcher.usecases.report.report import Report, report


def reporting(house: House, alert_id: int = 1, **given: Any) -> Report:
    """The report of an alert, with hours and days in UTC unless `zone` says others."""
    with house.db.reading() as session:
        return report(session, house.settings.prices, alert_id, **{"zone": UTC, **given})
