"""The territory, the organisations and the people of the demonstration."""

import random
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import (
    Mandate,
    MandateKind,
    Organisation,
    Person,
    Role,
    RoleGrant,
    Verification,
    VerificationMethod,
)
from consult.core import passwords, richtext
from consult.core.db import db, table
from consult.demo import bulk, draws, words
from consult.demo.story import Resident, Story, read
from consult.organisations.models import Description, Standing
from consult.territory.models import Authority, AuthorityKind, Municipality, StakeholderCategory
from consult.territory.services import take_in_boundaries

ROLES = {
    "moderatore": Role.MODERATOR, "facilitatore": Role.FACILITATOR, "ufficio_piano": Role.PLAN_OFFICE,
    "cabina_regia": Role.STEERING, "amministratore": Role.ADMINISTRATOR, "garante": Role.GUARANTOR,
    "operatore_sportello": Role.DESK_OPERATOR,
}
METHODS = (VerificationMethod.IDENTITY, VerificationMethod.CODE, VerificationMethod.DESK)
VERIFIED_SHARE = 0.62


def load(story: Story, emails: dict[str, str], admin: str, password: str) -> None:
    """The authority with its municipalities, the organisations, and everybody who speaks in the story."""
    _territory(story)
    _organisations(story)
    hashed = passwords.hashed(password)  # one for all: it is printed at every start
    _people(story, emails, hashed)
    _verify(story.people["giulia-santini"], VerificationMethod.DESK)
    _administrator(story, admin, hashed)
    _residents(story)


def _territory(story: Story) -> None:
    told = story.told["organization"]
    authority = Authority(
        kind=AuthorityKind.UNION, minimum_age=told["regulation"]["minimum_age"],
        region=told["region"].partition(" (")[0],
        **{name: told[name] for name in ("name", "short_name", "address", "phone", "email", "pec", "website",
                                         "dpo_contact", "accessibility_contact", "accessibility_statement_url")})
    for position, entry in enumerate(story.told["municipalities"], 1):
        story.municipalities[entry["code"]] = Municipality(
            authority=authority, istat_code=entry["code"], name=entry["name"], position=position,
            population=entry["population"], belt=entry["belt"], latitude=entry["lat"], longitude=entry["lon"])
    db.session.add(authority)
    db.session.flush()
    take_in_boundaries(read("unione_rovano.geojson"))  # JSON is YAML too


def _organisations(story: Story) -> None:
    since = story.opening(story.told["phases"][0]["starts_on"])
    categories = {
        entry["id"]: StakeholderCategory(code=entry["id"], name=story.text(entry["label"]), position=position)
        for position, entry in enumerate(story.told["stakeholder_categories"], 1)}
    for entry in story.told["stakeholders"]:
        more = story.more["organisations"].get(entry["id"], {})
        description = more.get("description", "")
        story.organisations[entry["id"]] = Organisation(
            slug=entry["id"], name=entry["name"], category=categories[entry["category"]],
            municipality=story.municipalities.get(more.get("seat", "")), description=description,
            description_html=richtext.render(description), created_at=since, verified_at=since + timedelta(days=2))
    db.session.add_all(story.organisations.values())
    db.session.flush()
    db.session.add_all(Description(
        organisation=one, text=one.description, standing=Standing.PUBLISHED, created_at=since,
        looked_at=one.verified_at)
        for one in story.organisations.values() if one.description)


def _people(story: Story, emails: dict[str, str], hashed: str) -> None:
    since = story.opening(story.told["phases"][0]["starts_on"])
    steering = next(body for body in story.told["governance"] if body["id"] == "cabina-regia")["members"]
    for entry in story.told["users"]:
        person = Person(
            email=emails.get(entry["id"]), password_hash=hashed if entry["id"] in emails else None,
            display_name=entry.get("display", entry["name"]), title=entry.get("title", ""),
            municipality=story.municipalities[entry["municipality"]], created_at=since, confirmed_at=since)
        story.people[entry["id"]] = person
        role = ROLES.get(entry["role"])
        roles = [role] if role else []
        if role is Role.ADMINISTRATOR and entry["id"] in steering:
            roles.append(Role.STEERING)
        person.role_grants = [RoleGrant(role=role, granted_at=since) for role in roles]
        if "organization" in entry:
            story.speaks_for[entry["id"]] = entry["organization"]
            person.mandates = [Mandate(organisation=story.organisations[entry["organization"]],
                                       kind=MandateKind.SIGNS, since=since)]
    db.session.add_all(story.people.values())
    db.session.flush()


def _verify(person: Person, method: VerificationMethod) -> None:
    person.verifications.append(Verification(
        method=method, municipality_id=person.municipality_id, created_at=person.created_at, age_band="35-49"))


def _administrator(story: Story, email: str, hashed: str) -> None:
    since = story.opening(story.told["phases"][0]["starts_on"])
    db.session.add(Person(
        email=email, password_hash=hashed, display_name="Amministrazione della piattaforma",
        title="Sistemi informativi dell'Unione", created_at=since, confirmed_at=since,
        role_grants=[RoleGrant(role=Role.PLATFORM_ADMIN, granted_at=since)]))


def _residents(story: Story) -> None:
    """As many accounts as the monitoring of the story counts for every hundred inhabitants."""
    rates = next(i for i in story.told["indicators"] if i["id"] == "partecipanti_100ab")["values"]
    first, last = story.opening(story.told["phases"][0]["starts_on"]), story.present
    rng = random.Random(7)  # noqa: S311 - made-up names
    rows: list[dict[str, Any]] = []
    for municipality, rate in zip(story.municipalities.values(), rates, strict=True):
        for _ in range(round(municipality.population * rate / 100)):
            since = story.between(first, last)
            rows.append({"display_name": words.short_name(rng), "municipality_id": municipality.id,
                         "title": "", "language": "it", "created_at": since, "confirmed_at": since})
    rows.sort(key=lambda row: row["created_at"])
    person = table(Person)
    made = db.session.execute(
        sa.insert(person).returning(person.c.id, sort_by_parameter_order=True), rows).scalars().all()
    verified = draws.deck([round(len(rows) * (1 - VERIFIED_SHARE)), round(len(rows) * VERIFIED_SHARE)], rng)
    story.residents = [Resident(id, row["municipality_id"], bool(sure), row["created_at"])
                       for id, row, sure in zip(made, rows, verified, strict=True)]
    bulk.write(Verification, [
        {"person_id": one.id, "method": rng.choice(METHODS), "municipality_id": one.municipality_id,
         "age_band": "", "created_at": one.since} for one in story.residents if one.verified])
