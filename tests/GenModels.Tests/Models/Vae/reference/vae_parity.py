#!/usr/bin/env python3
"""Trains a 64-32-8 VAE on digits in PyTorch 1.13 for 200 steps and writes what GenModels must reproduce.

usage: vae_parity.py DIGITS.csv.gz OUTPUT.json.gz
Weights, batches and noise are the same on both sides: the weights stand in the output, the batches are the
examples in order, the noise is what the library's generator draws (philox.py), a batch at a time.
"""
import base64
import gzip
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[2] / "reference"))
from philox import Generator

STEPS, BATCH, LATENT = 200, 50, 8
SEED = 7


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.mean, self.log_variance = torch.nn.Linear(64, 32), torch.nn.Linear(32, LATENT), torch.nn.Linear(32, LATENT)
        self.fc3, self.fc4 = torch.nn.Linear(LATENT, 32), torch.nn.Linear(32, 64)

    def forward(self, x, epsilon):
        h = torch.relu(self.fc1(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * epsilon
        return self.fc4(torch.relu(self.fc3(z))), mean, log_variance

    def state(self):
        heads = [torch.cat([getattr(self.mean, n), getattr(self.log_variance, n)]) for n in ("weight", "bias")]
        tensors = {
            "encoder.0.weight": self.fc1.weight, "encoder.0.bias": self.fc1.bias,
            "encoder.1.weight": heads[0], "encoder.1.bias": heads[1],
            "decoder.0.weight": self.fc3.weight, "decoder.0.bias": self.fc3.bias,
            "decoder.1.weight": self.fc4.weight, "decoder.1.bias": self.fc4.bias,
        }
        return {name: base64.b64encode(t.detach().numpy().astype("<f4").tobytes()).decode() for name, t in tensors.items()}


def main(digits, output):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    data = np.loadtxt(gzip.open(digits), delimiter=",", dtype=np.float32)
    images = torch.from_numpy(data[:1500, :64] / 16)
    model, noise, losses = Vae(), Generator(SEED, "noise"), []
    optimizer, initial = torch.optim.Adam(model.parameters(), lr=1e-3), model.state()
    for step in range(STEPS):
        x = images[torch.arange(step * BATCH, (step + 1) * BATCH) % 1500]
        logits, mean, log_variance = model(x, torch.from_numpy(noise.normal(BATCH, LATENT)))
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / BATCH
        kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp()) / BATCH
        optimizer.zero_grad()
        (reconstruction + kl).backward()
        optimizer.step()
        losses.append([reconstruction.item() + kl.item(), reconstruction.item(), kl.item()])
    content = {"torch": torch.__version__, "batch": BATCH, "losses": losses, "initial": initial, "final": model.state()}
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print(f"first loss {losses[0][0]:.4f}, last loss {losses[-1][0]:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
