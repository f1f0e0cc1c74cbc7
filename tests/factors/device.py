"""A device with a passkey, in a few lines: what a browser would send for it."""

import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost:8000"


class Device:
    """Makes one key pair and signs with it; what it says of itself can be falsified."""

    def __init__(self, origin: str = ORIGIN, host: str = "localhost") -> None:
        self.origin, self.host = origin, host
        self.id, self.counter = secrets.token_bytes(32), 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> str:
        """The answer to the options of a registration."""
        point = self._key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        about = self._about(0x45) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        return self._answer(self._client("webauthn.create", options["challenge"]),
                            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about}))

    def sign(self, options: dict[str, Any]) -> str:
        """The answer to the options of a sign-in."""
        self.counter += 1
        client, about = self._client("webauthn.get", options["challenge"]), self._about(0x05)
        signature = self._key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=about, signature=signature)

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, client: bytes, **parts: bytes) -> str:
        id = bytes_to_base64url(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": {
            "clientDataJSON": bytes_to_base64url(client),
            **{name: bytes_to_base64url(part) for name, part in parts.items()}}})
