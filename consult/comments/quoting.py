"""Quoting a passage of the comment one replies to: its own words, never others."""

import html
import re

from consult.core import richtext

MOST = 400

_TAG = re.compile(r"<[^>]+>")


def words(body_html: str) -> str:
    """The text of a comment as plain words in one line."""
    spaced = re.sub(r"</(p|li|h3|h4|pre|blockquote)>|<br ?/?>", " ", body_html)
    return " ".join(html.unescape(_TAG.sub("", spaced)).split())


def passage(typed: str) -> str:
    """A passage as somebody typed or copied it, in one line and without the marks one puts around it."""
    return " ".join(richtext.plain(typed).split()).strip('“”"«»> …').strip()


def says(body_html: str, quoted: str) -> bool:
    """Whether a passage stands in a comment word by word, capitals aside."""
    return bool(quoted) and quoted.casefold() in words(body_html).casefold()


def beginning(body_html: str) -> str:
    """What is offered to be quoted: the whole comment, or its first sentences."""
    whole = words(body_html)
    if len(whole) <= MOST:
        return whole
    cut = whole[:MOST]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    return cut[:end + 1] if end > MOST // 3 else cut.rsplit(" ", 1)[0]
