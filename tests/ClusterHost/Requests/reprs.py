"""Python's own repr, for tests.

Without arguments: first a line with the ranges of characters that this Python does not print, then for each line of JSON on standard
input one with its repr, as a JSON string.

With COUNT and SEED: so many random nested values, a line each, {"repr": …, "value": …}. JSON has no nan and inf: they are words there.
"""

import json
import math
import random
import sys


def unprintable():
    ranges = []
    for code in range(sys.maxunicode + 1):
        if not chr(code).isprintable():
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return ranges


def character(pick):
    kind = pick.randrange(10)
    if kind < 3:
        return chr(pick.randrange(0x20, 0x7f))
    if kind == 3:
        return pick.choice('\'"\\$xuU{}[],: \n\r\t')
    if kind == 4:
        return chr(pick.randrange(0x20))
    if kind < 7:
        return chr(pick.randrange(0x7f, 0x100))
    while True:
        code = pick.randrange(0x110000 if kind == 7 else 0x10000)
        if not 0xd800 <= code < 0xe000:
            return chr(code)


def text(pick):
    return ''.join(character(pick) for _ in range(pick.choice((0, 1, 2, 5, 12, 40))))


def value(pick, depth):
    kind = pick.randrange(9 if depth else 7)
    if kind < 3:
        return text(pick)
    if kind == 3:
        return pick.choice((0, 1, -1, 4096, 2 ** 63, -10 ** 40, pick.randrange(-10 ** 9, 10 ** 9)))
    if kind == 4:
        return pick.choice((2.0, 0.1, -0.0, 1e16, 1e-7, 1e300, 5e-324, math.inf, -math.inf, math.nan, pick.uniform(-1e6, 1e6)))
    if kind == 5:
        return pick.choice((True, False))
    if kind == 6:
        return None
    if kind == 7:
        return [value(pick, depth - 1) for _ in range(pick.randrange(4))]
    return {text(pick): value(pick, depth - 1) for _ in range(pick.randrange(4))}


def as_json(given):
    if isinstance(given, float) and not math.isfinite(given):
        return repr(given)
    if isinstance(given, list):
        return [as_json(item) for item in given]
    if isinstance(given, dict):
        return {key: as_json(item) for key, item in given.items()}
    return given


if len(sys.argv) == 3:
    pick = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[1])):
        made = {text(pick): value(pick, 5) for _ in range(pick.randrange(1, 6))}
        print(json.dumps({'repr': repr(made), 'value': as_json(made)}))
else:
    print(json.dumps(unprintable()))
    for line in sys.stdin:
        print(json.dumps(repr(json.loads(line))))
