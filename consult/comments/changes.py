"""How a comment came to say what it says, change by change."""

from dataclasses import dataclass
from datetime import datetime

from consult.comments import queries
from consult.comments.models import Comment
from consult.core import diff, richtext


@dataclass(frozen=True)
class Change:
    """What a comment said until then, and what became of it, as HTML; nothing where the text is no longer kept."""

    at: datetime
    before: str
    compared: str
    typed: bool
    """True where only the typing differs: it is compared as it was typed."""


def of(comment: Comment) -> list[Change]:
    """The changes that everyone may read, the latest first."""
    earlier = queries.earlier_texts(comment)
    texts = [*(one.content.get("body", "") for one in earlier), comment.body]
    return [_change(one.created_at, before, after)
            for one, before, after in zip(earlier, texts[:-1], texts[1:], strict=True)][::-1]


def _change(at: datetime, before: str, after: str) -> Change:
    read = richtext.render(before)
    if not before or not after:
        return Change(at, read, "", typed=False)
    compared = diff.readable(read, richtext.render(after))
    typed = "<ins>" not in compared and "<del>" not in compared
    return Change(at, read, diff.source(before, after) if typed else compared, typed)
