"""What the documents with which a percorso ends hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import Rows, personal_data
from consult.concluding.models import DocumentPart, DocumentPassage, HarmlessMark, ParticipatoryProposalDocument
from consult.concluding.words import ACTS, PARTS
from consult.core.db import db
from consult.processes.models import Process


@personal_data(
    "concluding", position=68, title=_l("What you did for the Documento di proposta partecipata, as one of the staff"),
    reason=_l("It must be known who wrote it, who recorded its passages and who judged what was found in it."),
    kept=_l("Among the documents of the percorso; without your name once you delete your account."),
    columns=(DocumentPart.edited_by_id, DocumentPassage.made_by_id, HarmlessMark.marked_by_id))
def concluding(person: Person) -> Rows:
    """Parts written last, passages recorded, and marks made."""
    document = ParticipatoryProposalDocument
    of = sa.select(Process.title).join(document, document.process_id == Process.id)
    written = of.add_columns(DocumentPart).join(DocumentPart, DocumentPart.document_id == document.id).where(
        DocumentPart.edited_by_id == person.id).order_by(DocumentPart.updated_at)
    made = of.add_columns(DocumentPassage).join(DocumentPassage, DocumentPassage.document_id == document.id).where(
        DocumentPassage.made_by_id == person.id).order_by(DocumentPassage.document_id, DocumentPassage.number)
    marked = of.add_columns(HarmlessMark).join(HarmlessMark, HarmlessMark.document_id == document.id).where(
        HarmlessMark.marked_by_id == person.id).order_by(HarmlessMark.id)
    return [
        *({"process": title, "about": str(PARTS[one.part][0]), "changed_at": one.updated_at}
          for title, one in db.session.execute(written)),
        *({"process": title, "event": str(ACTS[one.act][0]), "at": one.made_at, "note": one.note}
          for title, one in db.session.execute(made)),
        *({"process": title, "quote": one.words, "reason": one.reason, "at": one.marked_at}
          for title, one in db.session.execute(marked))]
