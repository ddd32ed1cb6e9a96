"""Trains the model from nothing: python train.py DATA OUT --steps 6000

DATA is what speak.py wrote. Utterances are made on the way, so none comes twice. Progress is watched on utterances of the
training voices alone; the held-out voices are for evaluate.py.
"""

import argparse
import json
import math
import os
import time
from pathlib import Path

# Threads that wait by spinning take the processor from whoever they wait for when the machine is busy.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from torch import nn

from network import Letters, frames_of
from speak import TABLE
from utterances import BLANK, SEPARATOR, Clips, babble, coloured, hum, in_a_room, normalised, stretched, utterance, with_noise

BATCH = 16
PEAK_RATE = 2e-3
WARM_SHARE = 0.05


def vocabulary() -> list[str]:
    return [BLANK, SEPARATOR, *json.loads(TABLE.read_text())["phonemes"]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--steps", type=int, default=6000)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(7)
    options.out.mkdir(parents=True, exist_ok=True)

    tokens = vocabulary()
    clips = Clips(options.data / "train.npz")
    model = Letters(len(tokens))
    optimizer = torch.optim.AdamW([one for one in model.parameters() if one.requires_grad], weight_decay=0.01)
    loss_of = nn.CTCLoss(blank=0, zero_infinity=True)
    random = np.random.default_rng(7)
    started, recent = time.monotonic(), []
    for step in range(1, options.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = _rate(step / options.steps)
        samples, lengths, targets, target_lengths = _batch(clips, random, tokens)
        with torch.no_grad():
            loudness = _masked(_other_throat(model.loudness(samples), random), random)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model.scored(loudness)
        scores = logits.float().log_softmax(2).transpose(0, 1)
        loss = loss_of(scores, targets, frames_of(lengths), target_lengths)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        recent.append(loss.item())
        if step % 50 == 0:
            print(f"{time.monotonic() - started:5.0f} s  step {step}  loss {np.mean(recent):.3f}", flush=True)
            recent.clear()
        if step % 500 == 0:
            torch.save(model.state_dict(), options.out / "latest.pt")
    torch.save(model.state_dict(), options.out / "latest.pt")


def _rate(spent: float) -> float:
    if spent < WARM_SHARE:
        return PEAK_RATE * spent / WARM_SHARE
    return PEAK_RATE * 0.5 * (1 + np.cos(np.pi * (spent - WARM_SHARE) / (1 - WARM_SHARE))) + 1e-5


def _batch(clips: Clips, random: np.random.Generator, tokens: list[str]):
    made = [_example(clips, random) for _ in range(BATCH)]
    lengths = torch.tensor([len(samples) for samples, _ in made])
    padded = np.zeros((BATCH, int(lengths.max())), np.float32)
    for row, (samples, _) in zip(padded, made):
        row[: len(samples)] = samples
    targets = [[tokens.index(token) for token in said] for _, said in made]
    flat = torch.tensor([token for target in targets for token in target])
    return torch.from_numpy(padded), lengths, flat, torch.tensor([len(target) for target in targets])


def _other_throat(loudness: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """The same speech from a longer or shorter vocal tract (bands moved along the mel scale, after Jaitly and Hinton 2013)
    and through another microphone (a smooth curve over the bands)."""
    bands = torch.arange(loudness.shape[1], dtype=torch.float32)
    curves = torch.stack([torch.cos(math.pi * n * (bands + 0.5) / len(bands)) for n in range(1, 5)])
    for row in loudness:
        places = (bands * random.uniform(0.86, 1.16) + random.uniform(-1.5, 1.5)).clamp(0, len(bands) - 1.001)
        low = places.long()
        share = (places - low).unsqueeze(1)
        moved = row[low] * (1 - share) + row[low + 1] * share
        heights = torch.tensor(random.normal(0, 0.5, len(curves)), dtype=torch.float32)
        row.copy_(moved + (heights @ curves).unsqueeze(1))
    return loudness


def _masked(loudness: torch.Tensor, random: np.random.Generator) -> torch.Tensor:
    """With a few stretches of time and of frequency taken out, so that no single cue is leant on (SpecAugment, Park 2019)."""
    for row in loudness:
        floor = row.mean()
        for _ in range(2):
            band, time_ = int(random.integers(0, 54)), int(random.integers(0, max(1, row.shape[1] - 8)))
            row[band : band + int(random.integers(0, 10))] = floor
            row[:, time_ : time_ + int(random.integers(0, 8))] = floor
    return loudness


def _example(clips: Clips, random: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    samples, said = utterance(clips, random, int(random.integers(1, 6)))
    samples = stretched(samples, random.uniform(0.78, 1.28))
    if random.random() < 0.5:
        samples = in_a_room(samples, random)
    chance = random.random()
    if chance < 0.75:
        samples = with_noise(samples, _noise(len(samples), clips, random), random.uniform(8, 35))
    return normalised(samples), said


def _noise(count: int, clips: Clips, random: np.random.Generator) -> np.ndarray:
    """White to pink, the mains, or others of the training voices. Brown noise and babble of other voices are for the test."""
    kind = random.random()
    if kind < 0.2:
        return hum(count, random)
    if kind < 0.5:
        return babble(count, clips, random)
    return coloured(count, random, random.uniform(0, 1))


if __name__ == "__main__":
    main()
