"""Answers as mail programs send them, written by hand after the rules that read them, to see what those miss:
22 of these 25 were read whole at the first run.

`{words}` is what a person wrote, `{quoted}` the message that they answer.
"""

# ruff: noqa: E501, RUF001 - lines stand as programs write them, in many scripts

WORDS = "Yo ya llamé. Gracias, 3 veces."
QUOTED = "Dear Maria,\ncall your senator today.\nIt takes one minute."

ANSWERS: dict[str, str] = {
    "yahoo en": "{words}\n\n    On Thursday, November 5, 2026 at 10:00:00 AM CST, ICIRR alerts <alerts@org.example> wrote:  \n \n {quoted}",
    "yahoo es": "{words}\n\n    El jueves, 5 de noviembre de 2026, 10:00:00 CST, ICIRR alerts <alerts@org.example> escribió:  \n \n {quoted}",
    "apple pl": "{words}\n\nWiadomość napisana przez ICIRR alerts <alerts@org.example> w dniu 5 lis 2026, o godz. 10:00:\n\n{quoted}",
    "apple es": "{words}\n\n> El 5 nov 2026, a las 10:00, ICIRR alerts <alerts@org.example> escribió:\n> \n> Dear",
    "apple ar": "{words}\n\nفي ٥ نوفمبر ٢٠٢٦، الساعة ١٠:٠٠ ص، كتب ICIRR alerts <alerts@org.example>:\n\n{quoted}",
    "outlook ar": "{words}\n\nمن: ICIRR alerts <alerts@org.example>\nتم الإرسال: الخميس، ٥ نوفمبر ٢٠٢٦\nإلى: Maria\nالموضوع: اتصل\n\n{quoted}",
    "interia": "{words}\n\nTemat: Call your senator\nData: 2026-11-05 10:00\nNadawca: ICIRR alerts <alerts@org.example>\nAdresat: Maria\n\n{quoted}",
    "o2": "{words}\n\nDnia 5 listopada 2026 10:00 ICIRR alerts <alerts@org.example> napisał(a):\n\n{quoted}",
    "aol": "{words}\n\nIn a message dated 11/5/2026 10:00:00 AM Central Standard Time, alerts@org.example writes:\n\n{quoted}",
    "proton": "{words}\n\nSent with Proton Mail secure email.\n\nOn Thursday, November 5th, 2026 at 10:00 AM, ICIRR alerts <alerts@org.example> wrote:\n\n> Dear",
    "samsung": "{words}\n\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: ICIRR alerts <alerts@org.example> \nDate: 11/5/26  10:00 AM  (GMT-06:00) \n\n{quoted}",
    "outlook mobile": "{words}\n\nObtener Outlook para iOS<https://aka.ms/o0ukef>\n________________________________\nDe: ICIRR alerts <alerts@org.example>\nEnviado: jueves\nPara: Maria\nAsunto: Call\n\n{quoted}",
    "gmail ko": "{words}\n\n2026년 11월 5일 (목) 오전 10:00, ICIRR alerts <alerts@org.example>님이 작성:\n\n> Dear",
    "gmail tl": "{words}\n\nNoong Huw, Nob 5, 2026 nang 10:00 AM, sinulat ni ICIRR alerts <alerts@org.example>:\n\n> Dear",
    "gmail hi": "{words}\n\nगुरु, 5 नव॰ 2026 को 10:00 am बजे ICIRR alerts <alerts@org.example> ने लिखा:\n\n> Dear",
    "gmail ur": "{words}\n\nجمعرات، 5 نومبر، 2026 کو 10:00 AM بجے کو ICIRR alerts <alerts@org.example> نے لکھا:\n\n> Dear",
    "thunderbird es": "{words}\n\nEl 5/11/26 a las 10:00, ICIRR alerts via\nMailer escribió:\n> Dear\n> call",
    "gmail pl wrap": "{words}\n\nczw., 5 lis 2026 o 10:00 ICIRR alerts <alerts@org.example>\nnapisał(a):\n\n> Dear",
    "gmail es wrap": "{words}\n\nEl jue, 5 nov 2026 a la(s) 10:00 a.m., ICIRR alerts (\nalerts@org.example) escribió:\n\n> Dear",
    "outlook en rtf": "{words}\n\nFrom: ICIRR alerts [mailto:alerts@org.example] \nSent: Thursday, November 5, 2026 10:00 AM\nTo: Maria\nSubject: Call your senator\n\n{quoted}",
    "bottom post": "On 5/11/2026 10:00, ICIRR alerts wrote:\n> Dear\n> call\n\n{words}\n\n-- \nMaria",
    "gmail fwd": "{words}\n\n---------- Forwarded message ---------\nFrom: ICIRR alerts <alerts@org.example>\nDate: Thu\n\n{quoted}",
    "gmail zh": "{words}\n\nICIRR alerts <alerts@org.example> 於 2026年11月5日 週四 上午10:00寫道：\n\n> Dear",
    "icloud pl": "{words}\n\nWysłane z iPhone’a\n\n> Wiadomość napisana przez ICIRR alerts <alerts@org.example> w dniu 05.11.2026, o godz. 10:00:\n> \n> Dear",
    "ar iphone": "{words}\n\nأرسلت من الـ iPhone الخاص بي\n\n> في ٥ نوفمبر ٢٠٢٦، الساعة ١٠:٠٠ ص، كتب ICIRR:\n> Dear",
}
