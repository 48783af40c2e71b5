"""The model's types as MessagePack, inside the rows of stages."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import numpy as np

T = TypeVar("T")


def _encode_array(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return value.tobytes()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"no stage row holds {type(value).__name__}")


def _decode_array(kind: Any, value: Any) -> Any:
    if isinstance(value, bytes):
        return np.frombuffer(value, dtype=np.float32)
    raise NotImplementedError(f"no stage row holds {kind}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encode_array)


def encode(payload: object) -> bytes:
    """A frozen dataclass of the model as MessagePack."""
    return _ENCODER.encode(payload)


def decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    """What turns such bytes into the dataclass again."""
    return msgspec.msgpack.Decoder(kind, dec_hook=_decode_array)
