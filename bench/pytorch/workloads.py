#!/usr/bin/env python3
"""One side of `./build.sh bench`: trains as it is told, so that two processes can take turns.

usage: workloads.py NAME THREADS WEIGHTS ORDER_SEED NOISE_SEED

A line `steps n` on its input runs n training steps and answers with their seconds and mean loss; `memory` answers with the
process's peak in megabytes. Networks start from WEIGHTS, the other side's parameters one after another in single precision;
batches and noise come from generators with the other side's seeds, so that both sides take the same steps; only the masks of
dropout are each side's own.
"""
import gzip
import itertools
import pathlib
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

DEBIAN = pathlib.Path("/usr/share/datasets/fashion-mnist")


def images():
    """Fashion-MNIST's training images, as floats that wait in memory."""
    path = next(p for p in DEBIAN.iterdir() if p.name.startswith("train-images"))
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    return torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255)


def ring(count=100_000):
    angles = torch.randint(8, (count,)) * (2 * np.pi / 8)
    return torch.stack([angles.cos(), angles.sin()], 1) + 0.01 * torch.randn(count, 2)


def mlp(widths, activation, output=None):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if i < len(widths) - 2:
            layers.append(activation())
    return nn.Sequential(*layers, *([output] if output else []))


def load(parameters, path):
    values = torch.from_numpy(np.fromfile(path, np.float32))
    sizes = [p.numel() for p in parameters]
    assert sum(sizes) == len(values), f"{path} holds {len(values)} values, expected {sum(sizes)}"
    with torch.no_grad():
        for parameter, part in zip(parameters, values.split(sizes)):
            parameter.copy_(part.view_as(parameter))


def adam(parameters, **settings):
    return torch.optim.Adam(parameters, foreach=True, **settings)


class Vae:
    def __init__(self, hidden, latent, activation, weights, noise):
        self.encoder = mlp([784, *hidden, 2 * latent], activation)
        self.decoder = mlp([latent, *reversed(hidden), 784], activation)
        self.noise = noise
        parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        load(parameters, weights)
        self.optimizer = adam(parameters, lr=1e-3)

    def step(self, x):
        mean, log_variance = self.encoder(x).chunk(2, 1)
        epsilon = torch.randn(mean.shape, generator=self.noise)
        logits = self.decoder(mean + torch.exp(0.5 * log_variance) * epsilon)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum()
        loss = (reconstruction + kl) / len(x)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


class Projection(nn.Module):
    """A transposed convolution of one pixel, as the matrix product that it is."""

    def __init__(self, inputs, outputs, size, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs, size, size))
        self.bias = nn.Parameter(torch.empty(outputs)) if bias else None

    def forward(self, z):
        images = (z @ self.weight.flatten(1)).view(len(z), *self.weight.shape[1:])
        return images if self.bias is None else images + self.bias.view(-1, 1, 1)


def reading(channels, activation, norm):
    """Convolutions of images that halve their height and width, and what makes vectors of them."""
    layers = []
    for i, (inputs, outputs) in enumerate(zip([1, *channels], channels)):
        layers.append(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=not (norm and i > 0)))
        if norm and i > 0:
            layers.append(nn.BatchNorm2d(outputs))
        layers.append(activation())
    return [nn.Unflatten(1, (1, 28, 28)), *layers, nn.Flatten()]


def making(inputs, channels, activation, norm):
    """The same in reverse: vectors to images."""
    layers = [Projection(inputs, channels[0], 28 >> len(channels), bias=not norm)]
    for inputs, outputs in zip(channels, [*channels[1:], 1]):
        if norm:
            layers.append(nn.BatchNorm2d(inputs))
        layers += [activation(), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=not norm or outputs == 1)]
    return [*layers, nn.Flatten()]


class ConvolutionalVae(Vae):
    def __init__(self, channels, latent, weights, noise):
        self.encoder = nn.Sequential(*reading(channels, nn.ReLU, False), nn.Linear(channels[-1] * 49, 2 * latent))
        self.decoder = nn.Sequential(*making(latent, channels[::-1], nn.ReLU, False))
        self.noise = noise
        parameters = [*self.encoder.parameters(), *self.decoder.parameters()]
        load(parameters, weights)
        self.optimizer = adam(parameters, lr=1e-3)


class Sampling:
    """A VAE that draws images a chunk at a time into memory that waits for them; the mean of the first stands for the loss."""

    COUNT, CHUNK = 100_000, 4_000

    def __init__(self, weights, noise):
        self.vae = Vae([400], 20, nn.ReLU, weights, noise)

    @torch.inference_mode()
    def step(self, _):
        samples = torch.empty(self.COUNT, 784)
        for start in range(0, self.COUNT, self.CHUNK):
            z = torch.randn(self.CHUNK, 20, generator=self.vae.noise)
            torch.sigmoid(self.vae.decoder(z), out=samples[start:start + self.CHUNK])
        return samples[:1_000].mean()


class LogLikelihood:
    """log p(x) of images under a VAE, one image at a time, a chunk of its draws at a time; the mean stands for the loss."""

    IMAGES, DRAWS, CHUNK = 20, 5_000, 1_000

    def __init__(self, weights, noise):
        self.vae = Vae([400], 20, nn.ReLU, weights, noise)
        self.examples = images()[:self.IMAGES]

    @torch.inference_mode()
    def step(self, _):
        return sum(self.of(x) for x in self.examples) / self.IMAGES

    def of(self, x):
        mean, log_variance = self.vae.encoder(x).chunk(2)
        deviation = torch.exp(0.5 * log_variance)
        weights = []
        for _ in range(0, self.DRAWS, self.CHUNK):
            epsilon = torch.randn(self.CHUNK, len(mean), generator=self.vae.noise)
            z = torch.addcmul(mean, deviation, epsilon)
            logits = self.vae.decoder(z)
            # x·l − softplus(l), of which the product with x is a matrix product.
            likelihood = logits.mv(x) - F.softplus(logits).sum(1)
            weights.append(likelihood + 0.5 * (epsilon.square() - z.square() + log_variance).sum(1))
        return torch.logsumexp(torch.cat(weights).double(), 0) - np.log(self.DRAWS)


class Maxout(nn.Module):
    """A fully connected layer whose units take the greatest of their pieces."""

    def __init__(self, inputs, units, pieces):
        super().__init__()
        self.linear, self.pieces = nn.Linear(inputs, units * pieces), pieces

    def forward(self, x):
        return self.linear(x).unflatten(1, (-1, self.pieces)).max(2).values


def descent(rate):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, momentum=0.5, foreach=True)


def adam_of_gans(parameters):
    return adam(parameters, lr=2e-4, betas=(0.5, 0.999))


class Gan:
    def __init__(self, generator, discriminator, weights, noise, optimizers=(adam_of_gans, adam_of_gans)):
        self.generator, self.discriminator, self.noise = generator, discriminator, noise
        self.noise_size = generator[0].weight.shape[0] if isinstance(generator[0], Projection) else generator[0].in_features
        # Batch norm's figures are those of one side.
        self.together = not any(isinstance(layer, nn.BatchNorm2d) for layer in discriminator)
        load([*generator.parameters(), *discriminator.parameters()], weights)
        self.generator_optimizer, self.discriminator_optimizer = (
            create(network.parameters()) for create, network in zip(optimizers, (generator, discriminator)))

    def sample(self, n):
        return self.generator(torch.randn(n, self.noise_size, generator=self.noise))

    def step(self, x):
        n = len(x)
        with torch.no_grad():
            fake = self.sample(n)
        real, generated = self.discriminator(torch.cat([x, fake])).split(n) if self.together else map(self.discriminator, (x, fake))
        loss = F.softplus(-real).mean() + F.softplus(generated).mean()
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.discriminator_optimizer.step()

        # The discriminator is only passed through: without this its weights' gradients would be computed for nothing.
        self.discriminator.requires_grad_(False)
        generator_loss = F.softplus(-self.discriminator(self.sample(n))).mean()
        self.generator_optimizer.zero_grad(set_to_none=True)
        generator_loss.backward()
        self.generator_optimizer.step()
        self.discriminator.requires_grad_(True)
        return loss.detach()


class Autoencoder:
    def __init__(self, tied, weights):
        self.encoder = mlp([784, 128, 32], nn.ReLU)
        self.decoder = None if tied else mlp([32, 128, 784], nn.ReLU)
        self.biases = [nn.Parameter(torch.zeros(128)), nn.Parameter(torch.zeros(784))] if tied else []
        parameters = [*self.encoder.parameters(), *(self.biases if tied else self.decoder.parameters())]
        load(parameters, weights)
        self.optimizer = adam(parameters, lr=1e-3)

    def decode(self, z):
        if self.decoder:
            return self.decoder(z)
        h = F.relu(F.linear(z, self.encoder[2].weight.t(), self.biases[0]))
        return F.linear(h, self.encoder[0].weight.t(), self.biases[1])

    def step(self, x):
        loss = F.mse_loss(self.decode(self.encoder(x)), x, reduction="sum") / len(x)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()


WORKLOADS = {
    "vae": (images, 128, lambda w, g: Vae([400], 20, nn.ReLU, w, g)),
    "gan": (images, 128, lambda w, g: Gan(
        mlp([100, 256, 512, 784], nn.ReLU, nn.Sigmoid()), mlp([784, 512, 256, 1], lambda: nn.LeakyReLU(0.2)), w, g)),
    "convolutional-vae": (images, 128, lambda w, g: ConvolutionalVae([32, 64], 20, w, g)),
    "dcgan": (images, 64, lambda w, g: Gan(
        nn.Sequential(*making(100, [128, 64], nn.ReLU, True), nn.Sigmoid()),
        nn.Sequential(*reading([64, 128], lambda: nn.LeakyReLU(0.2), True), nn.Linear(128 * 49, 1)), w, g)),
    "ring": (ring, 512, lambda w, g: Gan(mlp([2, 256, 128, 128, 2], nn.Tanh), mlp([2, 128, 128, 1], nn.Tanh), w, g)),
    "maxout": (images, 100, lambda w, g: Gan(
        mlp([100, 1200, 1200, 784], nn.ReLU, nn.Sigmoid()),
        nn.Sequential(nn.Dropout(0.2), Maxout(784, 240, 5), nn.Dropout(0.5), Maxout(240, 240, 5), nn.Dropout(0.5), nn.Linear(240, 1)),
        w, g, (descent(0.02), descent(0.01)))),
    "iwae": (images, 20, lambda w, g: Vae([200, 200], 50, nn.Tanh, w, g)),
    "autoencoder": (images, 128, lambda w, g: Autoencoder(False, w)),
    "sampling": (lambda: torch.zeros(10_000, 1), 1, Sampling),
    "nll": (lambda: torch.zeros(10_000, 1), 1, LogLikelihood),
    "autoencoder-tied": (images, 128, lambda w, g: Autoencoder(True, w)),
}


def batches(data, size, generator):
    while True:
        for indices in torch.randperm(len(data), generator=generator).split(size):
            yield data[indices]


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main(name, threads, weights, order_seed, noise_seed):
    torch.set_num_threads(int(threads))
    torch.set_flush_denormal(True)
    source, size, create = WORKLOADS[name]
    model = create(weights, torch.Generator().manual_seed(int(noise_seed)))
    stream = batches(source(), size, torch.Generator().manual_seed(int(order_seed)))
    print("ready", flush=True)
    for order in sys.stdin:
        if order.strip() == "memory":
            print(peak_megabytes(), 0, flush=True)
            continue
        count = int(order.split()[1])
        start = time.perf_counter()
        loss = sum(model.step(x) for x in itertools.islice(stream, count))
        seconds = time.perf_counter() - start
        print(seconds, loss.item() / count, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
