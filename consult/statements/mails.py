"""The statement of reasons by mail, in the author's language."""

from consult.core import outbox
from consult.statements import queries, words


def tell_author(decision_id: int) -> None:
    """Write to whoever wrote the text what was decided, why, on whose initiative, and how to answer."""
    statement = queries.statement(decision_id)
    author = statement.matter.author if statement else None
    if statement is None or author is None:
        return
    decision = statement.decision
    outbox.post(
        author.email, "statement_of_reasons", key=f"decision-{decision.id}", language=author.language,
        statement=statement, decision=decision, matter=statement.matter, rule=statement.rule,
        headline=words.headline(decision), effect=words.effect(decision), means=words.means(decision),
        initiative=words.INITIATIVES[decision.origin])
