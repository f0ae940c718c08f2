"""`POST /twilio/inbound`: texts that people send us, answered in TwiML."""

from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.channels.twilio_inbound import (
    INBOUND_PATH,
    SIGNATURE_HEADER,
    InboundText,
    inbound_token,
    is_signed,
    read_text,
)
from dispatcher.content.edition import Organisation
from dispatcher.house import House
from dispatcher.usecases.record_inbound import Reaction, record_inbound
from dispatcher.web.words import Words, language_for


class Inbound:
    """Believes nobody but Twilio."""

    def __init__(self, house: House, organisation: Organisation, words: Words) -> None:
        self._house = house
        self._organisation = organisation
        self._all_words = words
        self._token = inbound_token(house.settings.sms)

    def routes(self) -> list[Route]:
        """`POST /twilio/inbound`."""
        return [Route(INBOUND_PATH, self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Act on the text, and answer it where an answer is due."""
        if self._token is None:
            return PlainTextResponse("Texts aren't sent by Twilio here.\n", 404)
        body = await request.body()
        kind = request.headers.get("content-type", "")
        query = f"?{request.url.query}" if request.url.query else ""
        url = f"{self._house.settings.public_url}{INBOUND_PATH}{query}"
        if not is_signed(self._token, url, kind, body, request.headers.get(SIGNATURE_HEADER, "")):
            return PlainTextResponse("The signature isn't Twilio's.\n", 403)
        reaction = await run_in_threadpool(self._record, read_text(kind, body))
        return Response(_twiml(self._words(reaction)), media_type="text/xml")

    def _record(self, text: InboundText) -> Reaction:
        with self._house.db.transaction() as session:
            return record_inbound(session, self._house.keys, text)

    def _words(self, reaction: Reaction) -> str:
        if reaction.reply is None:
            return ""
        language = language_for(reaction.language, "", self._all_words)
        words: str = self._all_words[language]["text"][reaction.reply]
        return words.format(org=self._organisation.from_name, contact=self._organisation.from_email)


def _twiml(words: str) -> str:
    message = f"<Message>{escape(words)}</Message>" if words else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
