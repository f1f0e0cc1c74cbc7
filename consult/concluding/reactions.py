"""What this feature adds to the documents that can be made: the document, the one that was validated, the draft."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from consult.concluding import contents, queries
from consult.concluding.models import Act, ParticipatoryProposalDocument
from consult.concluding.passages import VALID, last
from consult.concluding.readiness import Whole
from consult.concluding.words import NAME, RESOLUTION
from consult.processes.models import Process
from consult.publishing import kinds
from consult.publishing.document import Document
from consult.publishing.kinds import Kind, Subject
from consult.publishing.models import Names


def _begun(name: str) -> Any:
    """Once the document was begun it can be made; how its files are called."""

    def subjects(process: Process) -> Sequence[Subject]:
        document = queries.bare(process)
        return [_subject(process, document, name)] if document else []

    return subjects


def _validated(process: Process) -> Sequence[Subject]:
    document = queries.bare(process)
    return [_subject(process, document, "docpp-validato")] if document and document.stage in VALID else []


def _subject(process: Process, document: ParticipatoryProposalDocument, name: str) -> Subject:
    return Subject(code=f"process:{process.id}", title="", thing=document, file=f"{process.slug}-{name}")


def _as_it_stands(document: ParticipatoryProposalDocument, _names: Names) -> Document:
    """Only organisations are named, whatever is chosen: no name of a person may stand in it."""
    return Whole(document.process).made


def _as_validated(document: ParticipatoryProposalDocument, _names: Names) -> Document:
    """As the passage kept it, whatever has changed since."""
    valid = last(document.passages, Act.VALIDATE)
    kept = queries.passage(document.process, valid.number) if valid else None
    if kept is None:
        raise LookupError(f"document {document.id} was never validated")
    return contents.document(json.loads(kept.content), [one for one in document.passages if one.number <= kept.number])


def _draft(document: ParticipatoryProposalDocument, _names: Names) -> Document:
    return Whole(document.process).draft


def _personal(*, draft: bool) -> Any:
    """Nothing is made while something in it names a person."""

    def hindered(document: ParticipatoryProposalDocument) -> Sequence[str]:
        found = Whole(document.process).alarms_in(draft=draft)
        return [ngettext(
            "Personal data may stand in it, in %(num)s place: look at it on the page of the document.",
            "Personal data may stand in it, in %(num)s places: look at them on the page of the document.",
            len(found))] if found else []

    return hindered


kinds.register(Kind(
    code="docpp", position=50, label=NAME, public=False, subjects=_begun("docpp"), build=_as_it_stands,
    use=_l("What the percorso proposes to whoever decides, as it stands now, with the table of the answers."),
    hindered=_personal(draft=False), action="docpp.write"))
kinds.register(Kind(
    code="docpp_validated", position=51, label=_l("Documento di proposta partecipata, validated"),
    subjects=_validated, build=_as_validated, action="docpp.write",
    use=_l("What the Tecnico di garanzia has validated and the deciding body takes note of."),
    hindered=_personal(draft=False)))
kinds.register(Kind(
    code="resolution", position=60, label=RESOLUTION, public=False, subjects=_begun("delibera"), build=_draft,
    use=_l("For whoever decides: premises, what was heard, the answers with their reasons, and the annexes."),
    hindered=_personal(draft=True), action="docpp.write"))
