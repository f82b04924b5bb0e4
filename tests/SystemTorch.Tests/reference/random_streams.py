"""Prints the constants of RandomStreamTests and LinearTests: the first numbers of PyTorch's streams.

Run with PyTorch 1.13 on a CPU (Debian: python3-torch). Nine digits tell any two floats apart.
"""
import torch


def show(name, values):
    print(f"{name}: " + ", ".join(f"{v:.9g}" for v in values.flatten().tolist()))


def main():
    print(torch.__version__)
    draws = {
        "rand 8": lambda: torch.rand(8),
        "rand 100 [96:]": lambda: torch.rand(100)[96:],
        "rand 4 float64": lambda: torch.rand(4, dtype=torch.float64),
        # Below 16 elements randn draws one pair at a time, from 16 on in blocks; a last block that is not full overlaps the one before.
        "randn 8": lambda: torch.randn(8),
        "randn 20": lambda: torch.randn(20),
        "randn 1000 [992:]": lambda: torch.randn(1000)[992:],
        "randperm 12": lambda: torch.randperm(12),
        # A tensor of probabilities: with one number for all, PyTorch may use MKL's own stream.
        "bernoulli 20": lambda: torch.bernoulli(torch.linspace(0, 1, 20)),
        "normal_ 4": lambda: torch.empty(4).normal_(3, 0.5),
        "uniform_ 4": lambda: torch.empty(4).uniform_(-2, 2),
    }
    for name, draw in draws.items():
        torch.manual_seed(42)
        show(name, draw())
    torch.manual_seed(42)
    layer = torch.nn.Linear(3, 4)
    show("Linear(3, 4).weight", layer.weight)
    show("Linear(3, 4).bias", layer.bias)


if __name__ == "__main__":
    main()
