"""What every document of a percorso has around what it tells: the first page, and the words that formats add."""

from collections.abc import Iterable

from flask_babel import format_date
from flask_babel import gettext as _

from consult.core import blackout, clock, languages
from consult.processes.models import Process
from consult.publishing import emblem
from consult.publishing.document import Block, Document, in_order
from consult.publishing.models import Names


def framed(process: Process, blocks: Iterable[Block], *, title: str, subtitle: str, edition: str,
           names: Names) -> Document:
    """A document in the language in force, of today."""
    authority = process.authority.name
    return Document(
        title=title, subtitle=subtitle, authority=authority, edition=edition, made_on=clock.today(),
        date_in_words=str(format_date(clock.today(), "long")), language=languages.current(),
        blocks=in_order(blocks, numbered=True), emblem=emblem.of(authority),
        labels={
            "contents": str(_("Contents")), "notes": str(_("Notes")), "back": str(_("Back to the text, note")),
            "blacked": blackout.words(),
            "made": _made(authority, names),
            "replaced": str(_("Some signs that people typed cannot be drawn in this file and are replaced by �. "
                              "The other formats have them."))})


def _made(authority: str, names: Names) -> str:
    if names is Names.SHOWN:
        return str(_("Made from the participation platform of %(authority)s. Proposals and remarks are cited by their "
                     "public code, with the organisation, or with the name where whoever wrote them chose to show it.",
                     authority=authority))
    return str(_("Made from the participation platform of %(authority)s. Proposals and comments are cited "
                 "by their public code, with the organisation or the municipality of whoever wrote them.",
                 authority=authority))


def on_names(names: Names) -> str:
    """Who is named in a document, and what is left out of it."""
    if names is Names.SHOWN:
        return str(_("Whoever wrote for an organisation is cited with the organisation; whoever chose to show their "
                     "name on the site is cited with it; everybody else as a citizen of their municipality. E-mail "
                     "addresses, telephone numbers and tax codes that people typed are left out. Figures behind which "
                     "fewer than five people stand are not shown."))
    return str(_("Nobody's name stands in it. Whoever wrote for an organisation is cited with the organisation, "
                 "everybody else as a citizen of their municipality. E-mail addresses, telephone numbers and tax codes "
                 "that people typed are left out. Figures behind which fewer than five people stand are not shown."))
