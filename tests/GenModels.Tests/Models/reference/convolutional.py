"""Networks of PyTorch's own layers under the names that GenModels has for its convolutional ones, and the file of a run with them."""
import base64
import gzip
import json

import torch
from torch import nn


class Convolutions(nn.Module):
    """Convolutions with batch norm and an activation behind each."""

    def __init__(self, maps, norms, activation, last):
        super().__init__()
        for i, (layer, norm) in enumerate(zip(maps, norms)):
            self.add_module(f"{i}", layer)
            if norm:
                self.add_module(f"norm{i}", norm)
        self.count, self.activation, self.last = len(maps), activation, last

    def forward(self, x):
        for i in range(self.count):
            x = getattr(self, f"{i}")(x)
            if norm := getattr(self, f"norm{i}", None):
                x = norm(x)
            x = (self.last if i == self.count - 1 else self.activation)(x)
        return x


class Dense(nn.Module):
    def __init__(self, widths, activation, last):
        super().__init__()
        for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            self.add_module(f"{i}", nn.Linear(inputs, outputs))
        self.count, self.activation, self.last = len(widths) - 1, activation, last

    def forward(self, x):
        for i in range(self.count):
            x = (self.last if i == self.count - 1 else self.activation)(getattr(self, f"{i}")(x))
        return x


def identity(x):
    return x


class Encoder(nn.Module):
    """Squares of one channel to vectors; a condition's values join the image as planes."""

    def __init__(self, side, channels, hidden, outputs, activation, norm=False):
        super().__init__()
        normed = [norm and i > 0 for i in range(len(channels))]
        maps = [nn.Conv2d(a, b, 4, 2, 1, bias=not n) for a, b, n in zip([1, *channels], channels, normed)]
        self.convolutions = Convolutions(maps, [n and nn.BatchNorm2d(c) for n, c in zip(normed, channels)], activation, activation)
        self.dense = Dense([channels[-1] * (side >> len(channels)) ** 2, *hidden, outputs], activation, identity)
        self.side = side

    def forward(self, x):
        return self.dense(self.convolutions(x.view(-1, 1, self.side, self.side)).flatten(1))


class Decoder(nn.Module):
    """Vectors to squares of one channel."""

    def __init__(self, inputs, hidden, channels, side, activation, last, norm=False):
        super().__init__()
        self.dense = Dense([inputs, *hidden], activation, activation) if hidden else None
        inner = channels[::-1]
        maps = [nn.ConvTranspose2d(([inputs] + list(hidden))[-1], inner[0], side >> len(channels), bias=not norm)]
        maps += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=not norm or b == 1) for a, b in zip(inner, [*inner[1:], 1])]
        self.convolutions = Convolutions(maps, [norm and nn.BatchNorm2d(c) for c in inner] + [None], activation, last)

    def forward(self, z):
        h = self.dense(z) if self.dense else z
        return self.convolutions(h.view(len(z), -1, 1, 1)).flatten(1)


def state(**networks):
    return {
        f"{name}.{key}": base64.b64encode(value.detach().numpy().astype("<f4").tobytes()).decode()
        for name, network in networks.items() for key, value in network.state_dict().items() if not key.endswith("num_batches_tracked")
    }


def write(output, batch, single, double, initial, final):
    """Writes the losses of a run in both precisions, and where its weights start and end."""
    content = {"torch": torch.__version__, "batch": batch, "single": single, "double": double, "initial": initial, "final": final}
    with gzip.GzipFile(output, "wb", mtime=0) as file:
        file.write(json.dumps(content).encode())
    print(f"losses {double[0]} to {double[-1]}, single precision {single[-1]}")
