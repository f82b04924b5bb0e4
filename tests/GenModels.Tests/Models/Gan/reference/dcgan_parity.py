#!/usr/bin/env python3
"""Trains a DCGAN on digits in PyTorch for 200 steps and writes what GenModels must reproduce.

usage: dcgan_parity.py DIGITS.csv.gz OUTPUT.json.gz
Weights, batches and noise are the same on both sides, as in gan_parity.py. It runs in double precision, which the test takes for
the truth, and in single precision, which tells how far rounding leads away from it.
"""
import contextlib
import gzip
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "reference"))
from convolutional import Decoder, Encoder, state, write
from philox import Generator

STEPS, BATCH, NOISE, SEED = 200, 50, 4, 7


def leaky(x):
    return F.leaky_relu(x, 0.2)


def train(images, dtype):
    """The losses of a run in some precision, and where the weights start and end."""
    torch.manual_seed(1)
    g = Decoder(NOISE, [], [6, 8], 8, torch.relu, torch.sigmoid, norm=True).to(dtype)
    d = Encoder(8, [6, 8], [], 1, leaky, norm=True).to(dtype)
    g_optimizer = torch.optim.Adam(g.parameters(), lr=2e-4, betas=(0.5, 0.999))
    d_optimizer = torch.optim.Adam(d.parameters(), lr=2e-4, betas=(0.5, 0.999))
    initial, noise, losses = state(generator=g, discriminator=d), Generator(SEED, "noise"), []

    def sample():
        return g(torch.from_numpy(noise.normal(BATCH, NOISE)).to(dtype))

    for step in range(STEPS):
        x = images[torch.arange(step * BATCH, (step + 1) * BATCH) % 1500].to(dtype)
        # A network's running figures follow the passes of its own step alone.
        with kept(g):
            generated = sample().detach()
        d_loss = F.softplus(-d(x)).mean() + F.softplus(d(generated)).mean()
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        with kept(d):
            g_loss = F.softplus(-d(sample())).mean()
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
        losses.append([d_loss.item(), g_loss.item()])
    return losses, initial, state(generator=g, discriminator=d)


@contextlib.contextmanager
def kept(network):
    """Leaves a network's running figures as they were."""
    before = [buffer.clone() for buffer in network.buffers()]
    yield
    for buffer, value in zip(network.buffers(), before):
        buffer.copy_(value)


def main(digits, output):
    torch.set_num_threads(1)
    data = np.loadtxt(gzip.open(digits), delimiter=",", dtype=np.float32)
    images = torch.from_numpy(data[:1500, :64] / 16)
    (single, initial, _), (double, _, final) = train(images, torch.float32), train(images, torch.float64)
    write(output, BATCH, single, double, initial, final)


if __name__ == "__main__":
    main(*sys.argv[1:])
