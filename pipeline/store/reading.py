"""The bytes of inputs, as long as they are what the scan saw."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from io import FileIO

from pipeline.model import Code, Rejection
from pipeline.store.inputs import Input, reject, state_of, unreadable

_HEAD = 512


def head(entry: Input) -> bytes:
    """How the content of an input begins; nothing where it cannot be read, as ``read`` will say."""
    try:
        with FileIO(entry.file) as source:
            return source.read(_HEAD)
    except OSError:
        return b""


def read(entry: Input) -> bytes | Rejection:
    """The content of an input, or why it is no longer what the scan saw: hashed again where its state cannot tell."""
    try:
        with FileIO(entry.file) as source:
            before = state_of(os.fstat(source.fileno()))
            data = source.readall()
            is_same = before == entry.state == state_of(os.fstat(source.fileno()))
    except OSError as error:
        return replace(unreadable(entry.path, error), stage="read")
    if not is_same and sha256(data).hexdigest() != entry.sha256:
        changed = reject(entry.path, Code.CHANGED_WHILE_READ, "changed since the run began; the next run takes it up")
        return replace(changed, stage="read")
    return data
