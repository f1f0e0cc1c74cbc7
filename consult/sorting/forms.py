"""Forms with which contributions are tagged, tags are made, and texts are looked through."""

import re
from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from consult.core.forms import (
    Form,
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
    localized,
    one_for_each_language,
)
from consult.core.ticking import NONE, TickingForm, with_meaning
from consult.sorting import listing, topics
from consult.sorting.models import DECIDED, Tag
from consult.sorting.reading import stamp
from consult.sorting.services import Said

_with_texts = with_meaning(_l("Give the tag a name."))


class _Tag(Form):
    code = StringField(_l("Short code"), [InputRequired(_l("Give the tag a short code.")), Length(max=12), Regexp(
        r"[A-Za-z0-9]+\Z", message=_l("Use only letters without accents and digits."))],
        description=_l("A few letters by which it is called in files, such as BUS."))
    example = TextAreaField(_l("Example"), [Optional(), Length(max=600)],
                            description=_l("A sentence to which it belongs."))
    parent = SelectField(_l("Stands under"), [Optional()], coerce=chosen_id)

    def offer(self, tags: Sequence[Tag], own: int = 0) -> None:
        """Offer as parents the tags that stand under no other."""
        self.parent.choices = choices([("", _l("No other tag")), *(
            (str(tag.id), tag.name) for tag in tags if tag.parent_id is None and tag.id != own)])

    @property
    def said(self) -> Said:
        """What the tag is to be."""
        return Said(code=self.code.data, name=localized(self, "name"), definition=localized(self, "definition"),
                    example=self.example.data or "", parent_id=self.parent.data)


@_with_texts
class TagForm(_Tag, OnceForm):
    """A new tag."""


@_with_texts
class TagEditForm(_Tag, VersionedForm):
    """A tag that there is."""

    @classmethod
    def of(cls, tag: Tag) -> "TagEditForm":
        """The form, filled in with what is saved."""
        return cls(data={**one_for_each_language(name=tag.name, definition=tag.definition), "code": tag.code,
                         "example": tag.example, "parent": tag.parent_id, "version": tag.version})


class MergeTagForm(VersionedForm):
    """Of which other tag one becomes part."""

    into = SelectField(_l("It becomes part of"), [InputRequired(_l("Choose a tag."))], coerce=chosen_id)

    def __init__(self, tag: Tag, tags: Sequence[Tag]) -> None:
        super().__init__(data={"version": tag.version})
        self.into.choices = choices((str(one.id), one.name) for one in tags if one.id != tag.id)


class LookForm(Form):
    """How many topics are looked for."""

    wanted = SelectField(_l("How many topics"), [Optional()], coerce=int, choices=choices([
        ("0", _l("As many as fit the number of texts")), *(
            (str(number), str(number)) for number in range(topics.FEWEST, topics.MOST + 1))]))


class TaggingForm(TickingForm[int]):
    """A page of contributions with boxes for tags: whatever is ticked of one makes it read."""

    NAMED = re.compile(r"tags-([0-9]{1,9})")
    MOST = listing.SIZE
    BOTH = _l("Of a contribution either tick tags, or say that none fits: not both.")
    NOTHING = _l("Tick the tags that you find in at least one contribution, or that none fits.")
    deciding = False

    def __init__(self, lines: Sequence[listing.Line], seat: int) -> None:
        super().__init__(int)
        self.lines, self.seat = lines, seat

    @property
    def seen(self) -> dict[int, str]:
        """What each contribution was when the page was made."""
        return {id: request.form.get(f"seen-{id}", "") for id in self.sent}

    def stamp(self, line: listing.Line) -> str:
        """What a contribution is now: what was sent stays until it is sent as it is shown."""
        return stamp(line.read, self.seat, line.contribution.version)

    def ticked(self, line: listing.Line) -> set[int]:
        """The tags whose boxes are ticked: as sent, else as kept."""
        if self.is_submitted():
            return self.found.get(line.contribution.id, set())
        return line.read.tags.get(self.seat, set()) if self._own else set()

    def none_ticked(self, line: listing.Line) -> bool:
        """Whether the box that says that no tag fits is ticked."""
        if self.is_submitted():
            return NONE in self.sent.get(line.contribution.id, [])
        return self._own and line.read.tags.get(self.seat) == set()

    @property
    def _own(self) -> bool:
        """False for one who has not read yet: what counts stands on a seat of the same number."""
        return self.seat != DECIDED or self.deciding


class DecidingForm(TaggingForm):
    """The same for what counts where two readers differ."""

    deciding = True

    def __init__(self, lines: Sequence[listing.Line]) -> None:
        super().__init__(lines, DECIDED)
