"""publiccode.yml follows the rules that the validators of the reuse catalogues hold mandatory."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from consult.core.config import LANGUAGES
from consult.core.health import VERSION

HOUSE = Path(__file__).resolve().parent.parent
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
MAINTENANCE = {"internal", "contract", "community", "none"}
TYPES = {"standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web", "standalone/backend",
         "standalone/other", "addon", "library", "configurationFiles"}
PLATFORMS = {"spid", "cie", "anpr", "pagopa", "io"}


@pytest.fixture(scope="module")
def card():
    return yaml.safe_load((HOUSE / "publiccode.yml").read_text(encoding="utf-8"))


def test_what_is_mandatory_is_there(card):
    mandatory = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description",
                 "legal", "maintenance", "localisation"}
    assert mandatory <= set(card)
    assert isinstance(card["publiccodeYmlVersion"], str)
    assert urlsplit(card["url"]).scheme == "https"
    assert card["platforms"]
    assert card["developmentStatus"] in STATUSES
    assert card["softwareType"] in TYPES


@pytest.mark.parametrize("language", ["it", "en"])
def test_each_description_has_the_lengths_that_catalogues_accept(card, language):
    described = card["description"][language]
    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert all(len(feature) <= 100 for feature in described["features"])


def test_the_version_and_the_licence_are_those_of_the_package(card):
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert card["softwareVersion"] == project["version"] == VERSION
    assert card["legal"]["license"] == project["license"] == "AGPL-3.0-or-later"
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (HOUSE / "LICENSE").read_text(encoding="utf-8")


def test_the_maintenance_says_whom_to_ask(card):
    kind = card["maintenance"]["type"]
    assert kind in MAINTENANCE
    if kind == "contract":
        assert all("until" in contractor for contractor in card["maintenance"]["contractors"])
    else:
        assert all(contact["name"] for contact in card["maintenance"]["contacts"])


def test_the_languages_are_those_of_the_interface(card):
    assert card["localisation"]["localisationReady"] is True
    assert set(card["localisation"]["availableLanguages"]) == set(LANGUAGES)


def test_the_italian_section_names_each_platform(card):
    section = card["IT"]
    assert section["countryExtensionVersion"] in {"0.2", "1.0"}
    assert set(section["piattaforme"]) == PLATFORMS
    assert all(isinstance(value, bool) for value in section["piattaforme"].values())
