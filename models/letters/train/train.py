"""Trains the model from nothing: python train.py DATA OUT --minutes 30

DATA is what speak.py wrote. The learning rate follows the clock, so that a run ends when it should however busy the machine
is. Progress is watched on the batches alone; the voices held out are for evaluate.py.
"""

import argparse
import math
import os
import time
from pathlib import Path

# Threads that wait by spinning take the processor from whoever they wait for when the machine is busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from batches import Batches, vocabulary
from network import Letters, frames_of

PEAK_RATE = 2e-3
WARM_SHARE = 0.04


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--resume", type=Path, help="weights to go on from")
    arguments.add_argument("--seed", type=int, default=7)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)

    model = Letters(len(vocabulary()))
    if options.resume:
        model.load_state_dict(torch.load(options.resume, weights_only=True))
    optimizer = torch.optim.AdamW([one for one in model.parameters() if one.requires_grad], weight_decay=0.01)
    loss_of = nn.CTCLoss(blank=0, zero_infinity=True)
    random = np.random.default_rng(options.seed)
    batches = iter(DataLoader(Batches(options.data / "train", seed=options.seed), batch_size=None, num_workers=1, prefetch_factor=16))
    started, step, spent, recent = time.monotonic(), 0, 0.0, []
    while spent < 1:
        step += 1
        for group in optimizer.param_groups:
            group["lr"] = _rate(spent)
        samples, lengths, targets, target_lengths = next(batches)
        with torch.no_grad():
            loudness = _masked(_other_throat(model.loudness_by_fft(samples), random), random)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model.scored(loudness)
        scores = logits.float().log_softmax(2).transpose(0, 1)
        loss = loss_of(scores, targets, frames_of(lengths), target_lengths)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        recent.append(loss.item())
        spent = (time.monotonic() - started) / (60 * options.minutes)
        if step % 100 == 0:
            print(f"{time.monotonic() - started:5.0f} s  step {step}  loss {np.mean(recent):.3f}", flush=True)
            recent.clear()
        if step % 500 == 0 or spent >= 1:
            torch.save(model.state_dict(), options.out / "latest.pt")
    print(f"{step} steps")


def _rate(spent: float) -> float:
    """By the share of the time that is spent: up in a line, then down along a cosine."""
    if spent < WARM_SHARE:
        return PEAK_RATE * spent / WARM_SHARE
    return PEAK_RATE * 0.5 * (1 + math.cos(math.pi * (spent - WARM_SHARE) / (1 - WARM_SHARE))) + 1e-5


def _other_throat(loudness: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """The same speech from a longer or shorter vocal tract (bands moved along the mel scale, after Jaitly and Hinton 2013)
    and through another microphone (a smooth curve over the bands). [batch, bands, windows] → the same."""
    count, bands = loudness.shape[0], loudness.shape[1]
    at = torch.arange(bands, dtype=torch.float32)
    drawn = lambda low, high: torch.tensor(random.uniform(low, high, (count, 1)), dtype=torch.float32)
    places = (at * drawn(0.92, 1.09) + drawn(-1, 1)).clamp(0, bands - 1)
    # Each band is a mix of its two neighbours: a matrix for each utterance whose rows are triangles.
    mix = (1 - (places.unsqueeze(2) - at).abs()).clamp(min=0)
    curves = torch.stack([torch.cos(math.pi * n * (at + 0.5) / bands) for n in range(1, 5)])
    heights = torch.tensor(random.normal(0, 0.4, (count, len(curves))), dtype=torch.float32)
    return torch.baddbmm((heights @ curves).unsqueeze(2), mix, loudness)


def _masked(loudness: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """With a few stretches of time and of frequency taken out, so that no single cue is leant on (SpecAugment, Park 2019)."""
    floors = loudness.mean((1, 2)).tolist()
    for row, floor in zip(loudness, floors):
        for _ in range(2):
            band = int(random.integers(0, 54))
            row[band : band + int(random.integers(0, 10))] = floor
        time_ = int(random.integers(0, max(1, row.shape[1] - 6)))
        row[:, time_ : time_ + int(random.integers(0, 6))] = floor
    return loudness


if __name__ == "__main__":
    main()
