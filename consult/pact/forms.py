"""Writing the pact, its signatories and commitments, recording signatures, and reporting."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from consult.core import clock, papers
from consult.core.fields import MOST_ROWS, DayField, Row, at_most
from consult.core.files import Kept
from consult.core.forms import (
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
)
from consult.core.refusing import FieldError
from consult.core.uploads import received
from consult.pact.models import (
    CommitmentState,
    PactState,
    Signatory,
    SignatoryState,
    Verdict,
)
from consult.pact.parties import ASKED, Party
from consult.pact.services import PactText
from consult.pact.words import (
    COMMITMENT_PASSES_TO,
    PASSES_TO,
    SIGNATORY_STATES,
    SIGNATURE_KINDS,
    VERDICTS,
)
from consult.territory.models import Municipality

"""Of clauses or of milestones."""


class Lists:
    """What forms with rows that a button adds have in common."""

    LIST: str

    def add_row(self: Any, name: str) -> bool:
        """Put an empty row at the end of the list; False where there is no such list or no room."""
        if name != self.LIST or len(self[name].entries) >= MOST_ROWS:
            return False
        self[name].append_entry()
        return True

    def validate(self: Any, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))  # type: ignore[misc]
        if any(self[self.LIST].errors):
            self[self.LIST].errors = [_l("Look at the rows that are marked.")]
        return sound

    def rows(self: Any) -> list[dict[str, Any]]:
        """What was typed, without the rows that nobody filled in."""
        return [row.form.values for row in self[self.LIST] if not row.form.empty]


class ClauseRow(Row):
    title = StringField(_l("Title"), [Optional(), at_most(200)])
    body = TextAreaField(_l("Text"), [Optional(), at_most(8000)])


class PactForm(Lists, VersionedForm):
    """The text of the pact itself."""

    LIST = "clauses"
    title = StringField(_l("Title"), [DataRequired(_l("Give the pact a title.")), at_most(160)])
    years = IntegerField(_l("For how many years it holds"), [
        InputRequired(_l("Say for how many years it holds.")), NumberRange(1, 50)], default=5)
    premise = TextAreaField(_l("Premise"), [Optional(), at_most(8000)],
                            description=_l("What all who sign recognise together. In Markdown."))
    clauses = FieldList(FormField(ClauseRow), label=_l("Clauses"), min_entries=1, max_entries=MOST_ROWS)

    @property
    def sheet(self) -> PactText:
        return PactText(title=self.title.data, years=self.years.data, premise=self.premise.data or "",
                        clauses=self.rows())


class NewPactForm(PactForm, OnceForm):
    """A pact that does not exist yet."""


class PassageForm(VersionedForm):
    """Taking the pact or a commitment to another state."""

    state = RadioField(_l("What happens"), [InputRequired(_l("Choose what happens."))])


class PactStateForm(PassageForm):
    act = StringField(_l("Act"), [Optional(), at_most(200)], description=_l(
        "Such as: Council of the Union, resolution no. 12 of 2027. Needed once the pact is in force."))
    since = DayField(_l("In force since"), [Optional()])

    def __init__(self, passages: Iterable[PactState], **values: Any) -> None:
        super().__init__(**values)
        back = _l("Take it back to the negotiation: the text can change again")
        self.state.choices = choices((state.value, PASSES_TO[state]) for state in passages)
        if PactState.IN_FORCE.value not in {value for value, *_more in self.state.choices}:
            del self.act, self.since
        if len(self.state.choices) > 1:  # from the signatures one also goes back
            self.state.choices[-1] = choices([(PactState.IN_NEGOTIATION.value, back)])[0]

    def validate(self, extra_validators: Any = None) -> bool:
        """What is in force says by which act and since when."""
        sound = bool(super().validate(extra_validators))
        if self.state.data == PactState.IN_FORCE.value:
            for field, fault in ((self.act, _l("Say which act.")), (self.since, _l("Choose the day."))):
                if not field.data:
                    field.errors, sound = [fault], False
        return sound

    @property
    def told(self) -> dict[str, Any]:
        """The act and the day, where they are asked for."""
        return {name: self[name].data for name in ("act", "since") if name in self and self[name].data}

    @property
    def chosen(self) -> PactState:
        return PactState(self.state.data)


class CommitmentStateForm(PassageForm):
    withdrawn_reason = TextAreaField(_l("Why it is withdrawn"), [Optional(), at_most(1000)], description=_l(
        "Needed only where you withdraw it. Everyone reads it: on its page, in the monitoring and in the documents."))

    def __init__(self, passages: Iterable[CommitmentState], **values: Any) -> None:
        super().__init__(**values)
        self.state.choices = choices((state.value, COMMITMENT_PASSES_TO[state]) for state in passages)
        if CommitmentState.WITHDRAWN not in passages:
            del self.withdrawn_reason

    @property
    def reason(self) -> str:
        """Why it is withdrawn, where that is asked."""
        return (self.withdrawn_reason.data or "") if "withdrawn_reason" in self else ""

    def refuse(self, fault: FieldError) -> None:
        """Show at its field why it cannot be."""
        self[fault.field].errors = [fault.sentence]

    @property
    def chosen(self) -> CommitmentState:
        return CommitmentState(self.state.data)


class SignatoryForm(VersionedForm):
    """A party: an organisation of the site, a municipality, or a name that is written here."""

    organisation_id = SelectField(_l("Organisation"), coerce=chosen_id)
    municipality_id = SelectField(_l("Municipality"), coerce=chosen_id)
    written_name = StringField(_l("Other body"), [Optional(), at_most(160)],
                               description=_l("The name of a body that is neither in the one list nor in the other."))
    signer_title = StringField(_l("Who signs"), [Optional(), at_most(120)], description=_l(
        "The office, such as “President” or “Mayor”: never a person's name."))
    state = SelectField(_l("How far it is"), [InputRequired(_l("Say how far it is."))],
                        coerce=lambda value: getattr(value, "value", value),
                        description=_l("That a party has signed is told by its signature alone."))

    withdrawn_reason = TextAreaField(_l("Why it has withdrawn"), [Optional(), at_most(1000)], description=_l(
        "Needed only where it has withdrawn: what the party said, without the name of a person. Everyone reads it."))

    def __init__(self, organisations: Iterable[Any], towns: Iterable[Municipality], signatory: Signatory | None = None,
                 **values: Any) -> None:
        super().__init__(obj=signatory, **values)
        for field, none, offered in ((self.organisation_id, _l("No organisation"), organisations),
                                     (self.municipality_id, _l("No municipality"), towns)):
            field.choices = choices([("", none), *((str(one.id), one.name) for one in offered)])
        signed = signatory is not None and signatory.state is SignatoryState.SIGNED
        states = (SignatoryState.SIGNED, SignatoryState.WITHDRAWN) if signed else ASKED
        self.state.choices = choices((state.value, SIGNATORY_STATES[state][0]) for state in states)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        if sum(bool(field.data) for field in (self.organisation_id, self.municipality_id, self.written_name)) != 1:
            self.organisation_id.errors = [
                _l("Say who it is in one of these three fields, and leave the others empty.")]
            return False
        return sound

    @property
    def party(self) -> Party:
        return Party(organisation_id=self.organisation_id.data, municipality_id=self.municipality_id.data,
                     written_name=self.written_name.data or "", signer_title=self.signer_title.data or "",
                     state=SignatoryState(self.state.data), withdrawn_reason=self.withdrawn_reason.data or "")

    def refuse(self, fault: FieldError) -> None:
        """Show at its field why it cannot be."""
        self[fault.field].errors = [fault.sentence]


class NewSignatoryForm(SignatoryForm, OnceForm):
    """A signatory that is not there yet."""


class SignatureForm(OnceForm):
    """A text that was signed outside."""

    kind = RadioField(_l("How it was signed"), [InputRequired(_l("Say how it was signed."))],
                      choices=choices((kind.value, words) for kind, words in SIGNATURE_KINDS.items()))
    signed_on = DayField(_l("Signed on"), [InputRequired(_l("Choose the day."))])
    file = FileField(_l("The signed file"), name="signed.file", render_kw={"accept": ".pdf,.p7m"})
    file_public = BooleanField(_l("Everybody may download the file"), description=_l(
        "A digital signature holds the name and the tax code of whoever signed: give the file to everybody only where "
        "that is allowed. Its fingerprint is public in any case."))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.file.flags.required = True

    def validate_file(self, field: FileField) -> None:
        """It was taken; whether it is what it is said to be, the service sees."""
        sent = received().under.get(field.name)
        if not isinstance(sent, Kept):
            raise ValidationError(sent or _l("Choose the file."))
        self.sent = sent

    @property
    def day(self) -> date:
        return self.signed_on.data or clock.today()

    def refuse(self, fault: FieldError) -> None:
        """Show at its field why it cannot be."""
        self[fault.field].errors = [fault.sentence]


class VerificationForm(VersionedForm):
    """What came of verifying a signature elsewhere."""

    verdict = RadioField(_l("What was found"), [InputRequired(_l("Say what was found."))],
                         coerce=lambda value: getattr(value, "value", value),
                         choices=choices((verdict.value, words) for verdict, (words, _kind) in VERDICTS.items()))
    verified_on = DayField(_l("Verified on"), [Optional()])
    verified_by = StringField(_l("By whom"), [Optional(), at_most(160)],
                              description=_l("The office, such as “General secretariat”: never a person's name."))
    file = FileField(_l("The report of the verification"), name="report.file", render_kw={"accept": ".pdf"},
                     description=_l("A PDF, as the program that verified the signature made it."))
    file_public = BooleanField(_l("Everybody may download the files"), description=_l(
        "The signed file and the report: they hold the tax code of whoever signed."))
    sent: Kept | None = None

    def validate_file(self, field: FileField) -> None:
        """There may be none; one that was sent is a PDF."""
        sent = received().under.get(field.name)
        if sent is not None and not (isinstance(sent, Kept) and sent.mimetype == papers.PDF):
            raise ValidationError(_l("Send a PDF.") if isinstance(sent, Kept) else sent)
        self.sent = sent

    @property
    def chosen(self) -> Verdict:
        return Verdict(self.verdict.data)

    def refuse(self, fault: FieldError) -> None:
        """Show at its field why it cannot be."""
        self[fault.field].errors = [fault.sentence]
