"""Words of notices that only tests send, in the working folder's own catalogues."""

from pathlib import Path

_HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Reviewer: {reviewer}\\n"\n\n'
ENGLISH = {
    "hello_subject": "Hello from {org}",
    "hello_email": "Dear {name},\n\n{link}\n\nYour code is {code}. Questions? {contact}",
    "hello_sms": "{org}: your code is {code}.",
    "mail_subject": "By email alone",
    "mail_email": "Words.",
    "still_sms": "{org}: are you still there?",
    "confirm_subject": "Confirm",
    "confirm_email": "{link}",
}
SPANISH = {
    "hello_subject": "Un saludo de {org}",
    "hello_email": "Estimada persona {name}:\n\n{link}\n\nSu código: {code}. {contact}",
    "hello_sms": "{org}: su código es {code}.",
}
FACTS = {"name": "Rosa", "link": "https://go.example.org/c/abc", "code": "481516"}


def write_notice_words(folder: Path) -> None:
    """The kinds `hello`, `mail`, `still` and `confirm` in English, `hello` in Spanish; French is unread."""
    own = folder / "templates" / "locale"
    own.mkdir(parents=True, exist_ok=True)
    _write(own / "en.po", {key: (words, "") for key, words in ENGLISH.items()}, "tests")
    _write(own / "es.po", {key: (ENGLISH[key], words) for key, words in SPANISH.items()}, "tests")
    _write(own / "fr.po", {"hello_sms": (ENGLISH["hello_sms"], "{org} : {code}")}, "")


def _write(path: Path, entries: dict[str, tuple[str, str]], reviewer: str) -> None:
    body = "".join(
        f'msgctxt "notice.{key}"\nmsgid "{_quoted(english)}"\nmsgstr "{_quoted(words)}"\n\n'
        for key, (english, words) in entries.items()
    )
    path.write_text(_HEAD.format(reviewer=reviewer) + body, encoding="utf-8")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
