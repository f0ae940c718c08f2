"""Strategies for what an organiser may write into body.html, and for the names of who reads it."""

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    ["words", "a < b &amp; c", "{{ first_name }}", "{{ last_name|upper }}", "{{ list_name }}", "é &nbsp; 中"]
)
_CLASSES = st.sampled_from(["", ' class="lead"', ' class="note"', " class='small lead'", ' style="margin:0"'])
_LINK = st.sampled_from(
    ['<a href="{{ action_url }}">{{ button }}</a>', '<a href="{{ leave_url }}&amp;x=é" class="lead">x</a>']
)


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["p", "div", "h1", "b", "ul", "li", "table"])
    return st.builds(_wrapped, tags, _CLASSES, inside)


def _wrapped(tag: str, attributes: str, inside: str) -> str:
    if tag == "table":
        return f"<table{attributes}><tr><td>{inside}</td></tr></table>"
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _conditional(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    conditions = st.sampled_from(["first_name", "last_name", "not first_name", 'first_name == "Li"'])
    return st.builds(
        lambda told, one, other: f"{{% if {told} %}}{one}{{% else %}}{other}{{% endif %}}",
        conditions,
        inside,
        inside,
    )


BODIES = st.recursive(
    _WORDS | _LINK,
    lambda inside: st.one_of(
        _element(inside), _conditional(inside), st.lists(inside, min_size=2, max_size=3).map("".join)
    ),
    max_leaves=8,
)
_SELECTORS = st.sampled_from(
    ["p", ".lead", "div p", "td > b", "a", ".small a", "*", "p + p", "p:first-child", ".lead ~ p"]
)
RULES = st.lists(
    st.builds(
        "{} {{ {} }}".format,
        _SELECTORS,
        st.sampled_from(
            ["color: red", "margin: 0 0 8px; color: #123456", "padding: 1px !important", "mso-hide: all"]
        ),
    ),
    max_size=4,
).map("\n".join)
NAMES = st.none() | st.text(max_size=12) | st.sampled_from(["Li", "<p class='lead'>", '"><b>', "{{ x }}"])
