"""The sheet in which a conversation answers: the map in words and figures, statements by their codes."""

import json
from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.charts import KeyFigure, Sheet
from consult.core.languages import Localized, everywhere, one_after_another
from consult.opinions import maps, tables, telling
from consult.opinions.models import Conversation
from consult.opinions.telling import Line, Told


def sheet(conversation: Conversation) -> Sheet:
    """Count a conversation from its answers. Statements are named by code: their words may be hidden later."""
    content = json.loads(maps.content(conversation))
    told = telling.in_words(content, {}, tables.of_map(conversation, content, {}))
    return Sheet(
        kind="conversation", title=conversation.title, tables=tuple(told.tables),
        channels=dict(sorted(maps.channels(conversation).items())),
        figures=tuple(KeyFigure(label=everywhere(label), value=value) for label, value in (
            (_l("People and organisations that answered"), content["participants"]),
            (_l("Answers"), content["answers"]), (_l("Statements"), len(content["statements"])),
            (_l("Groups"), len(content["letters"])))),
        conclusion=one_after_another(*_conclusion(told)),
        method=one_after_another(*map(everywhere, told.method)),
        source={"activity": conversation.id, "process": conversation.phase.process.code, "seed": conversation.seed,
                "opened": conversation.opens_at.isoformat(), "closed": conversation.closes_at.isoformat(),
                "silhouette": content["silhouette"], "stability": content["stability"]})


def _conclusion(told: Told) -> list[Localized]:
    said = [*map(everywhere, told.lead)]
    for opening, lines in ((_l("What unites all:"), told.united),
                           (_l("Shared across the territory:"), told.shared),
                           (_l("What divides the territory:"), told.divided)):
        said += _listed(opening, lines)
    for group in told.groups:
        said += _listed(_l("What unites group %(letter)s:", letter=group.letter), group.lines)
    return said


def _listed(opening: LazyString, lines: Sequence[Line]) -> list[Localized]:
    if not lines:
        return []
    return [everywhere(LazyString(
        lambda: f"{opening} {'; '.join(f'{line.code} ({line.said})' for line in lines)}."))]
