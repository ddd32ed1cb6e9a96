"""Trains the detector from nothing: python train.py DATA OUT --minutes 60 --bf16

DATA is what draw-training-set.ts wrote (train and val are used). The schedule follows the clock, so a run always ends
in time; OUT/latest.pt holds averaged weights after every check and can be exported at any moment.
"""

import argparse
import copy
import json
import os
import time
from pathlib import Path

# Threads that wait by spinning take the processor from whoever they wait for when the machine is busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch

from evaluate import measure
from export import export_onnx
from loss import detection_loss
from network import Detector
from stills import SIZE, Stills, batches

SMALL_SIZE = (384, 256)
SMALL_SHARE = 0.35
BATCH = 16
PEAK_RATE = 2e-3
WARM_SHARE = 0.04


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--check-minutes", type=float, default=8)
    arguments.add_argument("--bf16", action="store_true", help="bfloat16 forward and backward passes where the CPU has them")
    arguments.add_argument("--initial", type=Path, help="weights of an earlier run (its latest.pt) to go on from")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(7)
    options.out.mkdir(parents=True, exist_ok=True)

    stills = Stills(options.data / "train")
    model = Detector().to(memory_format=torch.channels_last)
    if options.initial:
        model.load_state_dict(torch.load(options.initial, weights_only=True))
    average = copy.deepcopy(model).eval()
    optimizer = make_optimizer(model)

    started = time.monotonic()

    def spent() -> float:
        return (time.monotonic() - started) / (60 * options.minutes)

    source = batches(stills, BATCH, lambda: SMALL_SIZE if spent() < SMALL_SHARE else SIZE, seed=7)
    next_check = options.check_minutes * 60
    step, seen, sums = 0, 0, np.zeros(2)
    while spent() < 1:
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * rate_at(spent())
        size, batch = next(source)
        images = torch.from_numpy(np.stack([picture for picture, _ in batch])).permute(0, 3, 1, 2).float() / 255
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            boxes, logits = model(images)
        terms = detection_loss(boxes.float(), logits.float(), [torch.from_numpy(found).float() for _, found in batch], size)
        optimizer.zero_grad(set_to_none=True)
        sum(terms).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10)
        optimizer.step()
        step += 1
        seen += BATCH
        follow(average, model, min(0.998, (1 + step) / (20 + step)))
        sums += [term.item() for term in terms]
        if step % 50 == 0:
            seconds = time.monotonic() - started
            print(f"{spent():.3f} step {step} scores {sums[0] / 50:.3f} boxes {sums[1] / 50:.3f} {seen / seconds:.1f} images/s", flush=True)
            sums[:] = 0
        if time.monotonic() - started > next_check:
            next_check += options.check_minutes * 60
            check(average, options, step)
    check(average, options, step)


def make_optimizer(model: torch.nn.Module) -> torch.optim.Optimizer:
    kernels = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim <= 1]
    return torch.optim.AdamW([{"params": kernels, "weight_decay": 0.03}, {"params": others, "weight_decay": 0}], lr=PEAK_RATE)


def rate_at(share: float) -> float:
    """Up in a straight line, then down along half a cosine to 1 %."""
    if share < WARM_SHARE:
        return 0.05 + 0.95 * share / WARM_SHARE
    rest = min(1.0, (share - WARM_SHARE) / (1 - WARM_SHARE))
    return 0.01 + 0.99 * (1 + np.cos(np.pi * rest)) / 2


@torch.no_grad()
def follow(average: torch.nn.Module, model: torch.nn.Module, decay: float) -> None:
    latest = model.state_dict()
    for name, value in average.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(latest[name], 1 - decay)
        else:
            value.copy_(latest[name])


def check(average: torch.nn.Module, options: argparse.Namespace, step: int) -> None:
    torch.save(average.state_dict(), options.out / "latest.pt")
    export_onnx(average, options.out / "model.onnx")
    figures = measure(options.out / "model.onnx", options.data / "val", threads=options.threads)
    print(json.dumps({"step": step, "val": figures["all"]}), flush=True)


if __name__ == "__main__":
    main()
