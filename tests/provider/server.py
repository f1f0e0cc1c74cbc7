"""An OpenID provider over real HTTP, with keys of its own: `python -m tests.provider.server PORT-FILE`.

It keeps the rules (PKCE with S256, codes good once, client authentication), and breaks each when a test asks it to:
`POST /control` sets the person who signs in and the faults of the next answers.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "consult", "a secret between the two of us"


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


class Provider:
    """What the provider knows, and how it is to misbehave."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys = [new_key("first")]
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, Any] = {"sub": "somebody"}
        self.faults: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []

    def metadata(self, _query: dict[str, str], _environ: Any) -> tuple[int, Any]:
        return 200, {
            "issuer": self.faults.get("issuer", self.issuer), "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys", "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"], "response_types_supported": ["code"],
            "subject_types_supported": ["public"]}

    def public_keys(self, _query: dict[str, str], _environ: Any) -> tuple[int, Any]:
        return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}

    def authorize(self, query: dict[str, str], _environ: Any) -> tuple[int, Any]:
        self.asked.append(query)
        if self.faults.get("deny"):
            return 302, f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return 302, f"{query['redirect_uri']}?{urlencode({'error': 'invalid_request', 'state': query['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], environ: Any) -> tuple[int, Any]:
        if environ.get("HTTP_AUTHORIZATION") != "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode():
            return 401, {"error": "invalid_client"}
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if begun is None or begun["code_challenge"] != challenge.decode().rstrip("=") or (
                begun["redirect_uri"] != form.get("redirect_uri")):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": begun["nonce"],
                  "acr": begun.get("acr_values", ""), **self._split()[0], **self.faults.get("wrong", {})}
        claims |= {name: now + by for name, by in self.faults.get("shifted", {}).items()}
        claims = {name: value for name, value in claims.items() if value is not None}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = {"sub": claims["sub"], **self._split()[1]}
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": 300,
                     "id_token": self._signed(claims)}

    def _split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Claims of the ID token, and those told at the userinfo endpoint only."""
        told = {name: self.claims[name] for name in self.faults.get("in_userinfo", ()) if name in self.claims}
        return {name: value for name, value in self.claims.items() if name not in told}, told

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.faults.get("unsigned"):
            parts = [{"alg": "none", "typ": "JWT"}, claims]
            encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
            return ".".join([*encoded, ""])
        key = self.keys[-1]
        if self.faults.get("foreign_key"):
            key = new_key(key.kid or "first")
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def userinfo(self, _query: dict[str, str], environ: Any) -> tuple[int, Any]:
        told = self.tokens.get(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
        if told is None:
            return 401, {"error": "invalid_token"}
        return 200, {**told, **self.faults.get("userinfo", {})}

    def control(self, form: dict[str, str], _environ: Any) -> tuple[int, Any]:
        """Who signs in next and what goes wrong, from a test."""
        wanted = json.loads(form["wanted"])
        self.claims, self.faults = wanted.get("claims", self.claims), wanted.get("faults", {})
        if wanted.get("rotate"):
            self.keys = [*self.keys[-1:], new_key(secrets.token_hex(4))] if wanted["rotate"] == "keep" else [
                new_key(secrets.token_hex(4))]
        return 200, {"asked": self.asked, "issuer": self.issuer}


def application(provider: Provider) -> Callable[..., Iterable[bytes]]:
    routes = {"/.well-known/openid-configuration": provider.metadata, "/keys": provider.public_keys,
              "/authorize": provider.authorize, "/token": provider.token, "/userinfo": provider.userinfo,
              "/control": provider.control}

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        act = routes.get(environ["PATH_INFO"])
        sent = environ["QUERY_STRING"]
        if environ["REQUEST_METHOD"] == "POST":
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        values = {name: some[0] for name, some in parse_qs(sent).items()}
        status, told = act(values, environ) if act else (404, {})
        if status == 302:
            start_response("302 Found", [("Location", told), ("Content-Length", "0")])
            return [b""]
        body = json.dumps(told).encode()
        start_response(f"{status} -", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing: the tests read the answers."""


def main(port_file: Path) -> None:
    server = make_server("127.0.0.1", 0, None, Server, Silent)  # type: ignore[arg-type]
    issuer = f"http://127.0.0.1:{server.server_port}"
    server.set_app(application(Provider(issuer)))  # type: ignore[arg-type]
    aside = port_file.with_suffix(".new")
    aside.write_text(issuer)
    aside.rename(port_file)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
