"""The Documento di proposta partecipata, begun while the second phase is under way: what is known is written down."""

from consult.concluding.models import DocumentPart, Part, ParticipatoryProposalDocument
from consult.core.db import db
from consult.demo.story import Story


def load(story: Story) -> None:
    """The parts that the plan office has written; what the phase is still to bring begins from the figures."""
    told = story.more["concluding"]
    document = ParticipatoryProposalDocument(process=story.process)
    db.session.add(document)
    db.session.flush()
    for entry in told["parts"]:
        db.session.add(DocumentPart(
            document_id=document.id, part=Part(entry["part"]), texts=entry["texts"],
            updated_at=story.opening(entry["date"]), edited_by_id=story.people[told["by"]].id))
    db.session.flush()
