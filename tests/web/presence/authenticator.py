"""What does a device that holds a passkey answer? Enough of one for tests; each part of an answer can be made wrong."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN = "https://clinic.example.org"
PRESENT, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


class Authenticator:
    """One device with one key, which counts its answers."""

    def __init__(self, *, counter: int = 0, counts: bool = True) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.counter, self.counts = counter, counts
        self.user = b""

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to `navigator.credentials.create`."""
        public = options["publicKey"]
        self.user = websafe_decode(public["user"]["id"])
        credential = AttestedCredentialData.create(
            bytes(16), self.id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(public["rp"]["id"], flags | AuthenticatorData.FLAG.AT, credential)
        client = CollectedClientData.create("webauthn.create", public["challenge"], origin)
        made = AttestationObject.create("none", data, {})
        return self._answer(clientDataJSON=client, attestationObject=made)

    def sign(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        flags: int = PRESENT | VERIFIED,
        type: str = "webauthn.get",
        rp: str = "",
        challenge: str = "",
        user: bytes | None = None,
    ) -> str:
        """The answer to `navigator.credentials.get`."""
        public = options["publicKey"]
        data = self._data(rp or public["rpId"], flags)
        client = CollectedClientData.create(type, challenge or public["challenge"], origin)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        handle = self.user if user is None else user
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=handle)

    def _data(self, rp: str, flags: int, credential: bytes = b"") -> AuthenticatorData:
        self.counter += self.counts
        return AuthenticatorData.create(hashlib.sha256(rp.encode()).digest(), flags, self.counter, credential)

    def _answer(self, **response: bytes) -> str:
        told = {name: websafe_encode(value) for name, value in response.items()}
        id = websafe_encode(self.id)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": told, "clientExtensionResults": {}})
