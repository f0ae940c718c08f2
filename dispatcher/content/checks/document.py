"""What an HTML document must say of itself: its title, its language, and its pictures in words."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity, Trial

_SHOWS_NOTHING = frozenset({"0", "1"})  # a picture's width or height, when it only counts readers


def no_title(draft: Draft) -> Iterator[Finding]:
    """HTML without a title: screen readers read it first, and a browser shows it above the message."""
    for trial in _with_html(draft):
        if not any(trial.page.titles):
            yield _warning(
                draft,
                trial,
                _offset_of(trial, "head", "html"),
                "The HTML has no <title>.",
                "Put one into <head>.",
            )


def no_language(draft: Draft) -> Iterator[Finding]:
    """HTML that doesn't say its language and direction, or says another: it would be read aloud wrongly.

    Some clients take <html> away, so what is written from right to left must say so within <body> too.
    """
    for trial in _with_html(draft):
        language, direction = trial.written.language, _direction(draft, trial)
        if problem := _wrongly_told(trial, language, direction):
            mend = 'Write <html lang="{{ language }}" dir="{{ dir }}">.'
            yield _warning(draft, trial, _offset_of(trial, "html"), problem, mend)
        within = (element for element in trial.page.elements if element.tag not in {"html", "body"})
        if direction == "rtl" and not any(
            element.attributes.get("dir") == "rtl" and element.has("lang") for element in within
        ):
            mend = 'Put <div lang="{{ language }}" dir="{{ dir }}"> around everything in <body>.'
            problem = f"Gmail takes <html> away, and then {language} would run from left to right."
            yield _warning(draft, trial, _offset_of(trial, "body"), problem, mend)


def pictures_without_words(draft: Draft) -> Iterator[Finding]:
    """A picture without `alt`: many see no pictures, and some never do."""
    for trial in draft.readings:
        for picture in trial.page.all("img", "area"):
            counting = {picture.attributes.get("width"), picture.attributes.get("height")} & _SHOWS_NOTHING
            if not picture.has("alt") and not counting:
                mend = 'Say what it shows, alt="..."; alt="" if it only decorates.'
                yield _warning(draft, trial, picture.offset, "A picture has no alt text.", mend)


def _with_html(draft: Draft) -> Iterator[Trial]:
    return (trial for trial in draft.readings if "html" in trial.traced)


def _wrongly_told(trial: Trial, language: str, direction: str) -> str:
    """What is wrong with what <html> says of its language, or nothing."""
    said = next((element.attributes for element in trial.page.all("html")), {})
    if not said.get("lang") or not said.get("dir"):
        return "<html> doesn't say its language and direction: lang and dir."
    if (said["lang"].lower(), said["dir"]) != (language.lower(), direction):
        return f"<html> says lang={said['lang']!r} dir={said['dir']!r}, but this is {language}, {direction}."
    return ""


def _direction(draft: Draft, trial: Trial) -> str:
    return draft.frozen.languages[trial.written.language].chrome.get("dir", "ltr")


def _offset_of(trial: Trial, *tags: str) -> int:
    return next((element.offset for tag in tags for element in trial.page.all(tag)), 0)


def _warning(draft: Draft, trial: Trial, offset: int, problem: str, mend: str) -> Finding:
    return Finding(*draft.spot(trial, "html", offset), Severity.WARNING, problem, mend)
