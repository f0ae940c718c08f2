"""The part of the API by which a CRM reads along: alerts, their logs and reports, and what is counted."""

from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Annotated, Any

from fastapi import HTTPException, Path, Query, Request

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.errors import UnknownAlert, UnknownSubscriber
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.api_keys import Scope
from dispatcher.usecases.for_crm import alerts, counts, people, replies
from dispatcher.usecases.replies.reading import waiting_replies
from dispatcher.usecases.report.as_data import as_json
from dispatcher.usecases.report.report import report
from dispatcher.usecases.webhooks.registering import view_webhooks
from dispatcher.web import api_answers as answers

_Number = Annotated[int, Path(ge=1, lt=2**31)]
_From = Annotated[int, Query(ge=0, lt=2**31)]
_Limit = Annotated[int, Query(ge=1, le=200, description="How many rows at most.")]

Route = tuple[str, str, Callable[..., Any], Scope]


class Reading:
    """Answers of one installation. What sensitive lists are called, and who is on them, only scope
    `sensitive` is told.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> Iterator[Route]:
        """Method, path, what answers, and the scope that it takes."""
        yield "GET", "/campaigns", self.campaigns, Scope.FOLLOW
        yield "GET", "/alerts", self.alerts, Scope.FOLLOW
        yield "GET", "/alerts/{number}", self.alert, Scope.FOLLOW
        yield "GET", "/alerts/{number}/log", self.log, Scope.FOLLOW
        yield "GET", "/alerts/{number}/report", self.report, Scope.FOLLOW
        yield "GET", "/lists/counts", self.lists, Scope.FOLLOW
        yield "GET", "/suppressions", self.suppressions, Scope.FOLLOW
        yield "GET", "/actions", self.actions, Scope.FOLLOW
        yield "GET", "/webhooks", self.webhooks, Scope.FOLLOW
        yield "GET", "/subscribers/{number}", self.subscriber, Scope.PEOPLE
        yield "POST", "/subscribers/find", self.find, Scope.PEOPLE
        yield "GET", "/replies", self.replies, Scope.REPLIES

    def campaigns(self, request: Request, after: _From = 0, limit: _Limit = 50) -> answers.Campaigns:
        """Campaigns that were sent or acted on, by number: events name them so."""
        with self._house.db.reading() as session:
            rows, behind = counts.campaigns_page(session, after, limit, named=_named(request))
        return answers.Campaigns.model_validate({"campaigns": rows, "next": behind})

    def alerts(
        self,
        request: Request,
        before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
        limit: _Limit = 50,
    ) -> answers.Alerts:
        """Every alert, newest first."""
        with self._house.db.reading() as session:
            page = alerts.alerts_page(session, before, limit, named=_named(request))
        return answers.Alerts.model_validate({"alerts": page.rows, "next": page.next})

    def alert(self, request: Request, number: _Number) -> answers.AlertStatus:
        """One alert: how far it is, and what its texts cost."""
        try:
            with self._house.db.reading() as session:
                prices = self._house.settings.prices
                found = alerts.alert_seen(session, prices, number, named=_named(request))
        except UnknownAlert:
            raise _none("alert") from None
        return answers.AlertStatus.model_validate(found)

    def log(
        self,
        request: Request,
        number: _Number,
        after: Annotated[str, Query(max_length=200)] = "",
        limit: _Limit = 200,
    ) -> answers.Log:
        """An alert's log, oldest first, but for the newest seconds."""
        try:
            with self._house.db.reading() as session:
                named = _named(request)
                page = alerts.log_page(self._house, session, number, after, limit, named=named)
        except UnknownAlert:
            raise _none("alert") from None
        except ValueError:
            raise HTTPException(422, "`after` must be a `next` as it was answered.") from None
        return answers.Log.model_validate({"rows": page.rows, "next": page.next, "more": page.more})

    def report(self, request: Request, number: _Number) -> dict[str, Any]:
        """One alert's report, as `dispatch report --json` has it; its hours are UTC."""
        try:
            with self._house.db.reading() as session:
                found = report(session, self._house.settings.prices, number, zone=UTC)
        except UnknownAlert:
            raise _none("alert") from None
        return as_json(found, named=_named(request) or not found.sensitive)

    def lists(self, request: Request) -> answers.ListsSeen:
        """Every list, with how many people agreed to it and how many can be reached."""
        with self._house.db.reading() as session:
            rows = counts.lists_seen(session, named=_named(request))
        return answers.ListsSeen.model_validate({"lists": rows})

    def suppressions(self) -> answers.SuppressionCounts:
        """How many addresses must not be contacted, and why. The addresses aren't kept."""
        with self._house.db.reading() as session:
            rows = counts.suppressions_counted(session)
        return answers.SuppressionCounts.model_validate({"suppressions": rows})

    def actions(self) -> answers.ActionCounts:
        """How many people did what each campaign asked for."""
        with self._house.db.reading() as session:
            rows = counts.actions_counted(session)
        return answers.ActionCounts.model_validate({"campaigns": rows})

    def webhooks(self) -> answers.WebhooksSeen:
        """Who is told what happens, and how they answer."""
        with self._house.db.reading() as session:
            rows = [one.as_json() for one in view_webhooks(session)]
        return answers.WebhooksSeen(webhooks=rows)

    def subscriber(self, request: Request, number: _Number) -> answers.Person:
        """One person by number: what they are on, and whether we may write to them."""
        try:
            with self._house.db.reading() as session:
                found = people.person_seen(session, number, named=_named(request))
        except UnknownSubscriber:
            raise _none("subscriber") from None
        return answers.Person.model_validate(found)

    def find(self, request: Request, body: answers.WhoBody) -> answers.People:
        """Whoever has an address: nobody, one person, or a family that shares a phone."""
        if body.email is not None:
            channel, address = Channel.EMAIL, parse_email(body.email).normalised
        else:
            channel, address = Channel.SMS, parse_phone(body.phone or "").e164
        key = self._house.keys.address_key(address)
        with self._house.db.reading() as session:
            found = people.people_with(session, channel, key, named=_named(request))
        return answers.People.model_validate({"subscribers": found})

    def replies(self, request: Request, after: _From = 0, limit: _Limit = 50) -> answers.Replies:
        """What people have written back, oldest first."""
        words = Scope.REPLY_WORDS in request.state.scopes
        with self._house.db.reading() as session:
            rows, behind = replies.replies_page(session, after, limit, named=_named(request), words=words)
            waiting = waiting_replies(session)
        return answers.Replies(waiting=waiting, replies=rows, next=behind)


def _named(request: Request) -> bool:
    """Whether the key may know what sensitive lists and campaigns are called, and who is on them."""
    return Scope.SENSITIVE in request.state.scopes


def _none(what: str) -> HTTPException:
    return HTTPException(404, f"There is no {what} of that number.")
