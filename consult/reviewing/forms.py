"""Leaving a note on a part of the plan, and answering one."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from consult.core.forms import OnceForm, choices
from consult.reviewing.models import WHOLE
from consult.reviewing.parts import Part

LONGEST = 2000
_BODY = (DataRequired(_l("Write the note first.")),
         Length(max=LONGEST, message=_l("Write at most %(number)s characters.", number=LONGEST)))


class AnswerForm(OnceForm):
    body = TextAreaField(_l("Your answer to the note"), _BODY,
                         description=_l("Only the plan office and the steering group read it."))


class NoteForm(OnceForm):
    paragraph = SelectField(_l("What the note is about"), [DataRequired()])
    body = TextAreaField(_l("Note for those who write the plan"), _BODY,
                         description=_l("Only the plan office and the steering group read it."))

    def __init__(self, part: Part, chosen: str = "") -> None:
        super().__init__(data={"paragraph": chosen})
        self.paragraph.choices = choices([
            (str(WHOLE), _l("The whole of it")),
            *((str(piece.id), _l("Paragraph %(number)s: %(text)s", number=piece.number, text=piece.begins[:80]))
              for piece in part.pieces)])
        if not part.pieces:
            del self.paragraph

    @property
    def chosen(self) -> int:
        """The paragraph that the note is about, or the whole."""
        return int(self.paragraph.data) if self.paragraph and self.paragraph.data else WHOLE
