"""Everybody who asks the policy, and what each of them is granted."""

from dataclasses import dataclass, field
from typing import Any

from flask_login import AnonymousUserMixin

from consult.accounts.models import Person, Role, Tie
from consult.core import clock, policy
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Process
from consult.verification.bearers import Bearer
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode
from tests.factories import DAY, Make

PLAIN = ("visitor", "bearer", "person", "verified", "owner")
"""Whoever comes by, brings a code, has an account, has a verified residence; and whose the thing is (its author, its
speaker…)."""
HEADS = {Role.MODERATOR: "mod", Role.FACILITATOR: "fac", Role.PLAN_OFFICE: "off", Role.STEERING: "ste",
         Role.ADMINISTRATOR: "ele", Role.GUARANTOR: "gua", Role.DESK_OPERATOR: "dsk", Role.PLATFORM_ADMIN: "adm",
         Role.OBSERVER: "obs"}


@dataclass
class World:
    """Everybody who asks, and what they ask about is made of."""

    make: Make
    process: Process = field(init=False)
    elsewhere: Process = field(init=False)
    plain: dict[str, Any] = field(init=False)
    staff: dict[Role, dict[str, Person]] = field(init=False)

    def __post_init__(self) -> None:
        make = self.make
        self.process = make.process()
        self.elsewhere = Process(authority=make.authority(), slug="altrove", code="ALT", title=Localized.of("Altrove"),
                                 summary=Localized(), vision=Localized(), published=True)
        db.session.add(self.elsewhere)
        db.session.flush()
        self.plain = {"visitor": AnonymousUserMixin(), "bearer": Bearer(self._code()), "person": make.person(),
                      "verified": make.person(verified=True), "owner": make.person()}
        self.staff = {role: self._holders(role) for role in HEADS}

    def _code(self) -> OneTimeCode:
        batch = CodeBatch(municipality_id=self.make.town().id, number=1, purpose=CodePurpose.ASSEMBLY,
                          tie=Tie.RESIDES, expires_at=clock.now() + DAY)
        code = OneTimeCode(hash="0" * 64, batch=batch)
        db.session.add(code)
        db.session.flush()
        return code

    def _holders(self, role: Role) -> dict[str, Person]:
        held = {"s": self.make.person(role)}
        if role is not Role.PLATFORM_ADMIN:  # whoever administers the platform does so for the whole site
            held |= {"h": self.make.person(role, process=self.process),
                     "e": self.make.person(role, process=self.elsewhere)}
        return held

    @property
    def owner(self) -> Person:
        return self.plain["owner"]

    @property
    def moderator(self) -> Person:
        return self.staff[Role.MODERATOR]["s"]


def granted(world: World, action: str, thing: Any) -> dict[str, str]:
    """For each column what it grants: Y or a dot for people, letters for roles."""
    found = {name: "Y" if policy.can(person, action, thing) else "." for name, person in world.plain.items()}
    for role, holders in world.staff.items():
        found[HEADS[role]] = "".join(
            letter if letter in holders and policy.can(holders[letter], action, thing) else "." for letter in "she")
    return found
