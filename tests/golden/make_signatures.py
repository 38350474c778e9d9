#!/usr/bin/env python3
"""Prints tests/golden/log_format/signatures.txt: edges of Ed25519 and what is decided about them.

Plain arithmetic of RFC 8032, slow and independent of every library that the project uses.
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    assert x * x % P == square
    return P - x if x % 2 != sign else x


def add(left, right):
    (x1, y1), (x2, y2) = left, right
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return x, y


def times(factor, point):
    total = NEUTRAL
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def encode(point):
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number(data):
    return int.from_bytes(data, "little")


NEUTRAL = (0, 1)
BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y)
ORDER_2 = (0, P - 1)
ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
ORDER_8 = (x_of(ORDER_8_Y, 0), ORDER_8_Y)
assert times(8, ORDER_8) == NEUTRAL and times(4, ORDER_8) == ORDER_2

SEED = hashlib.sha512(b"\x07" * 32).digest()
SECRET = number(SEED[:32]) & (2**254 - 8) | 2**254
KEY = times(SECRET, BASE)
NONCE = 1234567890123456789


def challenge(commitment, key, message):
    return number(hashlib.sha512(commitment + key + message).digest()) % L


def line(verdict, what, key, message, commitment, scalar):
    signature = commitment + scalar.to_bytes(32, "little")
    print(" | ".join([verdict, what, key.hex(), message.hex(), signature.hex()]))


def closing(commitment, key, message, nonce):
    """S that fits `commitment` = nonce · B and a key whose secret is SECRET."""
    return (nonce + challenge(commitment, key, message) * SECRET) % L


def main():
    key, message = encode(KEY), b"khuyenhoc"
    honest = encode(times(NONCE, BASE))
    fitting = closing(honest, key, message, NONCE)
    print("# Which signatures count, see log_format.md 4.  Printed by make_signatures.py.")
    print("# verdict | what it is | key | message | signature")
    line("taken", "an honest signature", key, message, honest, fitting)
    line("refused", "S + L in place of S", key, message, honest, fitting + L)
    line("refused", "S of 2^256 - 1", key, message, honest, 2**256 - 1)
    line("refused", "64 zero bytes", key, message, bytes(32), 0)

    for what, commitment in [
        ("R the neutral point; S fits it", encode(NEUTRAL)),
        ("R the neutral point with the sign of x set; S fits it",
         (1 | 1 << 255).to_bytes(32, "little")),
        ("R the neutral point as p + 1; S fits it", (P + 1).to_bytes(32, "little")),
        ("R of order 2; S fits it times the cofactor", encode(ORDER_2)),
        ("R of order 8; S fits it times the cofactor", encode(ORDER_8)),
    ]:
        line("refused", what, key, message, commitment, closing(commitment, key, message, 0))

    mixed = encode(add(times(NONCE, BASE), ORDER_8))
    line("refused", "R with a part of order 8; S fits it times the cofactor", key, message, mixed,
         closing(mixed, key, message, NONCE))

    mixed_key = encode(add(KEY, ORDER_8))
    texts = [b"khuyenhoc %d" % count for count in range(100)]
    even = next(t for t in texts if challenge(honest, mixed_key, t) % 8 == 0)
    odd = next(t for t in texts if challenge(honest, mixed_key, t) % 8 == 1)
    line("taken", "a key with a part of order 8 that the challenge cancels", mixed_key, even,
         honest, closing(honest, mixed_key, even, NONCE))
    line("refused", "the same key; S fits it times the cofactor only", mixed_key, odd, honest,
         closing(honest, mixed_key, odd, NONCE))

    for what, small in [
        ("the key the neutral point; R is S times the base", encode(NEUTRAL)),
        ("the key as p + 1; R is S times the base", (P + 1).to_bytes(32, "little")),
        ("the key the neutral point with the sign of x set; R is S times the base",
         (1 | 1 << 255).to_bytes(32, "little")),
    ]:
        line("refused", what, small, message, honest, NONCE)
    line("refused", "key and R the neutral point, S zero", encode(NEUTRAL), message,
         encode(NEUTRAL), 0)
    small_key = encode(ORDER_2)
    even = next(t for t in texts if challenge(honest, small_key, t) % 2 == 0)
    line("refused", "the key of order 2 that the challenge cancels", small_key, even, honest, NONCE)


main()
