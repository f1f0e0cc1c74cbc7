"""What parts, fields, stages and passages are called, and the help under each field."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.concluding.models import Act, Part, Stage
from consult.concluding.passages import Light

NAME = _l("Documento di proposta partecipata")
RESOLUTION = _l("Draft resolution")


@dataclass(frozen=True)
class Field:
    """A text that the document asks for; `needed` where it cannot be sent without it."""

    name: str
    label: LazyString
    help: LazyString
    needed: bool = True
    rows: int = 6


PARTS: dict[Part, tuple[LazyString, tuple[Field, ...]]] = {
    Part.OBJECT: (_l("What it is about"), (
        Field("object", _l("Object of the percorso"), _l(
            "On what people could have their say, and what was not open. Two or three sentences are enough.")),
        Field("context", _l("Context"), _l(
            "Where the percorso comes from: the territory, earlier decisions, the act with which it began.")),
        Field("needs", _l("Needs that it answers"), _l(
            "Which needs of the people and of the municipalities the percorso set out from. One point for each.")))),
    Part.BODIES: (_l("Who ran it"), (
        Field("manager", _l("Office that ran the percorso"), _l(
            "The office with its address, never the name of whoever works there."), rows=3),
        Field("bodies", _l("Bodies of the percorso"), _l(
            "Steering group, guarantee committee, tables: what each was for. Name only organisations.")),
        Field("table", _l("The negotiation table"), _l(
            "Which organisations sat at it, and whether it looked through this document. If it did not, say why."),
            rows=4))),
    Part.PATH: (_l("How it went"), (
        Field("phases", _l("Phases and calendar"), _l(
            "The phases with their days, and what was moved or prolonged and with which act.")),
        Field("methods", _l("Methods"), _l(
            "How people took part: calls for proposals, surveys, meetings, votes, paper and help desks.")),
        Field("participants", _l("Who took part"), _l(
            "Numbers and organisations only: no names of people, not even of those who sat at the table.")),
        Field("difficulties", _l("Critical points of the percorso"), _l(
            "What did not work, who could not be reached, and what was done about it."), needed=False, rows=4))),
    Part.PROPOSALS: (_l("What came of it"), (
        Field("proposals", _l("Proposals at the outcome"), _l(
            "What the percorso proposes to whoever decides, point by point: the heart of the document."), rows=12),
        Field("disagreements", _l("Points of disagreement"), _l(
            "On what people did not agree, with the reasons of both sides. If there was none, write so.")),
        Field("alternatives", _l("Alternatives considered"), _l(
            "Which other ways were looked at, and why they were left aside."), rows=4))),
    Part.AFTER: (_l("What happens next"), (
        Field("monitoring", _l("Monitoring"), _l(
            "How people can see what is done with the proposals: who keeps watch, how often, where it is read.")),)),
    Part.RESOLUTION: (RESOLUTION, (
        Field("subject", _l("Subject of the resolution"), _l("One sentence, as it stands on the agenda."), rows=2),
        Field("organ", _l("Deciding body"), _l("Who decides: the council, the executive, the board of an Unione."),
              rows=2),
        Field("premises", _l("Premises"), _l(
            "The laws and earlier acts on which the resolution rests, one point for each.")),
        Field("heard", _l("What was heard"), _l(
            "In short: how many took part, what they asked for. The table of the answers follows by itself.")),
        Field("decided", _l("What is decided"), _l(
            "One point for each decision. For what is not taken up, the reasons stand in the table of the answers."),
            rows=8))),
}
"""The parts in the order in which they are read, each with its fields."""
FIELDS: dict[str, Field] = {field.name: field for _title, fields in PARTS.values() for field in fields}
PART_OF: dict[str, Part] = {field.name: part for part, (_title, fields) in PARTS.items() for field in fields}
DOCUMENT = tuple(part for part in PARTS if part is not Part.RESOLUTION)
"""The parts of the document itself; the resolution is another one."""
PART_PATHS: dict[Part, str] = {
    Part.OBJECT: "oggetto", Part.BODIES: "organi", Part.PATH: "percorso", Part.PROPOSALS: "proposte",
    Part.AFTER: "seguito", Part.RESOLUTION: "delibera"}
ACT_PATHS: dict[Act, str] = {
    Act.CHECK: "verifica", Act.REOPEN: "riapertura", Act.SEND: "invio", Act.RETURN: "restituzione",
    Act.VALIDATE: "validazione", Act.DELIVER: "consegna", Act.REPORT: "relazione", Act.NOTE: "atto"}
"""How parts and passages are called in addresses."""

STAGES: dict[Stage, tuple[LazyString, str]] = {
    Stage.DRAFT: (_l("Being written"), "neutral"),
    Stage.CHECKED: (_l("Checked by the negotiation table"), "waiting"),
    Stage.SENT: (_l("With the Tecnico di garanzia"), "waiting"),
    Stage.RETURNED: (_l("Returned with remarks"), "bad"),
    Stage.VALIDATED: (_l("Validated"), "good"),
    Stage.DELIVERED: (_l("With the deciding body"), "waiting"),
    Stage.NOTED: (_l("The deciding body took note"), "good"),
}
"""What each stage is called, and the colour of its label."""
ACTS: dict[Act, tuple[LazyString, LazyString]] = {
    Act.CHECK: (_l("Checked by the negotiation table"), _l(
        "The negotiation table has read the document and found it clear and complete. The law asks for it where it "
        "is possible.")),
    Act.REOPEN: (_l("Opened again for writing"), _l(
        "The document can be written again; what the table checked is kept, but no longer holds.")),
    Act.SEND: (_l("Sent to the Tecnico di garanzia"), _l(
        "By certified mail (PEC), under the number with which the letter was registered.")),
    Act.RETURN: (_l("Returned by the Tecnico di garanzia"), _l(
        "It came back with remarks: write them here, then the document can be written again.")),
    Act.VALIDATE: (_l("Validated by the Tecnico di garanzia"), _l("The region has declared it valid.")),
    Act.DELIVER: (_l("Sent to the deciding body"), _l(
        "With this the percorso is over, and the thirty days begin for the final report and for the act.")),
    Act.REPORT: (_l("Final report"), _l("The final report was sent to the region.")),
    Act.NOTE: (_l("Act of the deciding body"), _l(
        "The deciding body took note of the percorso, of the document and of its validation.")),
}
"""What each passage is called once it was made, and what it means."""
DOING: dict[Act, LazyString] = {
    Act.CHECK: _l("Record the check by the table"), Act.REOPEN: _l("Open it again for writing"),
    Act.SEND: _l("Record the sending by PEC"), Act.RETURN: _l("Record that it was returned"),
    Act.VALIDATE: _l("Record the validation"), Act.DELIVER: _l("Record the sending to the deciding body"),
    Act.REPORT: _l("Record the final report"), Act.NOTE: _l("Record the act"),
}
REFUSALS: dict[Act, LazyString] = {
    Act.CHECK: _l("The table checks the document before it is sent: it is past that now."),
    Act.REOPEN: _l("Only what the table has checked, and nobody has sent yet, is opened again. What was sent can be "
                   "written again once it is returned."),
    Act.SEND: _l("It was sent already. Record first whether it was validated or returned."),
    Act.RETURN: _l("Only what lies with the Tecnico di garanzia, or was validated and not sent on yet, can be "
                   "returned. Record the sending first."),
    Act.VALIDATE: _l("Only what lies with the Tecnico di garanzia can be validated. Record the sending first."),
    Act.DELIVER: _l("Only the validated document goes to the deciding body, and once only. Record the validation "
                    "first."),
    Act.REPORT: _l("The final report follows the sending to the deciding body, and is recorded once."),
    Act.NOTE: _l("The deciding body takes note, once, of what was sent to it. Record the sending first."),
}
"""Why a passage cannot be made from where the document is, and what to do."""
LIGHTS: dict[Light, tuple[LazyString, str]] = {
    Light.RUNNING: (_l("Running"), "open"), Light.NEAR: (_l("Soon due"), "waiting"), Light.LATE: (_l("Late"), "bad"),
    Light.MET: (_l("Done in time"), "good"), Light.MET_LATE: (_l("Done late"), "closed"),
}
SORTS: dict[str, LazyString] = {
    "account": _l("This is the name with which somebody takes part here."),
    "member": _l("This is the name of somebody who sits on a body of the percorso."),
    "person": _l("A title stands before this, as before the name of a person."),
}
"""Why words are taken for somebody's name; the other sorts have their words in consult.screening.words."""
