"""The library's random numbers in NumPy: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011), and what the library makes of its words.

Normal numbers are the transform of Box and Muller in double precision, so they equal the library's to the rounding of single precision.
"""
import numpy as np

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
        radius = np.sqrt(-2 * np.log((distance.astype(np.float64) + 1) / WORD))
        radius = np.where(direction >> np.uint64(31) == 1, -radius, radius)
        # The lower 30 bits are a signed angle within a quarter of a circle; the one above them swaps sine and cosine.
        angle = (direction % 2**30).astype(np.float64)
        angle = np.where(angle >= 2**29, angle - 2**30, angle) * np.pi / 2**31
        swap = (direction >> np.uint64(30)) % 2 == 1
        first, second = np.where(swap, np.sin(angle), np.cos(angle)), np.where(swap, np.cos(angle), np.sin(angle))
        return np.stack([radius * first, radius * second], axis=2).reshape(-1)[:count].astype(np.float32).reshape(shape)

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
