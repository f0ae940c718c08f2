"""Errors of the API as RFC 9457 has them: `application/problem+json`, without a word of what was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

KIND = "application/problem+json"
_TRY_AGAIN_IN = "60"  # seconds


def problem(
    status: int,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem. `errors` name the fields, each with what would be right."""
    content: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    if errors:
        content["errors"] = list(errors)
    return JSONResponse(content, status, headers=dict(headers or {}), media_type=KIND)


async def refused(_request: Request, error: Exception) -> Response:
    """What the framework, or we, refuse."""
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=error.headers)


async def not_valid(_request: Request, error: Exception) -> Response:
    """A body that isn't as the description has it. What it held is never repeated: it may be an address."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or "body", "problem": _said(one["msg"])}
        for one in error.errors()
    ]
    return problem(422, "Some fields can't be used.", errors=errors)


async def trouble(_request: Request, _error: Exception) -> Response:
    """Our fault: what was asked may be asked again."""
    words = "That didn't work just now, and nothing was changed. Try again in a minute."
    return problem(503, words, headers={"Retry-After": _TRY_AGAIN_IN})


def _said(message: object) -> str:
    return str(message).removeprefix("Value error, ")
