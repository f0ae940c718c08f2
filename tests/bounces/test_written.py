"""What people write in answer, told from what their mail programs put around it."""

# ruff: noqa: RUF001 - Arabic, Polish and Ukrainian letters are meant

import pytest
from answers_held_out import ANSWERS, QUOTED, WORDS
from mutated_mails import mutants
from returned_mails import OURS, mail

from dispatcher.bounces.answers import read_answer

PERSON = "Maria <maria@town.example>"
IN_REPLY = f"In-Reply-To: <{OURS}@org.example>"
UTF8 = "Content-Type: text/plain; charset=utf-8"
QUOTE = "> Dear Maria,\n> call your senator.\n> Reply STOP to leave."


def words(body: str, *headers: str) -> str:
    return read_answer(mail(body, *(headers or (UTF8,)), sender=PERSON)).words


@pytest.mark.parametrize(
    "above",
    [
        "On Thu, Nov 5, 2026 at 10:00 AM ICIRR alerts <alerts@org.example> wrote:",
        "On Thu, Nov 5, 2026 at 10:00 AM ICIRR alerts\n<alerts@org.example> wrote:",
        "On 11/5/26 10:00, ICIRR alerts wrote:",
        "> On Nov 5, 2026, at 10:00, ICIRR alerts <alerts@org.example> wrote:\n>",
        "El jue, 5 nov 2026 a las 10:00, ICIRR alerts (<alerts@org.example>) escribió:",
        "El 5/11/26 a las 10:00, ICIRR alerts escribió:",
        "ICIRR alerts <alerts@org.example> escribió el jue, 5 nov 2026:",
        "czw., 5 lis 2026 o 10:00 ICIRR alerts <alerts@org.example> napisał(a):",
        "W dniu 5.11.2026 o 10:00, ICIRR alerts pisze:",
        "Dnia 5 listopada 2026 10:00 ICIRR alerts <alerts@org.example> napisał(a):",
        "في الخميس، ٥ نوفمبر ٢٠٢٦ تمت كتابة ما يلي بواسطة ICIRR alerts <\u200ealerts@org.example\u200f>:",
        "كتب ICIRR alerts <alerts@org.example> في ٥ نوفمبر ٢٠٢٦:",
        "Le jeu. 5 nov. 2026 à 10:00, ICIRR alerts <alerts@org.example> a écrit :",
        "чт, 5 лист. 2026 р. о 10:00 ICIRR alerts <alerts@org.example> пише:",
        "2026年11月5日(木) 10:00 ICIRR alerts <alerts@org.example>:",
        "2026-11-05 10:00 GMT-06:00 ICIRR alerts <alerts@org.example>:",
        "ICIRR alerts <alerts@org.example>于2026年11月5日 周四10:00写道：",
        "",
    ],
)
def test_the_message_that_is_answered_is_left_out_in_many_languages(above: str) -> None:
    assert words(f"I called today. Thank you!\n\n{above}\n\n{QUOTE}") == "I called today. Thank you!"
    assert words(f"I called today. Thank you!\n{above}\n{QUOTE}") == "I called today. Thank you!"


@pytest.mark.parametrize("program", ANSWERS)
def test_answers_of_other_programs_are_read_as_well(program: str) -> None:
    assert words(ANSWERS[program].replace("{words}", WORDS).replace("{quoted}", QUOTED)) == WORDS


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----",
        "----- Mensaje original -----",
        "-----Wiadomość oryginalna-----",
        "----- الرسالة الأصلية -----",
        "-------- Forwarded Message --------",
        "________________________________",
        "From: ICIRR alerts <alerts@org.example>\nSent: Thursday, November 5, 2026\nTo: Maria\nSubject: Call",
        "*From:* ICIRR alerts\n*Date:* Thursday\n*To:* Maria",
        "De: ICIRR alerts <alerts@org.example>\nEnviado el: jueves\nPara: Maria\nAsunto: Llame",
        "Od: ICIRR alerts <alerts@org.example>\nWysłano: czwartek\nDo: Maria\nTemat: Zadzwoń",
        "من: ICIRR alerts <alerts@org.example>\nتاريخ الإرسال: الخميس\nإلى: Maria\nالموضوع: اتصل",
        "El jue, 5 nov 2026 a las 10:00, ICIRR (<alerts@org.example>) escribió:",
    ],
)
def test_what_is_answered_without_marks_is_cut_off_where_it_begins(above: str) -> None:
    assert words(f"Gracias.\n\n{above}\n\nDear Maria,\ncall your senator.") == "Gracias."


@pytest.mark.parametrize(
    "end",
    [
        "-- \nMaria López\n(312) 555-0100",
        "Sent from my iPhone",
        "Enviado desde mi iPhone",
        "Wysłane z iPhone'a",
        "أُرسلت من الـ iPhone",
        "Get Outlook for iOS",
        "Enviado desde Outlook para Android",
        "Sent from Yahoo Mail for iPhone\n\n",
    ],
)
def test_signatures_and_advertisements_of_phones_are_no_words(end: str) -> None:
    assert words(f"Take me off.\n\n{end}") == "Take me off."


def test_answers_below_and_between_quoted_lines_are_kept() -> None:
    body = f"On 5 Nov 2026, alerts@org.example wrote:\n{QUOTE}\n\nI did.\n> Or write.\nThat too."
    assert words(body) == "I did.\nThat too."


@pytest.mark.parametrize(
    "body",
    [
        "My senator wrote to me 3 times:\nno, no and no.",
        "On Monday I called.\nThey wrote down my name:\nMaria.",
        "De: mi casa\nAl trabajo hay dos horas.",
        "Two things:\n- I called\n- I wrote",
        "From: me.\nDate me: never.",
        "Sent my letter to the senator, then called by phone.",
        "El lunes escribí a: mi senador, y él me respondió\n\nmañana sigo",
    ],
)
def test_what_only_looks_like_a_programs_words_is_kept(body: str) -> None:
    assert words(body) == body


def test_html_alone_is_read_up_to_what_it_quotes() -> None:
    html = '<div>Please call me: 312&nbsp;555-0100<br>Maria</div><div class="gmail_quote">On Thu wrote:</div>'
    assert words(html, "Content-Type: text/html") == "Please call me: 312 555-0100\nMaria"
    yahoo = '<div>Gracias</div><div id="x" class="ydpa1b2yahoo_quoted"><div>On Thu</div></div>'
    assert words(yahoo, "Content-Type: text/html") == "Gracias"
    apple = (
        "Gracias<br><div>On 5 Nov 2026, at 10:00, ICIRR &lt;a@org.example&gt; wrote:</div><blockquote>Dear"
    )
    assert words(apple, "Content-Type: text/html") == "Gracias"
    outlook = '<p>Gracias</p><div id="divRplyFwdMsg"><b>De:</b> ICIRR</div>'
    assert words(outlook, "Content-Type: text/html") == "Gracias"


def test_plain_words_are_taken_before_html_and_before_attached_files() -> None:
    parts = (
        "--=b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nA file.\n"
        "--=b\nContent-Type: text/html\n\n<p>Two</p>\n--=b\nContent-Type: text/plain\n\nOne\n--=b--\n"
    )
    raw = mail(parts, 'Content-Type: multipart/mixed; boundary="=b"', sender=PERSON)
    assert read_answer(raw).words == "One"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Unsubscribe", "Unsubscribe"),
        ("=?utf-8?q?Darme_de_baja?=", "Darme de baja"),
        ("Re: Call your senator", ""),
        ("RE[2]: Call", ""),
        ("Odp: Call", ""),
    ],
)
def test_a_mail_without_words_says_what_its_subject_does_unless_that_is_ours(subject: str, said: str) -> None:
    assert words(QUOTE, f"Subject: {subject}") == said


def test_every_reference_of_the_thread_is_found_the_nearest_first() -> None:
    other, third = f"7.{'ab' * 8}", f"8.{'cd' * 8}"
    thread = f"References: <x@y> <{third}@org.example> <{OURS}@org.example>"
    raw = mail("Hi", f"Delivered-To: replies+{other}@org.example", IN_REPLY, thread, sender=PERSON)
    assert read_answer(raw).references == (other, OURS, third)
    assert read_answer(mail("Hi", sender=PERSON)).references == ()


def test_a_token_for_leaving_is_no_reference() -> None:
    raw = mail("", "Delivered-To: bounces+leave.AQIDBAUGBwgJCgsMDQ4P@org.example", IN_REPLY, sender=PERSON)
    assert read_answer(raw).references == (OURS,)


def test_long_and_broken_words_are_cut_and_cleaned() -> None:
    said = words("a\x00b" + "c" * 5_000)
    assert len(said) == 1_000  # one line's worth
    assert said.startswith("abc")
    assert len(words("word\n" * 3_000)) == 4_000


def test_no_repr_shows_who_wrote_what() -> None:
    shown = repr(read_answer(mail("my secret", sender=PERSON)))
    assert "maria" not in shown
    assert "secret" not in shown


def test_nothing_that_arrives_upsets_the_reader() -> None:
    html = mail("<p>Hi</p><blockquote>x</blockquote>", "Content-Type: text/html", sender=PERSON)
    good = mail(f"Hi\n\nOn 5 Nov 2026, a@b.org wrote:\n{QUOTE}\n-- \nM", UTF8, IN_REPLY, sender=PERSON)
    block = mail("Hi\n\nDe: a\nPara: b\nAsunto: c\n\nd", UTF8, "Subject: =?utf-8?q?x?=", sender=PERSON)
    for raw in mutants([html, good, block], 500):
        answer = read_answer(raw)
        assert len(answer.words) <= 4_000
        assert answer.words.isprintable() or not {"\x00", "\x1b"} & set(answer.words)


@pytest.mark.parametrize(
    "line", ["On 1 " * 9_000, "On 1\n" * 1_400, " " * 60_000, "From:\n" * 1_400, "<div " * 9_000]
)
def test_text_that_is_made_to_take_long_takes_no_longer_than_other_text(line: str) -> None:
    assert isinstance(words(line), str)
    assert isinstance(words(line, "Content-Type: text/html"), str)
