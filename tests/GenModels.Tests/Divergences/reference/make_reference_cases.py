#!/usr/bin/python3
"""Writes cases.txt.gz: 1,000 pairs of discrete distributions with their entropy, cross-entropy, KL divergence, Jensen-Shannon
divergence and Jensen-Shannon distance in nats, right to far more than 50 digits, and beside each what SciPy makes of the same input.

A line is:  kind normalize | p... | q... | high low scipy  (the last group once for each of the five measures)
where high + low is the exact value to twice a double's precision. The measures are those of p/sum(p) and q/sum(q), both sums exact.
normalize is 1 where the inputs are weights, and 0 where they are probabilities that sum to 1 up to rounding.

Needs python3-mpmath, python3-numpy and python3-scipy.
"""
import gzip
import os

import mpmath
import numpy as np
from scipy import special, stats
from scipy.spatial import distance

# 50 digits of a result that may rest on 1 - 5e-324 need the digits in between as well.
mpmath.mp.dps = 750
SMALLEST = 5e-324
random = np.random.default_rng(20240229)


def length():
    return int(2 * 25 ** random.random())


def positive(n):
    return random.exponential(size=n) + 1e-3


def spread(p):
    """Puts zeros into some cases."""
    if random.random() < 0.3 and len(p) > 2:
        p[random.integers(len(p))] = 0
    return p


def ordinary():
    n = length()
    p, q = spread(positive(n)), positive(n)
    return p, (np.where(random.random(n) < 0.5, q, q * 10.0 ** random.uniform(-8, 0, n)))


def nearly_equal():
    n = length()
    p = positive(n)
    return p, np.abs(p * (1 + 10.0 ** random.uniform(-13, -2) * random.standard_normal(n)))


def nearly_disjoint():
    n = length()
    first = np.arange(n) < random.integers(1, n)
    tiny = lambda: 10.0 ** random.uniform(-300, -5, n)
    return np.where(first, positive(n), tiny()), np.where(first, tiny(), positive(n))


def denormal():
    n = length()
    p, q = positive(n), positive(n)
    if random.random() < 0.5:
        q = p.copy()
    for v in (p, q):
        few = random.random(n) < 0.5
        few[random.integers(n)] = False
        v[few] = random.integers(1, 10 ** int(random.integers(1, 16)), few.sum()) * SMALLEST
    return p, q


def measures(p, q):
    P, Q = mpmath.fsum(p), mpmath.fsum(q)
    p, q = [mpmath.mpf(x) / P for x in p], [mpmath.mpf(x) / Q for x in q]
    log = mpmath.log
    entropy = -mpmath.fsum(x * log(x) for x in p if x)
    cross = -mpmath.fsum(x * log(y) for x, y in zip(p, q) if x)
    kl = mpmath.fsum(x * log(x / y) for x, y in zip(p, q) if x)
    js = mpmath.fsum(a * log(2 * a / (x + y)) for x, y in zip(p, q) for a in (x, y) if a) / 2
    return entropy, cross, kl, js, mpmath.sqrt(js)


def scipys(p, q):
    with np.errstate(all="ignore"):
        cross = -special.xlogy(p / p.sum(), q / q.sum()).sum()
        root = distance.jensenshannon(p, q)
        return stats.entropy(p), cross, stats.entropy(p, q), root ** 2, root


def two_doubles(x):
    high = float(x)
    return f"{high!r} {float(x - mpmath.mpf(high))!r}"


def main():
    lines = []
    for kind in (ordinary, nearly_equal, nearly_disjoint, denormal):
        for i in range(250):
            p, q = kind()
            normalize = i % 2
            if normalize:
                p = p * 10.0 ** random.integers(-3, 4)
            else:
                p, q = p / p.sum(), q / q.sum()
                p[np.argmax(p)] += 1 - np.sum(p)
            if not (q > 0).all():
                q = np.maximum(q, SMALLEST)
            groups = [f"{two_doubles(exact)} {float(theirs)!r}" for exact, theirs in zip(measures(p, q), scipys(p, q))]
            numbers = lambda v: " ".join(repr(float(x)) for x in v)
            lines.append(f"{kind.__name__} {normalize} | {numbers(p)} | {numbers(q)} | {' '.join(groups)}")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.txt.gz")
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    main()
