"""What matplotlib drew, as SVG for a page, a report or a file: small, in the page's colours and font."""

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from ui.figures.theme import SURFACE, TEXT, TEXT_PX, VARIABLES, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARK = "trial:"  # what a link of matplotlib's says: the place among the marks
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_A, _USE, _PATH, _TEXT, _GROUP = (f"{{{_SVG}}}{tag}" for tag in ("a", "use", "path", "text", "g"))
_HREF, _LINK = f"{{{_XLINK}}}href", "href"
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_FONT = re.compile(r"\s*font-(?:family|size): [^;]*;?")
_NUMBER = re.compile(r"-?\d+\.\d+")
_HEAD, _INDENT = 26, 8  # px above a figure in a file, for its heading, and at the left of it
_ROUND = "stroke-linejoin:round;stroke-linecap:butt"
ET.register_namespace("", _SVG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a point or a line stands for."""

    trial: int
    lines: tuple[str, ...]  # what is said of it; the first line alone tells which trial it is and what came of it
    is_best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure of matplotlib's as SVG, and what its links stand for."""

    figure: "Figure"
    source: str  # the SVG as matplotlib wrote it, in the colours of the light theme
    marks: tuple[Mark, ...]
    width: int  # in px
    height: int

    def page(self, says: str) -> Markup:
        """For a page of ours: points are links that open a trial and hold their tip; one of them is a tab stop."""
        root = self._tree()
        links = [(link, mark) for link, mark in self._links(root)]
        stop = next((mark for _, mark in links if mark.is_best), links[0][1] if links else None)
        for link, mark in links:
            view = f"trial/{mark.trial}"
            link.attrib = {"class": "point", _LINK: f"?view={view}", "data-go": view, "aria-label": mark.lines[0]}
            link.attrib |= {"data-tip": "\n".join(mark.lines), "tabindex": "0" if mark is stop else "-1"}
        root.attrib |= {"role": "group" if links else "img", "aria-label": plain(says)}
        return self._written(root, in_variables=True)

    def still(self, says: str) -> Markup:
        """For a page without a script."""
        root = self._tree()
        self._unlink(root)
        root.attrib |= {"role": "img", "aria-label": plain(says)}
        return self._written(root, in_variables=True)

    def save(self, path: Path, says: str, heading: str = "") -> None:
        """Writes it as .svg, .png or .pdf by the path's ending, on white, below a heading where there is one."""
        above = _HEAD if heading else 0
        if path.suffix == ".svg":
            path.write_text(self._file(says, heading, above), encoding="utf-8")
            return
        from matplotlib.transforms import Bbox

        from ui.figures.canvas import at_work

        with at_work():
            y = 1 + (_HEAD / 2 - 2) / self.height
            looks: dict[str, Any] = {"va": "center", "color": TEXT, "fontweight": "bold", "fontsize": TEXT_PX}
            title = self.figure.text(_INDENT / self.width, y, self._fitted(heading), **looks)
            whole = Bbox.from_extents(0, 0, self.width / 72, (self.height + above) / 72)
            # twice as fine as its size in px
            self.figure.savefig(path, dpi=144, facecolor=SURFACE, format=path.suffix[1:], bbox_inches=whole)
            title.remove()

    def _file(self, says: str, heading: str, above: int) -> str:
        """As an SVG of its own."""
        root, height = self._tree(), self.height + above
        self._unlink(root)
        root.attrib |= {"width": str(self.width), "height": str(height), "role": "img", "aria-label": plain(says)}
        root.set("viewBox", f"0 {-above} {self.width} {height}")
        ground = {"y": str(-above), "width": "100%", "height": "100%", "fill": SURFACE}
        root.insert(0, ET.Element(f"{{{_SVG}}}rect", ground))
        if heading:
            title = ET.Element(_TEXT, {"x": str(_INDENT), "y": "-10", "style": f"font-weight:700;fill:{TEXT}"})
            title.text = self._fitted(heading)
            root.insert(1, title)
        return self._written(root, in_variables=False)

    def _fitted(self, heading: str) -> str:
        from ui.figures.canvas import fitted

        return fitted(heading, 0.9 * self.width - 2 * _INDENT)

    def _tree(self) -> ET.Element:
        """The SVG without what only a file needs, its ids apart from those of any other figure."""
        root = ET.fromstring(self.source)  # noqa: S314  we wrote it
        for element in list(root):
            if element.tag.endswith("}metadata") or any(one.tag.endswith("}style") for one in element):
                root.remove(element)
        root.attrib = {"viewBox": f"0 0 {self.width} {self.height}", "style": _style(self.width)}
        prefix = f"p{hashlib.sha256(self.source.encode()).hexdigest()[:6]}-"
        names: dict[str, str] = {}
        for element in root.iter():
            own = element.attrib.pop("id", None)
            if own is not None and element.tag != _GROUP:
                names.setdefault(own, f"{prefix}{len(names)}")
                element.set("id", names[own])
        for element in root.iter():
            _refer(element, names)
            _lighten(element)
        return root

    def _links(self, root: ET.Element) -> Iterator[tuple[ET.Element, Mark]]:
        for link in root.iter(_A):
            yield link, self.marks[int(link.attrib[_LINK].removeprefix(MARK))]

    def _unlink(self, root: ET.Element) -> None:
        for link in root.iter(_A):
            link.tag, link.attrib = _GROUP, {}

    def _written(self, root: ET.Element, *, in_variables: bool) -> Markup:
        _flatten(root)
        _hoist(root)
        for element in root.iter() if in_variables else ():
            if "style" in element.attrib:
                element.set("style", _in_variables(element.attrib["style"]))
        text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
        text = re.sub(r">\s+<", "><", text)
        return Markup(text)  # noqa: S704  text is escaped by the writer


def written(figure: "Figure", marks: Sequence[Mark], width: int, height: int) -> Drawing:
    """The figure as a drawing; to be called while no other is drawn."""
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return Drawing(figure=figure, source=file.getvalue(), marks=tuple(marks), width=width, height=height)


def _style(width: int) -> str:
    return f"max-width:100%;width:{width}px;height:auto;font:12px system-ui,sans-serif;{_ROUND}"


def _refer(element: ET.Element, names: dict[str, str]) -> None:
    """Refers to ids by their new names, and links without the old namespace."""
    target = element.attrib.pop(_HREF, None)
    if target is not None:
        element.set(_LINK, f"#{names[target[1:]]}" if target.startswith("#") else target)
    clip = element.attrib.get("clip-path", "")
    if clip.startswith("url(#"):
        element.set("clip-path", f"url(#{names[clip[5:-1]]})")


def _lighten(element: ET.Element) -> None:
    """Shorter numbers, and text in the page's font."""
    for name in ("d", "x", "y", "transform", "width", "height"):
        if name in element.attrib:
            element.set(
                name, _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), element.get(name, ""))
            )
    style = element.get("style")
    if style is None:
        return
    if element.tag == _TEXT and "font-size: 12px" in style:
        style = _FONT.sub("", style)
    elif element.tag == _TEXT:
        style = re.sub(r"\s*font-family: [^;]*;?", "", style)
    element.set("style", style.replace(": ", ":").replace("; ", ";").strip("; "))
    if element.get("transform", "").startswith("rotate(-0") or element.get("transform", "").startswith("rotate(0 "):
        del element.attrib["transform"]


def _flatten(parent: ET.Element) -> None:
    """Without groups that group nothing."""
    children: list[ET.Element] = []
    for child in list(parent):
        _flatten(child)
        if child.tag == _GROUP and not child.attrib:
            children += list(child)
        elif child.tag != _GROUP or len(child):
            children.append(child)
    parent[:] = children


def _hoist(parent: ET.Element) -> None:
    """Markers and lines that follow each other and look alike have their looks once, at a group around them."""
    children: list[ET.Element] = []
    for style, run in groupby(list(parent), key=_shared_style):
        alike = list(run)
        if style and len(alike) > 1:
            group = ET.Element(_GROUP, {"style": style})
            for one in alike:
                del (one[0] if one.tag == _A else one).attrib["style"]
            group.extend(alike)
            alike = [group]
        children += alike
    parent[:] = children
    for child in children:
        if child.tag == _GROUP:
            _hoist(child)


def _shared_style(element: ET.Element) -> str:
    """The looks of a marker or a line, also within a link; empty for anything else."""
    shape = element[0] if element.tag == _A and len(element) == 1 else element
    return shape.get("style", "") if shape.tag in (_USE, _PATH) else ""


def _in_variables(style: str) -> str:
    return _COLOUR.sub(
        lambda found: f"var({VARIABLES[found[0]]}, {found[0]})" if found[0] in VARIABLES else found[0], style
    )
