#!/usr/bin/env python3
"""Writes the state dictionary of a VAE in PyTorch as GenModels names it, and what that VAE makes of some inputs.

usage: vae_from_pytorch.py STATE.safetensors OUTPUT.json.gz
"""
import gzip
import json
import sys

import torch

import safetensors_numpy

PIXELS, HIDDEN, LATENT = 12, 8, 3


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.mean, self.log_variance = torch.nn.Linear(PIXELS, HIDDEN), torch.nn.Linear(HIDDEN, LATENT), torch.nn.Linear(HIDDEN, LATENT)
        self.fc3, self.fc4 = torch.nn.Linear(LATENT, HIDDEN), torch.nn.Linear(HIDDEN, PIXELS)

    def encode(self, x):
        h = torch.relu(self.fc1(x))
        return self.mean(h), self.log_variance(h)

    def decode(self, z):
        return self.fc4(torch.relu(self.fc3(z)))


def genmodels_names(state):
    """GenModels numbers the layers of a network, and has both heads in one layer, the mean first."""
    named = {}
    for kind in ("weight", "bias"):
        named[f"encoder.0.{kind}"] = state[f"fc1.{kind}"]
        named[f"encoder.1.{kind}"] = torch.cat([state[f"mean.{kind}"], state[f"log_variance.{kind}"]])
        named[f"decoder.0.{kind}"] = state[f"fc3.{kind}"]
        named[f"decoder.1.{kind}"] = state[f"fc4.{kind}"]
    return named


def main(state_path, output_path):
    torch.manual_seed(5)
    vae = Vae()
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.mul_(3)
        x = torch.rand(4, PIXELS)
        mean, log_variance = vae.encode(x)
        logits = vae.decode(mean)
    state = genmodels_names(vae.state_dict())
    safetensors_numpy.write(state_path, {name: tensor.numpy() for name, tensor in state.items()})
    content = {"x": x, "mean": mean, "logVariance": log_variance, "logits": logits}
    with gzip.GzipFile(output_path, "wb", mtime=0) as file:
        file.write(json.dumps({name: tensor.flatten().tolist() for name, tensor in content.items()}).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
