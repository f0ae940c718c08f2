"""The colours that words really have: inherited, from style sheets, in light mode and in dark."""

from dispatcher.content.page import read_page
from dispatcher.content.painted_words import PaintedWords, painted_words

SHEET = """<style>p { color: #333333; font-size: 14px } .box { background-color: #eeeeee }</style>
<style data-premailer="ignore">@media (prefers-color-scheme: dark) {
  .box { background-color: #111111 !important } @media screen { i { color: red } } }</style>"""


def painted(body: str, sheet: str = "") -> dict[tuple[str, str], PaintedWords]:
    """What is shown of a document, by words and mode."""
    html = f"<!DOCTYPE html><html><head><title>t</title>{sheet}</head><body>{body}</body></html>"
    return {(words.text, words.mode): words for words in painted_words(html, read_page(html))}


def test_words_have_the_colours_of_what_is_around_them() -> None:
    found = painted('<div style="background: #000"><p style="color:#fff">a <b>b</b></p></div><p>c</p>')
    assert found["a", "light"].contrast == found["b", "light"].contrast == 21
    assert found["b", "light"].paint.bold
    assert (found["c", "light"].paint.colour, found["c", "light"].paint.behind) == ("#000000", "#ffffff")


def test_style_sheets_apply_and_dark_ones_only_in_dark_mode() -> None:
    found = painted('<div class="box"><p>a</p></div>', SHEET)
    light, dark = found["a", "light"].paint, found["a", "dark"].paint
    assert (light.colour, light.behind, light.size) == ("#333333", "#eeeeee", 14)
    assert (dark.colour, dark.behind) == ("#333333", "#111111")


def test_there_is_no_dark_mode_without_styles_for_it() -> None:
    assert {mode for _, mode in painted("<p>a</p>")} == {"light"}


def test_hidden_words_and_those_on_a_picture_are_left_out() -> None:
    body = (
        '<div style="display:none">a</div><p style="visibility: hidden">b</p><script>c</script>'
        '<td style="background: url(x.png)">d</td>'
        '<div style="background-image: linear-gradient(red, blue)">e</div>'
    )
    assert painted(body) == {}


def test_a_link_without_a_colour_is_blue_and_half_covering_colours_are_mixed() -> None:
    body = (
        '<a href="https://a.org">a</a><p style="color: rgba(0,0,0,.5)">b</p>'
        '<p bgcolor="#000"><font color="white">c</font></p>'
    )
    found = painted(body)
    assert found["a", "light"].paint.colour == "#0000ee"
    assert found["b", "light"].paint.colour == "#808080"
    assert found["c", "light"].contrast == 21


def test_sizes_are_counted_in_pixels() -> None:
    body = (
        '<h1>a</h1><p style="font-size: 12pt">b</p><div style="font-size: 20px">'
        '<p style="font-size: 1.5em">c</p><p style="font-size: 50%">d</p>'
        '<p style="font-size: 2rem">e</p><p style="font-size: large">f</p></div>'
    )
    found = painted(body)
    assert [found[words, "light"].paint.size for words in "abcdef"] == [32, 16, 30, 10, 32, 20]


def test_words_are_found_where_their_element_begins() -> None:
    html = "<html><head></head><body><p>a</p>\n<p>b</p></body></html>"
    assert [html[w.offset :][:4] for w in painted_words(html, read_page(html))] == ["<p>a", "<p>b"]
