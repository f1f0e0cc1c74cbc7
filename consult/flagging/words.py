"""What whoever reported a text is told of the decision."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.moderation.models import Act, Decision
from consult.moderation.words import DONE, rule

OUTCOMES: dict[Act, LazyString] = {
    Act.KEEP: _l("The text stays public: a moderator read it and found that it keeps to the rules."),
    Act.HIDE: _l("The text was hidden: nobody else reads it any more."),
    Act.REVISE: _l("The author was asked to change the text: until then nobody else reads it."),
    Act.REDACT: _l("A passage of the text was blacked out. The rest stays public."),
}


def outcome(decision: Decision) -> LazyString:
    """What was decided, as a sentence."""
    return OUTCOMES.get(decision.act) or DONE[decision.act]


def ground(decision: Decision) -> LazyString | None:
    """The rule that the text breaks, in short."""
    found = rule(decision.reason, version=decision.rule_version)
    return found.label if found else None
