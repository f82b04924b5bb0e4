"""Makes schedules.json.gz: learning rates that PyTorch's schedulers give for 60 steps at a base rate of 0.1."""
import gzip
import json
import pathlib

import torch
from torch.optim import lr_scheduler as lr


def rates(make, steps=60):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return values


def warm_up(then):
    return lambda o: lr.SequentialLR(o, [lr.LinearLR(o, start_factor=0.1, total_iters=10), then(o)], milestones=[10])


result = {
    "step": rates(lambda o: lr.StepLR(o, step_size=7, gamma=0.5)),
    "exponential": rates(lambda o: lr.ExponentialLR(o, gamma=0.93)),
    # As far as its minimum, from which it would rise again.
    "cosine": rates(lambda o: lr.CosineAnnealingLR(o, T_max=60, eta_min=0.004)),
    "warmUpCosine": rates(warm_up(lambda o: lr.CosineAnnealingLR(o, T_max=50, eta_min=0.004))),
    "warmUpStep": rates(warm_up(lambda o: lr.StepLR(o, step_size=7, gamma=0.5))),
    "warmUp": rates(lambda o: lr.LinearLR(o, start_factor=0.1, total_iters=10)),
}
with gzip.GzipFile(pathlib.Path(__file__).with_name("schedules.json.gz"), "wb", mtime=0) as file:
    file.write(json.dumps(result).encode())
