#!/usr/bin/env python3
"""Measures of two sets of points in a feature space, by NumPy and SciPy from their definitions, as the library must reproduce them.

usage: feature_measures.py OUTPUT.json.gz
"""
import base64
import gzip
import json
import sys

import numpy as np
import scipy
from scipy import linalg, stats
from scipy.spatial.distance import cdist

N, M, D = 300, 250, 6


def text(a):
    return base64.b64encode(a.astype("<f4").tobytes()).decode()


def frechet(x, y):
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a + b - 2 * np.real(linalg.sqrtm(a @ b)))


def mmd(x, y, kernel):
    xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
    n, m = len(x), len(y)
    return (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean()


def radii(x, k):
    return np.sort(cdist(x, x), 1)[:, k]


def main(output):
    rng = np.random.default_rng(5)
    x = (rng.standard_normal((N, D)) @ rng.standard_normal((D, D))).astype(np.float32).astype(np.float64)
    # A part of the data's distribution, shifted a little, so that no measure is at its end.
    y = (x[rng.integers(0, 150, M)] + 1.5 * rng.standard_normal((M, D)) + 0.5).astype(np.float32).astype(np.float64)
    held_out = (x[:100] + rng.standard_normal((100, D))).astype(np.float32).astype(np.float64)
    distances = cdist(x, y)
    real3, fake3, real5 = radii(x, 3), radii(y, 3), radii(x, 5)
    to_x, held_to_x = cdist(y, x), cdist(held_out, x)
    u = stats.mannwhitneyu(to_x.min(1), held_to_x.min(1), use_continuity=False, method="asymptotic")
    content = {
        "scipy": scipy.__version__,
        "dimensions": D,
        "real": text(x), "generated": text(y), "heldOut": text(held_out),
        "frechet": frechet(x, y),
        "polynomial": mmd(x, y, lambda a, b: (a @ b.T / D + 1) ** 3),
        "gaussian": mmd(x, y, lambda a, b: np.exp(-cdist(a, b) ** 2 / (2 * 1.5 ** 2))),
        "multiquadric": mmd(x, y, lambda a, b: 12 / (12 + cdist(a, b) ** 2)),
        "precision": (distances <= real3[:, None]).any(0).mean(),
        "recall": (distances <= fake3[None, :]).any(1).mean(),
        "density": (distances <= real5[:, None]).sum() / (5 * M),
        "coverage": (distances <= real5[:, None]).any(1).mean(),
        "nearest": to_x.argmin(1).tolist(),
        "nearestDistances": to_x.min(1).tolist(),
        "nearerThanHeldOut": 1 - u.statistic / (M * 100),
        "mannWhitneyPValue": u.pvalue,
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print({k: v for k, v in content.items() if isinstance(v, float)})


if __name__ == "__main__":
    main(*sys.argv[1:])
