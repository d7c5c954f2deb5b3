"""Which numbers stand in a recording of Vital Recorder, as far as it is written? (a .vital file: packets, pressed by gzip)

Read piece by piece, as the file grows. Waveforms, texts and packets of another kind are passed over.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

GZIP = 31  # the kind of header that zlib expects
SIGN, HEADER = b"VITA", struct.Struct("<4sLH")
PACKET = struct.Struct("<BL")
TRACK, RECORD, DEVICE = 0, 1, 9  # kinds of packets
NUMBERS = 2  # the kind of track that has one value in each record
LONGEST = 1 << 24  # bytes of a packet
PIECE = 1 << 16  # bytes that are unpressed at once
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST = 1 << 33  # seconds; later than this is no time
# By the number of the format: how a value is written, and which one says that there is none.
FORMATS: dict[int, tuple[struct.Struct, float]] = {
    1: (struct.Struct("<f"), math.nan),
    2: (struct.Struct("<d"), math.nan),
    3: (struct.Struct("<b"), -(1 << 7)),
    4: (struct.Struct("<B"), (1 << 8) - 1),
    5: (struct.Struct("<h"), -(1 << 15)),
    6: (struct.Struct("<H"), (1 << 16) - 1),
    7: (struct.Struct("<l"), -(1 << 31)),
    8: (struct.Struct("<L"), (1 << 32) - 1),
}


class NoRecording(Exception):
    """It is no file of Vital Recorder, or broken from some place on. It says where, and nothing of what stands there."""

    def __init__(self, at: int) -> None:
        super().__init__(f"after {at} bytes, unpressed")
        self.at = at


@dataclass(frozen=True, slots=True)
class Track:
    """What is recorded of one device: its name, the recorder's number of what it means (0: not said), its unit."""

    device: str
    name: str
    means: int
    unit: str
    format: int
    gain: float
    offset: float


@dataclass(frozen=True, slots=True)
class Number:
    """One value of a track, and when it was taken. None: the recorder wrote that there was none, or it cannot be worked out."""

    track: Track
    value: Decimal | None
    taken: datetime


class Recording:
    """One file, from its beginning; what was read last may end in the middle of a packet."""

    def __init__(self) -> None:
        self._gzip = zlib.decompressobj(GZIP)
        self._waiting = b""
        self._read = 0
        self._begun = False
        self._devices: dict[int, str] = {}
        self.tracks: dict[int, Track] = {}

    def read(self, more: bytes) -> Iterator[Number]:
        """The numbers in these further bytes, in their order. Raises NoRecording."""
        while more:
            piece, more = more[:PIECE], more[PIECE:]
            try:
                found = self._gzip.decompress(piece)
            except zlib.error as broken:
                raise NoRecording(self._read) from broken
            if self._gzip.eof:  # another part of the file is pressed by itself
                more = self._gzip.unused_data + more
                self._gzip = zlib.decompressobj(GZIP)
            yield from self._packets(self._waiting + found)

    def _packets(self, data: bytes) -> Iterator[Number]:
        place = 0
        if not self._begun:
            if len(data) >= len(SIGN) and not data.startswith(SIGN):
                raise NoRecording(0)
            if len(data) < HEADER.size or len(data) < (place := HEADER.size + HEADER.unpack_from(data)[2]):
                self._waiting = data
                return
            self._begun = True
        while len(data) - place >= PACKET.size:
            kind, length = PACKET.unpack_from(data, place)
            if length > LONGEST:
                raise NoRecording(self._read + place)
            if len(data) - place - PACKET.size < length:
                break
            place += PACKET.size
            yield from self._packet(kind, data[place : place + length], self._read + place)
            place += length
        self._waiting = data[place:]
        self._read += place

    def _packet(self, kind: int, data: bytes, at: int) -> Iterator[Number]:
        try:
            if kind == DEVICE:
                self._device(data)
            elif kind == TRACK:
                self._track(data)
            elif kind == RECORD and (found := self._record(data)) is not None:
                yield found
        except (struct.error, UnicodeDecodeError) as broken:
            raise NoRecording(at) from broken

    def _device(self, data: bytes) -> None:
        (id,) = struct.unpack_from("<L", data)
        kind, place = _text(data, 4)
        name, _ = _text(data, place) if len(data) > place else ("", place)
        self._devices[id] = name or kind

    def _track(self, data: bytes) -> None:
        id, kind, format = struct.unpack_from("<HBB", data)
        name, place = _text(data, 4)
        unit, gain, offset, means, device = "", 1.0, 0.0, 0, 0
        if len(data) > place:
            unit, place = _text(data, place)
        if len(data) > place:
            gain, offset, means, device = struct.unpack_from("<16xddBL", data, place)
        if kind == NUMBERS and format in FORMATS:
            self.tracks[id] = Track(self._devices.get(device, ""), name, means, unit.strip(), format, gain, offset)

    def _record(self, data: bytes) -> Number | None:
        length, seconds, id = struct.unpack_from("<HdH", data)
        track = self.tracks.get(id)
        if track is None or not 0 <= seconds <= LAST:
            return None
        packed, none = FORMATS[track.format]
        (saved,) = packed.unpack_from(data, 2 + length)
        value = track.offset + saved * track.gain
        lacks = saved == none or track.gain == 0 or not math.isfinite(value)
        return Number(track, None if lacks else Decimal(f"{value:.7g}"), EPOCH + timedelta(seconds=seconds))


def _text(data: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<L", data, place)
    if length > len(data) - place - 4:
        raise struct.error
    return data[place + 4 : place + 4 + length].decode(), place + 4 + length
