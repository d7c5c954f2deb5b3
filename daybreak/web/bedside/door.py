"""Where do devices knock, and who may?"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from daybreak.web.place import NotReady, is_loopback


@dataclass(frozen=True, slots=True)
class Door:
    """Where devices knock, who may, and with which certificate it is opened; without one it is plain."""

    host: str = "127.0.0.1"
    port: int = 2575
    peers: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None


def check(door: Door) -> list[IPv4Network | IPv6Network]:
    """The networks from which devices may come. NotReady when anybody could, or one of them cannot be read."""
    found = []
    for one in door.peers:
        try:
            found.append(ip_network(one, strict=False))
        except ValueError:
            raise NotReady(f"--mllp-from {one}: expected an address or a network, say 192.0.2.0/28") from None
    if not found and not is_loopback(door.host):
        raise NotReady(
            f"--mllp {door.host}:{door.port} can be reached by other machines: name those that are devices with --mllp-from"
        )
    if bool(door.certificate) != bool(door.key):
        raise NotReady("--mllp-cert and --mllp-key belong together: give both.")
    for file in (door.certificate, door.key):
        if file and not file.is_file():
            raise NotReady(f"There is no file {file}: expected the PEM file of the certificate or of its key.")
    return found or [ip_network("127.0.0.0/8"), ip_network("::1/128")]
