"""What stands in the place of words that nobody may read: a mark for the eyes, words for whoever hears or prints it."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

MARK = "▇▇▇"
"""Always as long, whatever it stands for."""
ESCAPED = json.dumps(MARK).strip('"')
"""The same in JSON that holds ASCII alone."""
TEXTS = frozenset({"text/csv", "text/plain", "application/atom+xml", "application/rss+xml", "application/feed+json"})
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z0-9-]+)")
_SPOKEN = re.compile(r'((?:aria-label|title|alt|content)=")([^"]*)')
AS_TYPED = frozenset({"textarea", "script", "style"})
"""Elements whose text goes back as it is, or is read by programmes."""
WITHOUT_TAGS = frozenset({"title", "option"})


def words() -> str:
    """What the mark says, in the reader's language."""
    return str(_("passage blacked out by the moderators"))


def plain(text: str, language: str | None = None) -> str:
    """A text for mails and files, in which words in brackets stand where the mark did."""
    if MARK not in text and ESCAPED not in text:
        return text
    with force_locale(language) if language else nullcontext():
        said = f"[{words()}]"
    return text.replace(MARK, said).replace(ESCAPED, json.dumps(said).strip('"'))


def page(html: str) -> str:
    """A page in which the mark has a name for screen readers; what is typed into its fields goes back as it was."""
    named = f'<span role="img" aria-label="{words()}">{MARK}</span>'
    inside, parts = "", _TAG.split(html)
    for at, part in enumerate(parts):
        if at % 2:
            inside = _inside(part, inside)
            if MARK in part:
                parts[at] = _SPOKEN.sub(lambda found: found[1] + plain(found[2]), part)
        elif MARK in part and inside not in AS_TYPED:
            parts[at] = plain(part) if inside in WITHOUT_TAGS else part.replace(MARK, named)
    return "".join(parts)


def _inside(tag: str, before: str) -> str:
    """Within which element without other elements the text after a tag stands."""
    found = _NAME.match(tag)
    name = found[1].lower() if found else ""
    if before:
        return "" if tag.startswith("</") and name == before else before
    return name if name in AS_TYPED | WITHOUT_TAGS and not tag.startswith("</") else ""


def say(response: Response) -> None:
    """Let an answer say in words what it has blacked out: pages to screen readers, files and feeds to everybody."""
    if response.is_streamed or response.direct_passthrough or response.status_code in (204, 304):
        return
    saved = "attachment" in response.headers.get("Content-Disposition", "")
    if response.mimetype == "text/html":
        shape: Callable[[str], str] = page
    elif response.mimetype in TEXTS or (saved and response.mimetype == "application/json"):
        shape = plain
    else:
        return
    data = response.get_data()
    if MARK.encode() in data or (shape is plain and ESCAPED.encode() in data):
        response.set_data(shape(data.decode()))
