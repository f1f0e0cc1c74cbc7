"""What the states of the plan and of actions, and the relations of the trace, are called on pages and in documents."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.planning.models import ActionState, Frequency, Measured, PlanState, Relation

PLAN_STATES: dict[PlanState, tuple[LazyString, str]] = {
    PlanState.DRAFT: (_l("Draft"), "waiting"),
    PlanState.IN_CONSULTATION: (_l("Draft in consultation"), "open"),
    PlanState.PROPOSED: (_l("Proposed for adoption"), "waiting"),
    PlanState.ADOPTED: (_l("Adopted"), "good"),
}
"""The name of a state, and the kind of its label."""

PASSES_TO: dict[PlanState, LazyString] = {
    PlanState.DRAFT: _l("Take it back to a draft"),
    PlanState.IN_CONSULTATION: _l("Say that the draft is in consultation"),
    PlanState.PROPOSED: _l("Propose it for adoption"),
    PlanState.ADOPTED: _l("Record that it was adopted: its text no longer changes"),
}
"""What the plan office does when it takes the plan to a state."""

ACTION_STATES: dict[ActionState, LazyString] = {
    ActionState.IDEA: _l("Idea"),
    ActionState.FEASIBILITY: _l("Feasibility study"),
    ActionState.PROJECT: _l("Project"),
    ActionState.FUNDED: _l("Funded"),
    ActionState.UNDER_WAY: _l("Under way"),
    ActionState.CONCLUDED: _l("Completed"),
}

FREQUENCIES: dict[Frequency, LazyString] = {
    Frequency.QUARTERLY: _l("Every three months"),
    Frequency.HALF_YEARLY: _l("Every six months"),
    Frequency.YEARLY: _l("Every year"),
    Frequency.AT_THE_END: _l("Once, at the end"),
}

MEASURED: dict[Measured, LazyString] = {
    Measured.OUTPUT: _l("What is made"),
    Measured.RESULT: _l("What comes of it"),
}

RELATIONS: dict[Relation, LazyString] = {
    Relation.ADOPTED: _l("Taken up as it is"),
    Relation.ADAPTED: _l("Taken up with changes"),
    Relation.INSPIRED: _l("Gave the idea"),
    Relation.CONTRADICTS: _l("Says the opposite"),
    Relation.ANSWERED: _l("Answered here"),
}
"""What a contribution or a result is to the part of the plan it is linked to."""
