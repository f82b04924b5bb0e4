#!/usr/bin/env python3
"""Trains a GAN of two small perceptrons in PyTorch 1.13 for 200 steps and writes what GenModels must reproduce.

usage: gan_parity.py OUTPUT.json.gz
Weights, batches and noise are the same on both sides: the initial weights stand in the output, batches are what rand draws from one
generator, and noise what randn draws from another, for the discriminator's and the generator's step in turn.
"""
import base64
import gzip
import json
import sys

import torch
import torch.nn.functional as F

STEPS, BATCH, NOISE, SIZE = 200, 32, 4, 9
DATA_SEED = 11
NOISE_SEED = 4333217657169335370  # the stream "noise" of seed 7 in GenModels


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
    data, noise = torch.Generator().manual_seed(DATA_SEED), torch.Generator().manual_seed(NOISE_SEED)
    initial, losses = state(generator=g, discriminator=d), []
    for _ in range(STEPS):
        # Products of uniform numbers: a distribution with a shape to learn.
        x = torch.rand(BATCH, SIZE, generator=data) * torch.rand(BATCH, 1, generator=data)
        generated = g(torch.randn(BATCH, NOISE, generator=noise)).detach()
        d_loss = F.softplus(-d(x)).mean() + F.softplus(d(generated)).mean()
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        g_loss = F.softplus(-d(g(torch.randn(BATCH, NOISE, generator=noise)))).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        losses.append([d_loss.item(), g_loss.item()])
    content = {
        "torch": torch.__version__, "noiseSeed": NOISE_SEED, "dataSeed": DATA_SEED, "batch": BATCH, "losses": losses, "initial": initial,
        "final": state(generator=g, discriminator=d),
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print(losses[0], losses[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
