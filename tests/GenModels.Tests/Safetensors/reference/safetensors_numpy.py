#!/usr/bin/env python3
"""Reads and writes safetensors files with nothing but numpy.

usage: safetensors_numpy.py FILE          prints what a file holds
       safetensors_numpy.py FILE GOLDEN   checks what the tests' golden file must hold (any second argument)
"""
import json
import struct
import sys

import numpy as np

TYPES = {"F64": "<f8", "I64": "<i8", "F32": "<f4", "I32": "<i4", "U8": "u1", "BOOL": "?"}


def read(path):
    """The tensors of a file, by name, and its metadata."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    header, data = json.loads(content[8 : 8 + length].decode()), content[8 + length :]
    metadata, tensors, end = header.pop("__metadata__", {}), {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, next_end = entry["data_offsets"]
        assert begin == end, f"{name} begins at {begin}, expected {end}"
        values = np.frombuffer(data[begin:next_end], TYPES[entry["dtype"]])
        assert begin % values.itemsize == 0, f"{name} is not aligned"
        tensors[name], end = values.reshape(entry["shape"]), next_end
    assert end == len(data), f"{len(data)} bytes of data, expected {end}"
    return tensors, metadata


def write(path, tensors, metadata=None):
    """Writes arrays by name, and a map from string to string."""
    header, parts, end = {"__metadata__": metadata} if metadata else {}, [], 0
    for name, values in sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0])):
        code = next(code for code, kind in TYPES.items() if np.dtype(kind) == values.dtype)
        parts.append(np.ascontiguousarray(values).tobytes())
        header[name] = {"dtype": code, "shape": list(values.shape), "data_offsets": [end, end + len(parts[-1])]}
        end += len(parts[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def check_golden(tensors, metadata):
    expected = {
        "double": np.array([[0.1, -0.0], [np.inf, 5e-324]]),
        "long": np.array([-(2**63), 2**63 - 1]),
        "float": np.arange(6, dtype="<f4").reshape(1, 2, 3) / 8,
        "int": np.array([-(2**31), 7], "<i4"),
        "bytes": np.arange(5, dtype="u1"),
        "truth": np.array([True, False, True]),
        "scalar": np.array(2.5, "<f4"),
        "empty": np.zeros((0, 3), "<f4"),
        "ünïcode \"name\"": np.array([1], "<f4"),
    }
    assert tensors.keys() == expected.keys(), tensors.keys()
    for name, values in expected.items():
        assert tensors[name].dtype == values.dtype and tensors[name].shape == values.shape, name
        assert tensors[name].tobytes() == values.tobytes(), name
    assert metadata == {"json": '{"a": "b\\\\"}', "text": "ü\n"}, metadata


if __name__ == "__main__":
    found, about = read(sys.argv[1])
    for key, value in about.items():
        print(f"{key}: {value}")
    for name, values in found.items():
        print(f"{name}: {values.dtype} {list(values.shape)}")
    if len(sys.argv) > 2:
        check_golden(found, about)
        print("as expected")
