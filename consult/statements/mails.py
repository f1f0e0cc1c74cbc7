"""The statement of reasons by mail, in the author's language."""

from consult.core import outbox
from consult.statements import queries, words


def tell_author(decision_id: int) -> None:
    """Write to those whom it concerns what was decided, why, on whose initiative, and how to answer."""
    statement = queries.statement(decision_id)
    if statement is None:
        return
    decision, told = statement.decision, statement.matter.told()
    for person in told:
        outbox.post(
            person.email, "statement_of_reasons", language=person.language,
            key=f"decision-{decision.id}" if len(told) == 1 else f"decision-{decision.id}-{person.id}",
            statement=statement, decision=decision, matter=statement.matter, rule=statement.rule,
            headline=words.headline(decision), effect=words.effect(decision), means=words.means(decision),
            initiative=words.initiative(decision))
