# SPDX-License-Identifier: Apache-2.0
"""PyNaCl, for tests that are the other side of a signature."""
import sys

try:
    from nacl.signing import SigningKey, VerifyKey  # noqa: F401
except ImportError:
    print("skipped: python3-nacl is missing")
    sys.exit(77)
