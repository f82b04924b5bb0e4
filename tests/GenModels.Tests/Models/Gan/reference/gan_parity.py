#!/usr/bin/env python3
"""Trains a GAN of two small perceptrons in PyTorch 1.13 for 200 steps and writes what GenModels must reproduce.

usage: gan_parity.py OUTPUT.json.gz
Weights, batches and noise are the same on both sides: the initial weights stand in the output, batches are uniform
numbers of one of the library's generators (philox.py), and noise the normal ones of another, for the discriminator's and the generator's
step in turn.
"""
import base64
import gzip
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "reference"))
from philox import Generator

STEPS, BATCH, NOISE, SIZE = 200, 32, 4, 9
DATA_SEED, SEED = 11, 7


def state(**networks):
    return {
        f"{name}.{i // 2}.{'bias' if i % 2 else 'weight'}": base64.b64encode(p.detach().numpy().astype("<f4").tobytes()).decode()
        for name, network in networks.items() for i, p in enumerate(network.parameters())
    }


def main(output):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    nn = torch.nn
    g = nn.Sequential(nn.Linear(NOISE, 24), nn.ReLU(), nn.Linear(24, 20), nn.ReLU(), nn.Linear(20, SIZE), nn.Sigmoid())
    d = nn.Sequential(nn.Linear(SIZE, 24), nn.LeakyReLU(0.2), nn.Linear(24, 20), nn.LeakyReLU(0.2), nn.Linear(20, 1))
    g_optimizer = torch.optim.Adam(g.parameters(), lr=1e-3, betas=(0.5, 0.999))
    d_optimizer = torch.optim.Adam(d.parameters(), lr=5e-4, betas=(0.5, 0.999))
    data, noise = Generator(DATA_SEED), Generator(SEED, "noise")
    initial, losses = state(generator=g, discriminator=d), []
    for _ in range(STEPS):
        # Products of uniform numbers: a distribution with a shape to learn.
        x = torch.from_numpy(data.uniform(BATCH, SIZE) * data.uniform(BATCH, 1))
        generated = g(torch.from_numpy(noise.normal(BATCH, NOISE))).detach()
        d_loss = F.softplus(-d(x)).mean() + F.softplus(d(generated)).mean()
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        g_loss = F.softplus(-d(g(torch.from_numpy(noise.normal(BATCH, NOISE))))).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        losses.append([d_loss.item(), g_loss.item()])
    content = {
        "torch": torch.__version__, "dataSeed": DATA_SEED, "batch": BATCH, "losses": losses, "initial": initial,
        "final": state(generator=g, discriminator=d),
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print(losses[0], losses[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
