"""The two ceremonies of WebAuthn: a device makes a key pair, and proves later that it has it."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, config, keys
from consult.core.db import db, rows_touched
from consult.core.later import webauthn
from consult.factors.models import Ceremony, Passkey, PasskeyChallenge
from consult.factors.services import LASTS

_LONGEST = 20_000


def possible() -> bool:
    """True if browsers make passkeys for the public address: they do for names over https, and for localhost."""
    address = urlsplit(config.current().address)
    return address.hostname == "localhost" or (address.scheme == "https" and not _is_number(address.hostname or ""))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def registration_options(person: Person, *, site: str) -> str:
    """What the browser needs to have a device make a key pair, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=_host(), rp_name=site, user_id=_handle(person), user_name=person.email or person.shown_name,
        user_display_name=person.shown_name, exclude_credentials=_theirs(person),
        authenticator_selection=webauthn.helpers.structs.AuthenticatorSelectionCriteria(
            resident_key=webauthn.helpers.structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=webauthn.helpers.structs.UserVerificationRequirement.PREFERRED))
    _keep(person, Ceremony.REGISTER, options.challenge)
    return webauthn.options_to_json(options)


def sign_in_options(person: Person) -> str:
    """What the browser needs to have a device of this person sign, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(), allow_credentials=_theirs(person),
        user_verification=webauthn.helpers.structs.UserVerificationRequirement.PREFERRED)
    _keep(person, Ceremony.SIGN_IN, options.challenge)
    return webauthn.options_to_json(options)


def made(person: Person, answer: str) -> dict[str, Any] | None:
    """What to keep of a new key pair; None where the answer of the device does not hold."""
    challenge = _use_challenge(person, Ceremony.REGISTER, answer)
    if challenge is None:
        return None
    try:
        new = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin())
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, TypeError, KeyError):
        # the last three for what is no such answer at all
        return None
    return {"credential_id": webauthn.helpers.bytes_to_base64url(new.credential_id),
            "public_key": new.credential_public_key, "sign_count": new.sign_count}


def proved(person: Person, answer: str) -> Passkey | None:
    """The passkey of this person that signed; None where the answer does not hold, or was given before."""
    challenge, id = _use_challenge(person, Ceremony.SIGN_IN, answer), _field(answer, "id")
    passkey = db.session.scalar(sa.select(Passkey).where(
        Passkey.person_id == person.id, Passkey.credential_id == id).with_for_update())
    if challenge is None or passkey is None:
        return None
    try:
        shown = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin(),
            credential_public_key=passkey.public_key, credential_current_sign_count=passkey.sign_count)
    except (webauthn.helpers.exceptions.WebAuthnException, ValueError, TypeError, KeyError):
        return None
    passkey.sign_count, passkey.last_used_at = shown.new_sign_count, clock.now()
    return passkey


def _host() -> str:
    return urlsplit(config.current().address).hostname or ""


def _origin() -> str:
    address = urlsplit(config.current().address)
    return f"{address.scheme}://{address.netloc}"


def _handle(person: Person) -> bytes:
    """What the device calls the account: nothing by which the person could be known."""
    return bytes.fromhex(keys.tag("passkey-handles", str(person.id)))


def _theirs(person: Person) -> list[webauthn.helpers.structs.PublicKeyCredentialDescriptor]:
    ids = db.session.scalars(sa.select(Passkey.credential_id).where(Passkey.person_id == person.id))
    return [webauthn.helpers.structs.PublicKeyCredentialDescriptor(id=webauthn.helpers.base64url_to_bytes(id))
            for id in ids]


def _keep(person: Person, ceremony: Ceremony, challenge: bytes) -> None:
    db.session.add(PasskeyChallenge(
        person_id=person.id, ceremony=ceremony, challenge=webauthn.helpers.bytes_to_base64url(challenge),
        expires_at=clock.now() + LASTS))


def _use_challenge(person: Person, ceremony: Ceremony, answer: str) -> bytes | None:
    """The challenge that an answer says it signed, used up; None where it was not given to this person for this."""
    try:
        data = json.loads(webauthn.helpers.base64url_to_bytes(str(_field(answer, "response", "clientDataJSON"))))
        challenge = str(data["challenge"]).rstrip("=")
    except (ValueError, TypeError, KeyError):
        return None
    used = rows_touched(sa.delete(PasskeyChallenge).where(
        PasskeyChallenge.person_id == person.id, PasskeyChallenge.ceremony == ceremony,
        PasskeyChallenge.challenge == challenge, PasskeyChallenge.expires_at > clock.now()))
    return webauthn.helpers.base64url_to_bytes(challenge) if used else None


def _field(answer: str, *path: str) -> str:
    """A text within what the browser sent; empty where there is none."""
    try:
        found = json.loads(answer) if len(answer) <= _LONGEST else None
    except (ValueError, RecursionError):
        return ""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""
