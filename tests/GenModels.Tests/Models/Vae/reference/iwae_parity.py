#!/usr/bin/env python3
"""Trains the VAE of vae_parity.py on the importance-weighted bound of five samples for 200 steps, in PyTorch 1.13, as GenModels must.

usage: iwae_parity.py DIGITS.csv.gz OUTPUT.json.gz
The noise is what the library's generator draws, a batch at a time: the five draws of the first image, then those of the second.
"""
import gzip
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

from vae_parity import BATCH, LATENT, SEED, STEPS, Generator, Vae

SAMPLES = 5


def log_weights(model, x, epsilon):
    h = torch.relu(model.fc1(x))
    mean, log_variance = model.mean(h).unsqueeze(1), model.log_variance(h).unsqueeze(1)
    z = mean + torch.exp(0.5 * log_variance) * epsilon
    logits = model.fc4(torch.relu(model.fc3(z)))
    likelihood = -F.binary_cross_entropy_with_logits(logits, x.unsqueeze(1).expand_as(logits), reduction="none").sum(2)
    prior = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(2)
    proposal = torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)).log_prob(z).sum(2)
    return likelihood + prior - proposal


def main(digits, output):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    data = np.loadtxt(gzip.open(digits), delimiter=",", dtype=np.float32)
    images = torch.from_numpy(data[:1500, :64] / 16)
    model, noise, losses = Vae(), Generator(SEED, "noise"), []
    optimizer, initial = torch.optim.Adam(model.parameters(), lr=1e-3), model.state()
    for step in range(STEPS):
        x = images[torch.arange(step * BATCH, (step + 1) * BATCH) % 1500]
        epsilon = torch.from_numpy(noise.normal(BATCH * SAMPLES, LATENT)).view(BATCH, SAMPLES, LATENT)
        loss = -(torch.logsumexp(log_weights(model, x, epsilon), 1) - math.log(SAMPLES)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    content = {
        "torch": torch.__version__, "batch": BATCH, "samples": SAMPLES,
        "losses": losses, "initial": initial, "final": model.state(),
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print(losses[0], losses[-1])


if __name__ == "__main__":
    main(*sys.argv[1:])
