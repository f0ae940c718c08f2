"""Post something to an address that staff gave us. Such addresses are secrets: they are never shown whole."""

import json
from collections.abc import Mapping

from dispatcher.rules.urls import parse_service_url

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 5.0


def post_json(url: str, fields: Mapping[str, object]) -> str:
    """POST `fields` as JSON; what went wrong, without the address's secret part, or nothing.

    A redirect is no answer: it would take the words to wherever it points.
    """
    import requests

    try:
        answer = requests.post(
            url,
            data=json.dumps(fields, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "dispatcher"},
            timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,  # nothing is read of what it says
        )
    except requests.RequestException as error:
        return f"{shown_host(url)} can't be reached ({type(error).__name__})"
    answer.close()
    return "" if answer.ok and not answer.is_redirect else f"{shown_host(url)} answered {answer.status_code}"


def shown_host(url: str) -> str:
    """What may be shown of such an address: its host."""
    return parse_service_url(url).host
