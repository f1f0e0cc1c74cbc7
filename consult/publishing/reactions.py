"""The kinds of documents that are made here: importing this offers them."""

import re

from flask_babel import lazy_gettext as _l

from consult.pact import queries as pacts
from consult.planning import blocks
from consult.planning import queries as planning
from consult.planning.models import Plan
from consult.planning.writing import block_faults
from consult.processes.models import Process
from consult.publishing import contents, final, kinds, pact, phases, response
from consult.publishing.kinds import Kind, Subject


def _plan(process: Process) -> list[Subject]:
    plan = planning.of_process(process.id)
    return [Subject(code=f"plan:{plan.id}", title="", thing=plan, file=f"{plan.slug}-{_plain(plan.edition)}")
            ] if plan else []


def _pact(process: Process) -> list[Subject]:
    """What is made can be read by everybody: of a pact that only the staff see nothing is made."""
    found = pacts.of_process(process.id)
    return [Subject(code=f"pact:{found.id}", title="", thing=found, file=found.slug)] if found and found.public else []


def _whole(process: Process, called: str) -> list[Subject]:
    """The percorso as the one thing that a document is about."""
    return [Subject(code=f"process:{process.id}", title="", thing=process, file=f"{process.slug}-{called}")]


def _plain(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text)


def _unreadable(plan: Plan) -> list[str]:
    try:
        blocks.check(plan)
    except blocks.UnreadableBlocksError as refusal:
        return block_faults(refusal)
    return []


kinds.register(Kind(
    code="plan", position=10, label=_l("The plan"), subjects=_plan, build=contents.document, hindered=_unreadable,
    use=_l("The whole plan to read, print or edit: the text, the actions, what was said and what became of it, the "
           "results with their charts.")))

kinds.register(Kind(
    code="pact", position=15, label=_l("The pact"), subjects=_pact, build=pact.document,
    use=_l("The text of the pact, who signs it, what each promises and how far that is.")))

kinds.register(Kind(
    code="response", position=20, label=_l("Response to contributions"), build=response.document,
    hindered=response.hindered, subjects=lambda process: _whole(process, "response"),
    use=_l("Every proposal and every remark with its outcome, the reasons, who decided and when, and where it went.")))

kinds.register(Kind(
    code="phase_results", position=30, label=_l("Results of a phase"), build=phases.document,
    subjects=lambda process: [Subject(code=f"phase:{phase.id}", title=phase.title, thing=phase,
                                      file=f"{process.slug}-results-{phase.position}") for phase in process.phases],
    use=_l("The figures, tables and charts of all activities of a phase, with how they were counted and with the "
           "fingerprint of each.")))

kinds.register(Kind(
    code="final_report", position=40, label=_l("Final report"), build=final.document,
    subjects=lambda process: _whole(process, "final"),
    use=_l("The percorso phase by phase: when, who took part, with which tools, what came out, what was done with it, "
           "and within what limits.")))
