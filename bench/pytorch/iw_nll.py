#!/usr/bin/env python3
"""log p(x) of random images under a 784-400-20 VAE in PyTorch, from 5,000 importance samples each.

The twin of `dotnet run -c Release --project bench/GenModels.Benchmarks -- nll`.
usage: iw_nll.py [IMAGES [CHUNK]]
"""
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F

SAMPLES, LATENT = 5_000, 20


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.heads = torch.nn.Linear(784, 400), torch.nn.Linear(400, 2 * LATENT)
        self.fc3, self.fc4 = torch.nn.Linear(LATENT, 400), torch.nn.Linear(400, 784)


@torch.inference_mode()
def log_likelihood(model, x, chunk):
    """One image at a time, a chunk of its draws at a time, the logarithms of the weights kept until the end."""
    mean, log_variance = model.heads(torch.relu(model.fc1(x))).chunk(2)
    deviation = torch.exp(0.5 * log_variance)
    weights = []
    for start in range(0, SAMPLES, chunk):
        epsilon = torch.randn(min(chunk, SAMPLES - start), LATENT)
        z = torch.addcmul(mean, deviation, epsilon)
        logits = model.fc4(F.relu_(model.fc3(z)))
        # x·l − softplus(l), of which the product with x is a matrix product.
        likelihood = logits.mv(x) - F.softplus(logits).sum(1)
        ratio = 0.5 * (epsilon.square() - z.square() + log_variance).sum(1)
        weights.append(likelihood + ratio)
    return (torch.logsumexp(torch.cat(weights).double(), 0) - math.log(SAMPLES)).item()


def main(images="1000", chunk="1000"):
    torch.manual_seed(0)
    model, examples = Vae(), torch.rand(int(images), 784)
    log_likelihood(model, examples[0], int(chunk))
    start = time.perf_counter()
    values = [log_likelihood(model, x, int(chunk)) for x in examples]
    milliseconds = (time.perf_counter() - start) * 1e3
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{images} images, {SAMPLES} draws each, chunks of {chunk}, {torch.get_num_threads()} threads: {milliseconds:.0f} ms, peak memory {memory:.0f} MB, log p {sum(values) / len(values):.6g}")


if __name__ == "__main__":
    main(*sys.argv[1:])
