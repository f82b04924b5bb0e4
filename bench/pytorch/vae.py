#!/usr/bin/env python3
"""The Vae sample's run in PyTorch's own loop: 784-400-20, Adam 1e-3, batch 128; prints the test figures as JSON.

usage: vae.py FOLDER [EPOCHS [SEED]]   (FOLDER holds the four IDX files, plain or gzipped)
"""
import gzip
import json
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.mean, self.log_variance = torch.nn.Linear(784, 400), torch.nn.Linear(400, 20), torch.nn.Linear(400, 20)
        self.fc3, self.fc4 = torch.nn.Linear(20, 400), torch.nn.Linear(400, 784)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return self.fc4(torch.relu(self.fc3(z))), mean, log_variance


def images(folder, name):
    path = next(p for p in pathlib.Path(folder).iterdir() if p.name.startswith(name))
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255)


def terms(model, x):
    logits, mean, log_variance = model(x)
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return reconstruction, -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())


def main(folder, epochs="10", seed="0"):
    torch.manual_seed(int(seed))
    torch.set_num_threads(1)  # OpenMP's threads beside OpenBLAS's own only get into each other's way
    train, test = images(folder, "train-images"), images(folder, "t10k-images")
    model = Vae()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    start = time.perf_counter()
    for _ in range(int(epochs)):
        for indices in torch.randperm(len(train)).split(128):
            reconstruction, kl = terms(model, train[indices])
            optimizer.zero_grad()
            ((reconstruction + kl) / len(indices)).backward()
            optimizer.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        sums = [terms(model, x) for x in test.split(1000)]
    reconstruction, kl = (sum(s[i].item() for s in sums) / len(test) for i in (0, 1))
    print(json.dumps({"test.loss": reconstruction + kl, "test.reconstruction": reconstruction, "test.kl": kl, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
