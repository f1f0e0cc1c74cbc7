"""Files that were taken, with and without a text they belong to."""

import tempfile

import pytest

from consult.attachments import services
from consult.core import files
from tests.enclosures import picture


@pytest.fixture
def received(app):
    """`received(person)`: a loose file of somebody."""
    def receive(owner, content=None, name="foto.jpg"):
        with tempfile.SpooledTemporaryFile() as stream:
            stream.write(content or picture())
            return services.receive(owner, files.keep(stream, name))

    return receive


@pytest.fixture
def attached(received):
    """`attached(proposal)`: a file that belongs to a text."""
    def attach(contribution, content=None, name="foto.jpg", words="Una fermata vuota"):
        attachment = received(contribution.author, content, name)
        services.add(contribution, [attachment], contribution.author, most=5)
        services.describe(attachment, contribution, contribution.author, words)
        return attachment

    return attach


@pytest.fixture
def on_disk(settings):
    """How many files are kept."""
    def count():
        return sum(1 for path in (settings.instance / "uploads").rglob("*") if path.is_file())

    return count
