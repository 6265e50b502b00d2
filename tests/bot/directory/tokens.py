"""An issuer on loopback: it publishes keys, signs tokens, and fails as a test says."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.fakes import Json

AUDIENCE = "api://pic-directory"
RSA = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
WEAK = rsa.generate_private_key(public_exponent=65537, key_size=1024)
EC = ec.generate_private_key(ec.SECP256R1())
"""Made once: a good key takes a moment."""


def jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, kid: str, **more: str) -> Json:
    """The public half of a key, as it is published."""
    if isinstance(key, rsa.RSAPrivateKey):
        made = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        made = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {key: value for key, value in made.items() if key != "key_ops"} | {"kid": kid, **more}


@dataclass
class Signer:
    """What the issuer publishes, and how often it was asked."""

    keys: object = field(default_factory=lambda: {"keys": [jwk(RSA[0], "first")]})
    discovery: Json = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def started(self) -> TestServer:
        """Listens; whoever started it ends it."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        server = TestServer(app)
        await server.start_server(access_log=None)
        self.url = str(server.make_url("")).rstrip("/")
        return server

    async def _discovery(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        found = {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.discovery}
        return web.json_response(found, status=self.status)

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body = self.keys if isinstance(self.keys, str) else json.dumps(self.keys)
        return web.Response(text=body, content_type="application/json")

    def token(
        self, key: Any = RSA[0], kid: str | None = "first", alg: str = "RS256", **claims: Any
    ) -> str:
        """A good token but for what is said; None leaves a claim out, times are from now."""
        whole = {"iss": self.url, "aud": AUDIENCE, "sub": "bot", "exp": 300, **claims}
        for name in {"exp", "nbf", "iat"} & set(whole):
            whole[name] = whole[name] and int(time.time()) + whole[name]
        given = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(given, key, algorithm=alg, headers={"kid": kid} if kid else None)
