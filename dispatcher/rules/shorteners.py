"""Public link shorteners: anybody can hide anything behind them, so carriers and mail filters distrust them.

CTIA, Messaging Principles and Best Practices (May 2023), 5.3.2, and the carriers' codes of conduct ask for
links of one's own domain; help pages of providers name bit.ly, TinyURL and their like, and Bandwidth's says
that AT&T blocks them. The list is ours, of well-known ones: a missing one is only not warned of.
"""

PUBLIC_SHORTENERS = frozenset(
    """
    adf.ly b.link bit.do bit.ly bitly.com bl.ink buff.ly clck.ru cutt.ly cutt.us dlvr.it fb.me goo.gl
    ht.ly ift.tt is.gd j.mp linktr.ee lnkd.in mcaf.ee ow.ly plu.sh q.gs qr.ae rb.gy rebrand.ly s.id
    shorte.st short.io shorturl.at snip.ly soo.gd t.co t.ly t2m.io tiny.cc tiny.one tinyurl.com tr.im
    trib.al u.to v.gd wa.link x.co
    """.split()
)


def is_public_shortener(host: str) -> bool:
    """Whether a link's host is one that anybody can shorten links with."""
    return host.lower().removeprefix("www.") in PUBLIC_SHORTENERS
