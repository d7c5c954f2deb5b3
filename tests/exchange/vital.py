"""How does Vital Recorder write a file? As its description says, packet by packet, for the tests that read one."""

from __future__ import annotations

import gzip
import struct

HR, SPO2, SYSTOLIC, DIASTOLIC, WAVE = 2, 10, 16, 17, 8
BEGUN = 1_900_000_000  # seconds


def text(words: str) -> bytes:
    raw = words.encode()
    return struct.pack("<L", len(raw)) + raw


def packet(kind: int, data: bytes) -> bytes:
    return struct.pack("<BL", kind, len(data)) + data


def header(more: bytes = b"") -> bytes:
    return b"VITA" + struct.pack("<LHhLL", 3, 10 + len(more), -540, 7, 1) + more


def device(id: int = 1, kind: str = "IntelliVue", name: str = "") -> bytes:
    return packet(9, struct.pack("<L", id) + text(kind) + text(name or kind) + text("COM5"))


def track(
    id: int, name: str, unit: str, means: int, *, kind: int = 2, format: int = 1, gain: float = 1.0, offset: float = 0.0
) -> bytes:
    shown = struct.pack("<ffLf", 0.0, 200.0, 0xFFFFFFFF, 0.0)
    told = struct.pack("<HBB", id, kind, format) + text(name) + text(unit) + shown
    return packet(0, told + struct.pack("<ddBL", gain, offset, means, 1))


def record(id: int, value: float, at: float, format: str = "f") -> bytes:
    return packet(1, struct.pack("<HdH", 10, BEGUN + at, id) + struct.pack(f"<{format}", value))


def bed() -> bytes:
    """Its header, one monitor, and the tracks of it that are watched, with one that is not."""
    tracks = [
        track(1, "HR", "/min", HR),
        track(2, "PLETH_SAT_O2", "%", SPO2),
        track(3, "NIBP_SYS", "mmHg", SYSTOLIC),
        track(4, "NIBP_DIA", "mmHg", DIASTOLIC),
        track(5, "PLETH", "", WAVE, kind=1, format=6),
        track(6, "PLETH_PERF_REL", "", 0),
    ]
    return header() + device() + b"".join(tracks)


def pressed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
