"""Which HTML elements are open, and slips in how they are nested: tags that never close, or close nothing.

html5lib, whose errors have lines, had its last release in 2020; lxml doesn't say where an element begins that
is never closed. What matters in an email is little of what they know.
"""

from dataclasses import dataclass

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset(
    "address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main"
    " menu nav ol p pre section table ul".split()
)
_CELLS = frozenset({"td", "th", "caption"})
_AROUND_CELLS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "body", "html"})
_MAY_STAY_OPEN = frozenset("html head body p li dt dd tr td th thead tbody tfoot colgroup option".split())


def _each(tags: str, ended: str, within: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {tag: (frozenset(ended.split()), frozenset(within.split())) for tag in tags.split()}


# What a tag ends by itself, and the element up to which that is looked for (HTML, section 13.1.2.4).
_ENDS = (
    _each("li", "li", "ul ol")
    | _each("dt dd", "dt dd", "dl")
    | _each("td th", "td th", "table")
    | _each("tr", "tr", "table")
    | _each("tbody tfoot", "thead tbody tfoot", "table")
    | _each("option", "option", "select")
    | {block: (frozenset({"p"}), _CELLS | {"div"}) for block in _BLOCKS}
)


@dataclass(eq=False, slots=True)
class Element:
    """A tag and where it begins."""

    tag: str
    attributes: dict[str, str]
    offset: int
    parent: "Element | None" = None

    def has(self, name: str) -> bool:
        """Whether it has an attribute, be it empty."""
        return name in self.attributes


@dataclass(frozen=True, slots=True)
class Slip:
    """Where the HTML isn't what its author meant. A grave one takes what comes after it along."""

    offset: int
    problem: str
    mend: str
    grave: bool = True


class Nesting:
    """The elements that are open, and the slips so far."""

    def __init__(self) -> None:
        self.open: list[Element] = []
        self.slips: list[Slip] = []
        self._cut: list[str] = []  # closed by another's end: their own end isn't a second slip

    def begin(self, element: Element) -> None:
        """A tag begins: it may end others by itself, such as <td> the cell before it."""
        ended, within = _ENDS.get(element.tag, (frozenset(), frozenset()))
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].tag in ended:
                self._end(depth, f"<{element.tag}>")
                break
            if self.open[depth].tag in within:
                break
        if element.tag == "a" and any(outer.tag == "a" for outer in self.open):
            problem, mend = "A link begins within another link.", "Close the first with </a> before it."
            self.slips.append(Slip(element.offset, problem, mend))
        element.parent = self.open[-1] if self.open else None
        if element.tag not in VOID:
            self.open.append(element)

    def end(self, tag: str, offset: int) -> None:
        """A tag ends."""
        depth = self._depth_of(tag)
        if depth is not None:
            self._end(depth, f"</{tag}>")
        elif tag in self._cut:
            self._cut.remove(tag)
        elif tag not in VOID:
            mend = f"Take it out, or write <{tag}> where it begins."
            if tag == "p":
                mend = "Take it out. (A <div>, a list or a table ends the <p> before it.)"
            self.slips.append(Slip(offset, f"</{tag}> closes nothing.", mend, grave=False))

    def finish(self) -> None:
        """The document ends, and whatever is open with it."""
        for element in reversed(self.open):
            self._never_closed(element, "the end")

    def _depth_of(self, tag: str) -> int | None:
        """How deep the element is that an end tag closes. What is around a cell stays open within it."""
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].tag == tag:
                return depth
            if self.open[depth].tag in _CELLS and tag not in _AROUND_CELLS:
                return None
        return None

    def _end(self, depth: int, before: str) -> None:
        for element in reversed(self.open[depth + 1 :]):
            self._never_closed(element, before)
        del self.open[depth:]

    def _never_closed(self, element: Element, before: str) -> None:
        if element.tag not in _MAY_STAY_OPEN:
            self._cut.append(element.tag)
            problem = f"<{element.tag}> isn't closed before {before}."
            self.slips.append(Slip(element.offset, problem, f"Write </{element.tag}> where it ends."))
