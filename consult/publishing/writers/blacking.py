"""What moderators blacked out, in the tree of Pandoc: a bar with its words, or the words alone where none can stand."""

from collections.abc import Iterator
from typing import Any

from consult.core.blackout import MARK

Node = dict[str, Any]
_BAR = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGMQ"
        "N/IFAAD6AJfX+59SAAAAAElFTkSuQmCC")
_SIZE = ["", [], [["width", "0.9cm"], ["height", "0.28cm"]]]
WITHOUT_BARS = frozenset({"Image", "Header", "Link"})
"""What is read as words alone: alternative texts, headings, and the links that lead to them."""


def drawn(tree: Any, said: str, *, bars: bool = True) -> Any:
    """The tree with a bar wherever its words hold the mark, or with what the bar says in brackets."""
    if isinstance(tree, list):
        found = []
        for one in tree:
            if isinstance(one, dict) and one.get("t") == "Str" and MARK in one["c"]:
                found += _pieces(one["c"], said) if bars else [{"t": "Str", "c": one["c"].replace(MARK, f"[{said}]")}]
            else:
                found.append(drawn(one, said, bars=bars))
        return found
    if not isinstance(tree, dict):
        return tree
    kind = tree.get("t")
    if kind in ("Figure", "Table"):
        attributes, caption, *rest = tree["c"]
        return {**tree, "c": [attributes, drawn(caption, said, bars=False), *drawn(rest, said, bars=bars)]}
    return {name: drawn(value, said, bars=bars and kind not in WITHOUT_BARS) for name, value in tree.items()}


def _pieces(text: str, said: str) -> list[Node]:
    """Words and bars in turn."""
    bar = {"t": "Image", "c": [_SIZE, [{"t": "Str", "c": said}], [_BAR, ""]]}
    first, *rest = text.split(MARK)
    nodes: list[Node] = [{"t": "Str", "c": first}]
    for words in rest:
        nodes += [bar, {"t": "Str", "c": words}]
    return [node for node in nodes if node["c"] != ""]


def alts(tree: Any) -> Iterator[str]:
    """What each picture of a tree says, in their order."""
    if isinstance(tree, dict) and tree.get("t") == "Image":
        yield "".join(node.get("c", " ") if node["t"] == "Str" else " " for node in tree["c"][1])
    elif isinstance(tree, list | dict):
        for one in tree.values() if isinstance(tree, dict) else tree:
            yield from alts(one)
