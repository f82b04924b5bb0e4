"""Microseconds for a call of a small operator in PyTorch, on one thread.

The twin of `dotnet run -c Release --project bench/GenModels.Benchmarks -- calls`.
"""
import time

import torch

WARM_UP = 100_000
CALLS = 1_000_000


def add(left, right, calls):
    for _ in range(calls):
        left + right


def mm(left, right, calls):
    for _ in range(calls):
        left.mm(right)


def main():
    torch.set_num_threads(1)
    left, right = torch.rand(4, 4), torch.rand(4, 4)
    for run in (add, mm):
        run(left, right, WARM_UP)
        start = time.perf_counter()
        run(left, right, CALLS)
        print(f"{run.__name__:14}{(time.perf_counter() - start) / CALLS * 1e6:.3f} µs/call")


if __name__ == "__main__":
    main()
