"""The notices of this part can be written in every language that pages speak, and cost little."""

import pytest

from dispatcher.content.notice import NoticeRequest, NoticeWriter, words_for
from dispatcher.content.parts import Organisation
from dispatcher.usecases.managing import links, moving

ORGANISATION = Organisation("Illinois Coalition", "1 Main St", "alerts@example.org", "ICIRR alerts")
FACTS = {
    links.NOTICE: {"link": "https://alerts.example.org/m/" + "A" * 52},
    moving.NOTICE: {"code": "012345"},
}


@pytest.mark.parametrize("language", ["en", "es", "pl", "ar"])
@pytest.mark.parametrize(("kind", "segments"), [(links.NOTICE, 2), (moving.NOTICE, 1)])
def test_a_notice_is_whole_in_every_language(kind: str, segments: int, language: str) -> None:
    assert words_for(kind, language).language == language
    request = NoticeRequest(1, "maria@example.org", kind, language, FACTS[kind])
    writer = NoticeWriter(ORGANISATION, salt=b"s" * 16)
    assert writer.email(request).to == "maria@example.org"
    assert writer.sms(request, stop_due=True).segments <= segments + (language == "ar")
