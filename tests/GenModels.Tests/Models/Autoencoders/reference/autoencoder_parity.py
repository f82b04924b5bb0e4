#!/usr/bin/env python3
"""Trains 64-32-8 autoencoders on digits in PyTorch 1.13 for 200 steps and writes what GenModels must reproduce.

usage: autoencoder_parity.py DIGITS.csv.gz OUTPUT.json.gz
Weights, batches and noise are the same on both sides: the weights stand in the output, the batches are the
examples in order, the masks are what the library's generator draws (philox.py), a batch at a time.
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

STEPS, BATCH, CODE, HIDDEN = 200, 50, 8, 32
SEED = 7


class Plain(torch.nn.Module):
    """Squared error between the intact image and a sigmoid, from an image of which three in ten values are masked."""

    def __init__(self):
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(*s) for s in ((64, HIDDEN), (HIDDEN, CODE), (CODE, HIDDEN), (HIDDEN, 64)))
        self.noise = Generator(SEED, "noise")

    def loss(self, x):
        h = x * torch.from_numpy(self.noise.uniform(*x.shape) < np.float32(0.7))
        h = self.layers[1](torch.relu(self.layers[0](h)))
        y = torch.sigmoid(self.layers[3](torch.relu(self.layers[2](h))))
        return F.mse_loss(y, x, reduction="sum") / len(x)

    def state(self):
        names = ("encoder.0", "encoder.1", "decoder.0", "decoder.1")
        return {f"{n}.{p}": getattr(layer, p) for n, layer in zip(names, self.layers) for p in ("weight", "bias")}


class Tied(torch.nn.Module):
    """Cross-entropy with logits, the decoder's weights those of the encoder transposed, tanh between."""

    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(64, HIDDEN), torch.nn.Linear(HIDDEN, CODE)
        self.bias0, self.bias1 = torch.nn.Parameter(torch.zeros(HIDDEN)), torch.nn.Parameter(torch.zeros(64))

    def loss(self, x):
        h = torch.tanh(self.second(torch.tanh(self.first(x))))
        h = torch.tanh(F.linear(h, self.second.weight.t(), self.bias0))
        logits = F.linear(h, self.first.weight.t(), self.bias1)
        return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)

    def state(self):
        return {
            "encoder.0.weight": self.first.weight, "encoder.0.bias": self.first.bias, "encoder.1.weight": self.second.weight,
            "encoder.1.bias": self.second.bias, "decoder.0.bias": self.bias0, "decoder.1.bias": self.bias1,
        }


def encoded(model):
    return {name: base64.b64encode(t.detach().numpy().astype("<f4").tobytes()).decode() for name, t in model.state().items()}


def train(model, images):
    optimizer, initial, losses = torch.optim.Adam(model.parameters(), lr=1e-3), encoded(model), []
    for step in range(STEPS):
        x = images[torch.arange(step * BATCH, (step + 1) * BATCH) % len(images)]
        loss = model.loss(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"{type(model).__name__}: first loss {losses[0]:.4f}, last loss {losses[-1]:.4f}")
    return {"losses": losses, "initial": initial, "final": encoded(model)}


def main(digits, output):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    data = np.loadtxt(gzip.open(digits), delimiter=",", dtype=np.float32)
    images = torch.from_numpy(data[:1500, :64] / 16)
    content = {
        "torch": torch.__version__, "batch": BATCH,
        "plain": train(Plain(), images), "tied": train(Tied(), images),
    }
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
