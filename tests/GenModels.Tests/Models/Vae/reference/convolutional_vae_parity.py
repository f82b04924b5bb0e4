#!/usr/bin/env python3
"""Trains a convolutional VAE on digits in PyTorch for 200 steps and writes what GenModels must reproduce.

usage: convolutional_vae_parity.py DIGITS.csv.gz OUTPUT.json.gz
Weights, batches and noise are the same on both sides, as in vae_parity.py. It runs in double precision, which the test takes for
the truth, and in single precision, which tells how far rounding leads away from it.
"""
import gzip
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "reference"))
from convolutional import Decoder, Encoder, identity, state, write
from philox import Generator

STEPS, BATCH, LATENT, SEED = 200, 50, 6, 7


def train(images, dtype):
    """The losses of a run in some precision, and where the weights start and end."""
    torch.manual_seed(1)
    encoder = Encoder(8, [6, 8], [20], 2 * LATENT, torch.relu).to(dtype)
    decoder = Decoder(LATENT, [20], [6, 8], 8, torch.relu, identity).to(dtype)
    optimizer, initial = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3), state(encoder=encoder, decoder=decoder)
    noise, losses = Generator(SEED, "noise"), []
    for step in range(STEPS):
        x = images[torch.arange(step * BATCH, (step + 1) * BATCH) % 1500].to(dtype)
        mean, log_variance = encoder(x).chunk(2, 1)
        logits = decoder(mean + torch.exp(0.5 * log_variance) * torch.from_numpy(noise.normal(BATCH, LATENT)).to(dtype))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / BATCH
        kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp()) / BATCH
        optimizer.zero_grad()
        (reconstruction + kl).backward()
        optimizer.step()
        losses.append([reconstruction.item() + kl.item(), reconstruction.item(), kl.item()])
    return losses, initial, state(encoder=encoder, decoder=decoder)


def main(digits, output):
    torch.set_num_threads(1)
    data = np.loadtxt(gzip.open(digits), delimiter=",", dtype=np.float32)
    images = torch.from_numpy(data[:1500, :64] / 16)
    (single, initial, _), (double, _, final) = train(images, torch.float32), train(images, torch.float64)
    write(output, BATCH, single, double, initial, final)


if __name__ == "__main__":
    main(*sys.argv[1:])
