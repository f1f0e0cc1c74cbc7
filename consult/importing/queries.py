"""Files with conversations that were sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from consult.core.db import db
from consult.importing.models import ConversationFile
from consult.processes.models import Process


def conversation_file(id: int) -> ConversationFile | None:
    """A file with its percorso and what was made of it."""
    return db.session.scalar(sa.select(ConversationFile).where(ConversationFile.id == id).options(
        joinedload(ConversationFile.conversation), joinedload(ConversationFile.process)))


def conversation_files(process: Process) -> Sequence[ConversationFile]:
    """The latest files of a percorso, without what stands in them."""
    return db.session.scalars(
        sa.select(ConversationFile).where(ConversationFile.process_id == process.id)
        .options(defer(ConversationFile.content)).order_by(ConversationFile.id.desc()).limit(50)).all()
