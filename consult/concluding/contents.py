"""The Documento di proposta partecipata and the draft of the resolution as documents, in the language in force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from consult.concluding.models import Act, DocumentPassage, Part
from consult.concluding.words import DOCUMENT, NAME, PARTS, RESOLUTION
from consult.core import blackout, languages
from consult.publishing import prose
from consult.publishing.document import (
    Block,
    Document,
    Figure,
    Heading,
    List,
    Paragraph,
    Quote,
    Span,
    Table,
    Words,
    in_order,
    words,
)
from consult.publishing.figures import number
from consult.results.models import Verdict
from consult.results.words import VERDICTS

BLANK = "________"
"""What the office fills in by hand."""


def document(content: Mapping[str, Any], passages: Sequence[DocumentPassage]) -> Document:
    """The document as a passage kept it, or as it is being written, with its annexes."""
    blocks: list[Block] = []
    for part in DOCUMENT:
        blocks += [Heading(level=1, text=str(PARTS[part][0])), *_fields(part, content["fields"], _("Not written yet."))]
    blocks += [*_steps(passages), *_annexes(content)]
    return _made(content, str(NAME), blocks)


def resolution(content: Mapping[str, Any], texts: Mapping[str, str], sha256: str) -> Document:
    """The draft of the resolution, with the table of the answers; its number and its day are left to fill in.

    `sha256` is the fingerprint of the document on which it decides.
    """
    blocks: list[Block] = [
        Paragraph(spans=words(str(_("Resolution no. %(number)s of %(day)s", number=BLANK, day=BLANK)))),
        *_fields(Part.RESOLUTION, texts, BLANK),
        *_annexes(content, (str(NAME), sha256))]
    return _made(content, str(RESOLUTION), blocks)


def _made(content: Mapping[str, Any], title: str, blocks: list[Block]) -> Document:
    day = date.fromisoformat(content["day"])
    return Document(
        title=title, subtitle=content["title"], authority=content["authority"],
        edition=str(_("Regional law of Emilia-Romagna 15/2018, on participation.")).rstrip("."), made_on=day,
        date_in_words=str(format_date(day, "long")), language=languages.current(), blocks=in_order(blocks),
        labels={
            "blacked": blackout.words(),
            "contents": str(_("Contents")),
            "made": str(_("Made from the participation platform of %(authority)s. It holds no personal data: "
                          "proposals are cited by their public code, and only organisations are named.",
                          authority=content["authority"])),
            "replaced": str(_("Some signs that people typed cannot be drawn in this file and are replaced by �. "
                              "The other formats have them."))})


def _fields(part: Part, texts: Mapping[str, str], otherwise: str) -> Iterator[Block]:
    for field in PARTS[part][1]:
        text = texts.get(field.name, "").strip()
        if not text and not field.needed:
            continue
        yield Heading(level=2, text=str(field.label))
        yield from prose.blocks(text, level=3) if text else (Paragraph(spans=words(str(otherwise))),)


def _steps(passages: Sequence[DocumentPassage]) -> Iterator[Block]:
    """Whether the table checked it, and where it was sent: what the law wants said in the document itself."""
    told = [one for one in passages if one.act in {Act.CHECK, Act.SEND, Act.VALIDATE}]
    yield Heading(level=1, text=str(_("Check and validation")))
    if not told:
        yield Paragraph(spans=words(str(_("Not checked and not sent yet."))))
        return
    yield List(items=tuple((Paragraph(spans=words(step(one))),) for one in told))


def step(passage: DocumentPassage) -> str:
    """A passage in a sentence, without whoever made it."""
    day = str(format_date(passage.dated, "long"))
    said = {
        Act.CHECK: _("%(day)s: checked by the negotiation table.", day=day),
        Act.SEND: _("%(day)s: sent to the Tecnico di garanzia by certified mail.", day=day),
        Act.VALIDATE: _("%(day)s: validated by the Tecnico di garanzia.", day=day)}.get(passage.act, day)
    register = _("Registered under no. %(number)s.", number=passage.protocol) if passage.protocol else ""
    return f"{said} {register}".strip()


def _annexes(content: Mapping[str, Any], *first: tuple[str, str]) -> Iterator[Block]:
    rows = content["responses"]
    yield Heading(level=1, text=str(_("Annex A. What became of proposals and remarks")), page=True)
    if rows:
        yield _counted(rows)
        yield Table(
            caption=str(_("Proposals and remarks with their outcomes")),
            header=(str(_("Code")), str(_("What was asked")), str(_("Outcome and reasons")), str(_("Decided"))),
            rows=tuple(_row(one) for one in rows), align=("left", "left", "left", "left"),
            widths=(.16, .3, .36, .18))
    else:
        yield Paragraph(spans=words(str(_("There were no proposals and no remarks."))))
    annexes = [*first, *((one["name"], one["sha256"]) for one in content["annexes"])]
    if annexes:
        yield Heading(level=1, text=str(_("Annex B. Documents that go with it")))
        yield Table(
            caption=str(_("Each document with its SHA-256: whoever computes it anew knows that nothing was changed")),
            header=(str(_("Document")), "SHA-256"),
            rows=tuple((words(name), (Span(sha256, code=True),)) for name, sha256 in annexes),
            align=("left", "left"), widths=(.32, .68))


def _counted(rows: Sequence[Mapping[str, Any]]) -> Table:
    named = [*((verdict.value, str(VERDICTS[verdict])) for verdict in Verdict), ("", str(_("No outcome yet")))]
    counted = [(label, sum(one["verdict"] == value for one in rows)) for value, label in named]
    return Table(
        caption=str(_("Proposals and remarks by outcome")), header=(str(_("Outcome")), str(_("Number"))),
        rows=tuple((words(label), words(number(many))) for label, many in counted if many),
        align=("left", "right"), widths=(.8, .2))


def _row(one: Mapping[str, Any]) -> tuple[Words, ...]:
    about = str(_("On paragraph %(number)s: ", number=one["about"])) if one["about"] else ""
    body = (Span("\n"), *words(one["organisation"])) if one["organisation"] else ()
    what = (*words(f"{about}{one['what']}"), *body)
    if not one["verdict"]:
        return words(one["code"]), what, words(str(_("No outcome yet"))), words("–")
    outcome = (*words(str(VERDICTS[Verdict(one["verdict"])]), bold=True), Span("\n"), *words(one["reasons"]))
    day = str(format_date(date.fromisoformat(one["decided_on"]), "long")) if one["decided_on"] else ""
    decided = "\n".join(filter(None, (one["decided_by"], one["act"], day)))
    return words(one["code"]), what, outcome, words(decided or "–")


def plain(blocks: Sequence[Block]) -> Iterator[str]:
    """Every word that stands in a document, paragraph by paragraph and cell by cell."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield "".join(span.text for span in block.spans)
        elif isinstance(block, List):
            for item in block.items:
                yield from plain(item)
        elif isinstance(block, Quote):
            yield from plain(block.blocks)
        elif isinstance(block, Table):
            yield from (block.caption, *block.header)
            yield from ("".join(span.text for span in cell) for row in block.rows for cell in row)
        else:
            yield block.alt if isinstance(block, Figure) else block.text
