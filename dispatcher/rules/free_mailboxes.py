"""Domains where anybody can have a mailbox for nothing: nobody but their owner may send mail from them.

Gmail, Yahoo and Microsoft refuse bulk mail whose From isn't aligned with who signed it (their rules for
senders, 2024 and 2025), and these domains' own DMARC records ask others to do so too. The list is ours, of
well-known ones in the languages that we write in: a missing one is only not warned of.
"""

FREE_MAILBOXES = frozenset(
    """
    126.com 163.com aim.com aol.com att.net bellsouth.net comcast.net cox.net email.com fastmail.com
    free.fr gmail.com gmx.at gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com
    hotmail.es hotmail.fr icloud.com interia.pl laposte.net libero.it live.com live.com.mx mac.com
    mail.com mail.ru me.com msn.com naver.com o2.pl onet.pl orange.fr outlook.com outlook.es pm.me
    prodigy.net proton.me protonmail.com qq.com rocketmail.com rogers.com sbcglobal.net t-online.de
    tutanota.com ukr.net verizon.net web.de wp.pl yahoo.co.in yahoo.co.uk yahoo.com yahoo.com.mx
    yahoo.es yahoo.fr yandex.ru ymail.com zohomail.com
    """.split()
)


def is_free_mailbox(address: str) -> bool:
    """Whether an email address belongs to a provider of free mailboxes."""
    return address.rpartition("@")[2].lower() in FREE_MAILBOXES
