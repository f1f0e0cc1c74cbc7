"""What ways, levels and ties are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import AssuranceLevel, Tie, VerificationMethod
from consult.verification import ages
from consult.verification.models import CodePurpose, ConflictKind, Document

METHODS: dict[VerificationMethod, LazyString] = {
    VerificationMethod.IDENTITY: _l("Digital identity"),
    VerificationMethod.REGISTER: _l("Register of residents"),
    VerificationMethod.CODE: _l("One-time code"),
    VerificationMethod.DESK: _l("At the help desk"),
}

LEVELS: dict[AssuranceLevel, LazyString] = {
    AssuranceLevel.LOW: _l("Low"),
    AssuranceLevel.SUBSTANTIAL: _l("Substantial"),
    AssuranceLevel.HIGH: _l("High"),
}

TIES: dict[Tie, LazyString] = {
    Tie.RESIDES: _l("Lives there"),
    Tie.WORKS: _l("Works there"),
    Tie.STUDIES: _l("Studies there"),
}

PURPOSES: dict[CodePurpose, LazyString] = {
    CodePurpose.ASSEMBLY: _l("In an assembly"),
    CodePurpose.LETTER: _l("By letter"),
}

DOCUMENTS: dict[Document, LazyString] = {
    Document.IDENTITY_CARD: _l("Identity card"),
    Document.PASSPORT: _l("Passport"),
    Document.DRIVING_LICENCE: _l("Driving licence"),
    Document.RESIDENCE_PERMIT: _l("Residence permit"),
    Document.KNOWN: _l("Known to the office in person"),
}

CONFLICTS: dict[ConflictKind, LazyString] = {
    ConflictKind.TAKEN: _l("Another account was verified with the same data."),
    ConflictKind.SECOND: _l("The account was verified with the data of another person before."),
}


def age_band(band: str) -> LazyString:
    """An age band in words."""
    first, last = ages.bounds(band)
    if last is None:
        return _l("%(age)s years and over", age=first)
    return _l("%(first)s to %(last)s years", first=first, last=last)
