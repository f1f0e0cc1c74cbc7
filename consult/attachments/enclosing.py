"""The files of a form that is being written: those sent before, those just sent, and what is wrong with them.

A browser forgets chosen files when a form comes back. So they are kept at once, loose, and the form names them in
hidden fields; only files of whoever writes are taken from there.
"""

from dataclasses import dataclass, field

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.attachments import queries, services
from consult.attachments.models import MOST_WORDS, Attachment
from consult.contributions.models import Contribution
from consult.core import config, uploads
from consult.core.forms import tidy

NAMED, WITHOUT, ATTACH = "enclosed", "without", "attach"
ACTS = frozenset({"submit", "draft", "preview", ATTACH})
_ASKED = _l("Say in a few words what the picture shows, for whoever does not see it.")


@dataclass
class Enclosures:
    """The files of one form with what is said of each, what is wrong with those sent, and what the form is for."""

    files: list[Attachment]
    most: int
    words: dict[str, str] = field(default_factory=dict)
    """What each picture shows or document is about, as typed, by the file's token."""
    refused: list[LazyString] = field(default_factory=list)
    act: str = ""
    """What the form was sent for: `submit`, `draft`, `preview`, or `attach`, after which it is only shown again."""
    asked: bool = False
    """Descriptions are asked for: the form was to be sent in."""

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        return max(config.current().picture_megabytes, config.current().document_megabytes)

    @property
    def sound(self) -> bool:
        """True if the text can be kept with these files."""
        return not self.refused

    def complete(self) -> bool:
        """True if it can be sent in with them: each picture is described; asks for what is missing otherwise."""
        self.asked = True
        return self.sound and not any(map(self.error_of, self.files))

    def error_of(self, file: Attachment) -> LazyString | None:
        """What is to be put right about a file."""
        return _ASKED if self.asked and file.picture and not self.words.get(file.token) else None

    @property
    def faults(self) -> list[LazyString]:
        """What is to be put right, for the top of the form."""
        return [*self.refused, *([_ASKED] if any(map(self.error_of, self.files)) else [])]

    def give_to(self, contribution: Contribution, actor: Person) -> None:
        """Let the files belong to a text, with what is said of each. Raises TooManyError as `services.add` does."""
        services.add(contribution, self.files, actor, most=self.most)
        for file in self.files:
            services.describe(file, contribution, actor, self.words.get(file.token, ""))


def enclosed(owner: Person, contribution: Contribution | None = None, *, asked: bool = True) -> Enclosures:
    """The files of the form of this request, after keeping those just sent and removing what is no longer wanted.

    Where no files are asked for there are none.
    """
    most = config.current().attachments if asked else 0
    if request.method != "POST":
        there = list(queries.of_contribution(contribution)) if contribution and asked else []
        return Enclosures(there, most, {file.token: file.description for file in there})
    act = request.form.get("act", "")
    found = Enclosures([], most, act=act if act in ACTS else "submit")
    if asked:
        _fill(found, owner, contribution)
    return found


def _fill(found: Enclosures, owner: Person, contribution: Contribution | None) -> None:
    found.files = queries.in_form(owner, request.form.getlist(NAMED)[:50], contribution)
    gone = request.form.get(WITHOUT)
    for file in [file for file in found.files if file.token == gone]:
        services.take_back(file, owner)
        found.files.remove(file)
    for file in found.files:
        typed = str(tidy(request.form.get(f"words-{file.token}", file.description)))
        found.words[file.token] = " ".join(typed.split())[:MOST_WORDS]
    received = uploads.received()
    found.refused += received.refused
    room = max(0, found.most - len(found.files))
    found.files += [services.receive(owner, kept) for kept in received.kept[:room]]
    if len(received.kept) > room:
        found.refused.append(uploads.too_many(found.most))
    if gone is not None:
        found.act = ATTACH
