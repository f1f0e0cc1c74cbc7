"""What the parts of a text are called, and what repeats them."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FIELDS: dict[str, LazyString] = {"title": _l("Title"), "body": _l("Text"), "reason": _l("Reason"), "text": _l("Text"),
                                 "name": _l("Name"), "wording": _l("Proposed words"),
                                 "description": _l("Description")}
COPIES: dict[str, LazyString] = {"version": _l("Earlier versions"), "quote": _l("Quotes in replies"),
                                 "amendment": _l("Amendments"), "attachment": _l("Names and descriptions of files"),
                                 "kin": _l("Proposals it came from or that were made of it")}


def field_label(name: str) -> LazyString:
    """What a part of a text is called; an own field of a call is an answer."""
    return FIELDS.get(name, _l("Answer"))
