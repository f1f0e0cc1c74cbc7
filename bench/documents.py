"""`python -m bench.documents`: how long each form of a long document takes to be written, and how much memory.

About 200 pages: 300 contributions with notes at the foot, 60 charts, 120 tables. The tree is made up in memory: what is
measured are the writers, one after the other.
"""

import resource
import tempfile
import time
from datetime import date
from pathlib import Path

from flask_migrate import upgrade

from consult.core import charts
from consult.core.config import Settings
from consult.core.languages import Localized
from consult.factory import create_app
from consult.publishing import services
from consult.publishing.document import Block, Document, Heading, Paragraph, Span, Table, anchor_of, in_order, words
from consult.publishing.figures import drawn
from consult.publishing.models import DocumentFormat

SAID = ("Il servizio serale entra nel piano con due corse in più, la prima alle venti e la seconda alle ventidue, tra "
        "tutti i comuni della valle. ")


def main() -> None:
    """Write the document in every form, print a table."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        app = create_app(Settings.load({"INSTANCE": name, "CONSULT_DEMO": "0"}))
        with app.test_request_context():
            upgrade()
            document = _document()
            print("| form | seconds | MB |\n| --- | ---: | ---: |")
            total = 0.0
            for form in DocumentFormat:
                target, began = Path(name) / f"document.{form.value}", time.monotonic()
                services.write(document, form, target)
                took = time.monotonic() - began
                total += took
                print(f"| {form.value} | {took:.1f} | {target.stat().st_size / 2**20:.1f} |", flush=True)
    own, child = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"| all | {total:.1f} | |\n\npeak memory: {own} MB of the server's, {child} MB of the largest tool beside it")


def _document() -> Document:
    blocks = in_order((block for chapter in range(60) for block in _chapter(chapter)), numbered=True)
    return Document(
        title="Un piano lungo", subtitle="Per misurare", authority="Unione", edition="1", made_on=date(2027, 3, 4),
        date_in_words="4 marzo 2027", language="it", blocks=blocks, labels={"contents": "Indice", "notes": "Note"})


def _chapter(chapter: int) -> list[Block]:
    """A chart with its table, another table, prose, and five contributions with what became of them."""
    shown = charts.Table(
        code="T", caption=Localized.of(f"Tabella {chapter}"), heading=Localized.of("Comune"), chart=True,
        columns=(charts.Column(label=Localized.of("Persone")),),
        rows=tuple(charts.Row(label=Localized.of(f"Comune {i}"), values=(i * 7 + chapter,)) for i in range(8)))
    table = Table(
        caption=f"Altra tabella {chapter}", header=("Codice", "Che cosa", "Quanto"), align=("left", "left", "right"),
        widths=(.2, .6, .2), rows=tuple((words(f"A{i}"), words(SAID[:60]), words(str(i))) for i in range(10)))
    blocks: list[Block] = [Heading(level=1, text=f"Capitolo {chapter}"), *drawn(shown), table]
    blocks += [Paragraph(spans=words(SAID * 4))] * 9
    for code in (f"ROV-P-{chapter * 5 + i:04}" for i in range(5)):
        blocks += [Heading(level=3, text=f"{code} Più autobus la sera", anchor=anchor_of(code)),
                   Paragraph(spans=(Span("un cittadino", note=f"Il testo: https://example.org/c/{code}"),)),
                   Paragraph(spans=words(SAID * 3))]
    return blocks


if __name__ == "__main__":
    main()
