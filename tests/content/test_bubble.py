"""A text as a phone shows it."""

from dispatcher.content.bubble import bubble


def test_a_text_is_shown_with_its_link_and_what_it_takes() -> None:
    page = bubble(
        "ICIRR: <b>call</b>\nhttps://p2a.co/x?a=1&b=2 STOP",
        segments=2,
        sender="Ñ",
        language="es",
        direction="ltr",
    )
    assert "ICIRR: &lt;b&gt;call&lt;/b&gt;\n" in page
    assert '<a href="https://p2a.co/x?a=1&amp;b=2">https://p2a.co/x?a=1&amp;b=2</a> STOP' in page
    assert "2 segments, 48 characters" in page
    assert '<html lang="es" dir="ltr">' in page


def test_one_segment_is_one() -> None:
    page = bubble("STOP", segments=1, sender="", language="ar", direction="rtl")
    assert "1 segment, 4 characters" in page
    assert 'dir="rtl"' in page
