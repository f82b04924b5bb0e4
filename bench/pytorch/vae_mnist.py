#!/usr/bin/env python3
"""The recipe `vae` of samples/Reproduce in PyTorch's own loop: 784-200-200-50 with tanh on dynamically binarised MNIST, batch 20, Adam with
eps 1e-4 and a cosine from 1e-3 to 1e-5; prints the test ELBO in nats per image, and its standard error, as JSON.

usage: vae_mnist.py FOLDER [EPOCHS [SEED]]   (FOLDER holds the four IDX files, plain or gzipped)
"""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

from vae import images

LATENT, BATCH = 50, 20


def layers(*widths):
    modules = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        linear = torch.nn.Linear(inputs, outputs)
        torch.nn.init.xavier_uniform_(linear.weight)
        torch.nn.init.zeros_(linear.bias)
        modules += [torch.nn.Tanh()] * (i > 0) + [linear]
    return torch.nn.Sequential(*modules)


def bound(encoder, decoder, x):
    """The evidence lower bound of each image, from one draw of its code."""
    mean, log_variance = encoder(x).chunk(2, 1)
    z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
    reconstruction = F.binary_cross_entropy_with_logits(decoder(z), x, reduction="none").sum(1)
    return -reconstruction + 0.5 * (1 + log_variance - mean.pow(2) - log_variance.exp()).sum(1)


def main(folder, epochs="20", seed="0"):
    torch.manual_seed(int(seed))
    torch.set_num_threads(1)  # OpenMP's threads beside OpenBLAS's own only get into each other's way
    torch.set_flush_denormal(True)
    train, test = images(folder, "train-images"), images(folder, "t10k-images")
    encoder, decoder = layers(784, 200, 200, 2 * LATENT), layers(LATENT, 200, 200, 784)
    with torch.no_grad():
        decoder[-1].bias.copy_(torch.logit(train.mean(0).clamp(1e-3, 1 - 1e-3)))
    steps = int(epochs) * (len(train) // BATCH)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3, eps=1e-4, foreach=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 0.01 + 0.99 * (1 + math.cos(math.pi * t / steps)) / 2)
    start = time.perf_counter()
    for _ in range(int(epochs)):
        for indices in torch.randperm(len(train)).split(BATCH):
            loss = -bound(encoder, decoder, torch.bernoulli(train[indices])).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    with torch.inference_mode():
        values = torch.cat([bound(encoder, decoder, torch.bernoulli(x)) for x in test.split(1000)])
    print(json.dumps({"test.elbo": values.mean().item(), "standardError": values.std().item() / len(values) ** 0.5, "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
