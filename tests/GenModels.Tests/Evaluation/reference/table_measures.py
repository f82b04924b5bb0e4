#!/usr/bin/env python3
"""Measures of a generated table beside a real one, by SciPy and NumPy, as the library must reproduce them.

usage: table_measures.py OUTPUT.json.gz
"""
import gzip
import io
import json
import sys

import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

BINS = 20


def csv(rows):
    text = io.StringIO()
    np.savetxt(text, rows, delimiter=",", fmt="%.17g", header="a,b,c,d", comments="")
    return text.getvalue()


def divergence(x, y):
    ends = np.unique(np.sort(x)[np.arange(1, BINS) * len(x) // BINS])
    edges = np.concatenate([[-np.inf], ends, [np.inf]])
    return jensenshannon(np.histogram(x, edges)[0], np.histogram(y, edges)[0]) ** 2


def ks(x, y):
    d = stats.ks_2samp(x, y).statistic
    return [d, special.kolmogorov(d * np.sqrt(len(x) * len(y) / (len(x) + len(y))))]


def main(output):
    rng = np.random.default_rng(8)
    x = rng.standard_normal((700, 4)) @ rng.standard_normal((4, 4))
    y = 1.1 * rng.standard_normal((450, 4)) @ rng.standard_normal((4, 4)) + 0.1
    # A column of few whole numbers, with ties within and between the tables.
    x[:, 3], y[:, 3] = rng.poisson(2, 700), rng.poisson(2.3, 450)
    difference = np.abs(np.corrcoef(x.T) - np.corrcoef(y.T))[np.tril_indices(4, -1)]
    content = {
        "scipy": scipy.__version__,
        "real": csv(x), "generated": csv(y),
        "kolmogorovSmirnov": [ks(x[:, i], y[:, i]) for i in range(4)],
        "jensenShannon": [divergence(x[:, i], y[:, i]) for i in range(4)],
        "meanCorrelationDifference": difference.mean(), "largestCorrelationDifference": difference.max(),
        "survival": [[l, special.kolmogorov(l)] for l in (0.01, 0.1, 0.3, 0.6, 1.0, 1.17, 1.19, 1.5, 2.5, 6.0)],
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print({k: v for k, v in content.items() if k not in ("real", "generated")})


if __name__ == "__main__":
    main(*sys.argv[1:])
