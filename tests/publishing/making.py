"""Having a document of the small percorso made at once."""

from consult.publishing import services
from consult.publishing.models import DocumentFormat
from consult.publishing.services import Wanted


def export(form, target, *, slug="prova", kind="plan", about="", **wanted):
    """Write a document of a kind into a file; answers how to call it."""
    return services.export(slug, kind, about, Wanted(form=DocumentFormat(form), **wanted), target)
