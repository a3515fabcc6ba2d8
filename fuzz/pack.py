#!/usr/bin/env python3
"""Packs corpora of cargo-fuzz for the ordinary tests: `fuzz/pack.py FOLDER OUT.gz [BYTES]`.

The smallest inputs first, up to so many bytes (150 000), each behind its length (4 bytes, least first), gzipped.
"""
import gzip
import sys
from pathlib import Path

folder, out, most = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 150_000
inputs = sorted((path.read_bytes() for path in folder.iterdir()), key=lambda b: (len(b), b))
packed = bytearray()
for bytes_ in inputs:
    if len(packed) + len(bytes_) > most:
        break
    packed += len(bytes_).to_bytes(4, "little") + bytes_
Path(out).write_bytes(gzip.compress(bytes(packed), 9, mtime=0))
