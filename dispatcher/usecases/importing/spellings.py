"""The words of people's files: names of columns, languages and time zones, ways of saying yes and nothing.

Everything is written as `plain` leaves it. Add a spelling here, and nowhere else.
"""

import re
import unicodedata

_LETTERS = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Small letters and digits alone, accents taken away: `Correo electrónico *` is `correoelectronico`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_LETTERS.findall("".join(c for c in apart if not unicodedata.combining(c))))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Field -> spellings of its column; of two columns that fit, the one that stands first here is taken.
COLUMNS: dict[str, tuple[str, ...]] = {
    "email": _words("""
        email emailaddress mail mailaddress emailid youremail primaryemail preferredemail emailprimary
        emailaddress1 email1 personalemail homeemail contactemail subscriberemail useremail electronicmail
        correo correoelectronico direcciondecorreo direcciondecorreoelectronico direccionelectronica
        direccionemail direcciondeemail emailelectronico correoe elcorreo tucorreo adresemail adresmail
        courriel workemail
        """),
    "phone": _words("""
        phone cell mobile cellphone mobilephone mobilenumber cellnumber cellphonenumber mobilephonenumber
        phonecell phonemobile smsnumber smsphone textnumber phonenumber telephone telephonenumber tel
        yourphone primaryphone preferredphone phoneprimary contactphone contactnumber phone1 phonenumber1
        phoneno telno telefono numerodetelefono telefonocelular telefonomovil celular movil numerodecelular
        numerocelular numerotelefonico numtelefono nodetelefono telefon numertelefonu komorka homephone
        workphone
        """),
    "first_name": _words("""
        firstname first fname givenname forename givennames preferredname nombre nombres primernombre
        nombredepila imie name fullname nombrecompleto
        """),
    "last_name": _words("""
        lastname last lname surname familyname secondname apellido apellidos primerapellido nazwisko
        """),
    "language": _words("""
        language lang preferredlanguage languagepreference languagespoken primarylanguage spokenlanguage
        locale idioma lengua idiomapreferido lenguaje idiomadepreferencia jezyk
        """),
    "time_zone": _words("timezone tz timezonename zonahoraria husohorario strefaczasowa"),
    "postal_code": _words("""
        postalcode zip zipcode postcode zip5 zippostal zippostalcode postalzip zipcodepostalcode homezip
        mailingzip mailingzippostalcode mailingpostalcode codigopostal cp codpostal kodpocztowy
        """),
    "sms_consent": _words("""
        smsconsent smsoptin textoptin smsok textok oktotext smspermission textconsent textingconsent
        consentsms optinsms smssubscribed mobileoptin phoneoptin agreestosms agreetotexts agreestotexts
        receivetexts receivesms smsagreement canwetextyou mensajesdetexto consentimientosms aceptasms
        aceptatextos aceptamensajes aceptamensajesdetexto
        """),
}

YES = frozenset(
    _words("yes y true t 1 x si s on ok optin optedin agree agreed checked verdadero acepto tak subscribed")
)
NO = frozenset(_words("no n false f 0 off optout optedout declined none unchecked falso nie unsubscribed"))

# What stands in a cell to say that there is nothing.
NOTHING = frozenset(
    _words("na none null nil nan unknown noemail nophone ninguno ninguna notiene sincorreo brak tbd")
)

LANGUAGES: dict[str, str] = {
    spelling: code
    for code, spellings in {
        "en": "english ingles angielski anglais eng",
        "es": "spanish espanol castellano hiszpanski espagnol spa esp",
        "pl": "polish polski polaco pol",
        "ar": "arabic العربية عربي arabe arabski ara",
        "zh": "chinese mandarin cantonese chino simplifiedchinese 中文 普通话 简体中文 chi zho",
        "ko": "korean coreano 한국어 kor",
        "uk": "ukrainian ucraniano ukrainski українська ukr",
        "ru": "russian ruso rosyjski русскии rus",
        "fr": "french frances francais francuski fra fre",
        "hi": "hindi हिन्दी हिंदी hin",
        "ur": "urdu اردو urd",
        "tl": "tagalog filipino pilipino tgl fil",
        "vi": "vietnamese vietnamita tiengviet vie",
        "pt": "portuguese portugues por",
        "ht": "haitian haitiancreole kreyol kreyolayisyen hat",
        "so": "somali soomaali som",
        "am": "amharic አማርኛ amh",
        "gu": "gujarati ગુજરાતી guj",
        "pa": "punjabi ਪੰਜਾਬੀ pan",
        "fa": "persian farsi فارسی fas per",
    }.items()
    for spelling in map(plain, spellings.split())
}

TIME_ZONES: dict[str, str] = {
    spelling: zone
    for zone, spellings in {
        "America/New_York": "eastern easterntime easternstandardtime easterndaylighttime et est edt este",
        "America/Chicago": "central centraltime centralstandardtime centraldaylighttime ct cst cdt centro",
        "America/Denver": "mountain mountaintime mountainstandardtime mountaindaylighttime mt mst mdt",
        "America/Phoenix": "arizona usmountainstandardtime",
        "America/Los_Angeles": "pacific pacifictime pacificstandardtime pacificdaylighttime pt pst pdt",
        "America/Anchorage": "alaska alaskatime akst akdt",
        "Pacific/Honolulu": "hawaii hawaiitime hst hawaiianstandardtime",
        "America/Puerto_Rico": "puertorico atlantic atlantictime ast",
    }.items()
    for spelling in spellings.split()
}
