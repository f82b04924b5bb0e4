"""The library's random numbers in NumPy: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011), and what the library makes of its words.

Normal numbers are made by the library's polynomials in single precision, so that they are the same to the bit: after some hundred steps of
training, roundings would have grown beyond what the tests allow.
"""
import numpy as np

F = np.float32
WORD = 2**32
COUNTERS = 16  # A group of words holds the four of each of 16 counters: all first ones, then all second ones, and so on.


def derive(seed, purpose):
    """The key of a seed and a purpose: FNV-1a, mixed by the finalizer of SplitMix64."""
    value = 14695981039346656037
    for c in purpose:
        value = ((value ^ ord(c)) * 1099511628211) % 2**64
    z = (seed + value) % 2**64
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    return z ^ (z >> 31)


def _fused(a, b, c):
    """a*b + c, rounded once: the product is exact in double precision."""
    return (a.astype(np.float64) * np.float64(b) + np.float64(c)).astype(F)


def _polynomial(x, *coefficients):
    p = np.full_like(x, coefficients[0])
    for c in coefficients[1:]:
        p = _fused(p, x, c)
    return p


def _log(word):
    """log((w + 1)/2^32) of NormalTransform."""
    above = (word.astype(np.float64) + 1).astype(F)
    below = (WORD - 1.0 - word.astype(np.float64)).astype(F)
    bits = above.view(np.int32) + np.int32(0x3F800000 - 0x3F3504F3)
    n = (bits >> 23).astype(F) - F(127 + 32)
    far = ((bits & 0x007FFFFF) + np.int32(0x3F3504F3)).view(F) - F(1)
    f = np.where(n > F(-0.5), below * F(-1 / 2**32), far)
    s = f / (f + F(2))
    p = _polynomial(s * s, F(1 / 9), F(1 / 7), F(1 / 5), F(1 / 3))
    twice = s + s
    return _fused(n, F(0.693147181), _fused(p * (s * s), twice, twice))


def _sine(x):
    x2 = x * x
    return _fused(_polynomial(x2, F(1 / 362880), F(-1 / 5040), F(1 / 120), F(-1 / 6)) * x2, x, x)


def _cosine(x2):
    return _polynomial(x2, F(-1 / 3628800), F(1 / 40320), F(-1 / 720), F(1 / 24), F(-1 / 2), F(1))


class Generator:
    """A source of random numbers; each call takes one step."""

    def __init__(self, seed, purpose=""):
        self.key, self.step = derive(seed, purpose), 0

    def uniform(self, *shape):
        """Multiples of 2^-24 in [0, 1)."""
        count = int(np.prod(shape))
        return ((self._words(count) >> np.uint64(8)).astype(np.float64)[:count] / 2**24).astype(np.float32).reshape(shape)

    def normal(self, *shape):
        """Standard normal numbers: the first words of a group are paired with the second ones, the third with the fourth."""
        count = int(np.prod(shape))
        words = self._words(count).reshape(-1, 2, 2, COUNTERS)
        distance, direction = words[:, :, 0], words[:, :, 1]
        radius = np.sqrt(_log(distance) * F(-2))
        radius = np.where(direction >> np.uint64(31) == 1, -radius, radius)
        # The lower 30 bits are a signed angle within a quarter of a circle; the one above them swaps sine and cosine.
        angle = (direction % 2**30).astype(np.int64)
        x = np.where(angle >= 2**29, angle - 2**30, angle).astype(F) * F(F(np.pi) / F(2**31))
        sine, cosine = _sine(x), _cosine(x * x)
        swap = (direction >> np.uint64(30)) % 2 == 1
        pair = [radius * np.where(swap, sine, cosine), radius * np.where(swap, cosine, sine)]
        return np.stack(pair, axis=2).reshape(-1)[:count].reshape(shape)

    def _words(self, count):
        groups = -(-count // (4 * COUNTERS))
        counter = np.arange(groups * COUNTERS, dtype=np.uint64)
        low, mask = np.uint64(WORD - 1), np.uint64(32)
        c0, c1 = counter & low, counter >> mask
        c2, c3 = np.full_like(counter, self.step % WORD), np.full_like(counter, self.step // WORD)
        k0, k1 = self.key % WORD, self.key // WORD
        for _ in range(10):
            p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
            c0, c1, c2, c3 = (p1 >> mask) ^ c1 ^ np.uint64(k0), p1 & low, (p0 >> mask) ^ c3 ^ np.uint64(k1), p0 & low
            k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
        self.step += 1
        return np.stack([c.reshape(groups, COUNTERS) for c in (c0, c1, c2, c3)], axis=1).reshape(-1)


if __name__ == "__main__":
    # As RandomGeneratorTests has them: 0x3F4B2C09 0xBE0BCFA8 0x3EFA5A04 0x3F2166CC.
    print([hex(v) for v in Generator(42, "noise").normal(4).view(np.uint32)])
