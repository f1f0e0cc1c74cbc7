"""By which questions everybody may see the answers of a questionnaire, once it is over."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base


class CrossingSide(Base):
    """A question of a single choice by whose answers, such as age bands, those to other questions are told apart."""

    __tablename__ = "crossing_side"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id", ondelete="CASCADE"), primary_key=True,
                                             autoincrement=False)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), index=True)
