"""The batches the network learns from, made on the way so that none comes twice."""

import json
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import IterableDataset

from speak import TABLE
from utterances import BLANK, RATE, SEPARATOR, Clips, babble, coloured, hum, in_a_room, normalised, stretched, utterance, with_noise

ITEMS = 60  # of a batch, so that one of short utterances has more of them and all batches cost about the same
LONGEST = 5  # items of an utterance
USUAL_SHARE = 0.45  # of utterances are of espeak-ng's own throats
LONGEST_PAUSES = [0.4, 0.4, 0.9]  # seconds; long ones are rare, as silence costs time and teaches little
BANK = 60  # stretches of each kind of noise
BANK_SECONDS = 12


def vocabulary() -> list[str]:
    return [BLANK, SEPARATOR, *json.loads(TABLE.read_text())["phonemes"]]


class Batches(IterableDataset):
    """Endless: (samples, their lengths, all tokens one after another, how many each utterance has)."""

    def __init__(self, folder: Path, seed: int):
        self._folder, self._seed = folder, seed

    def __iter__(self):
        random = np.random.default_rng(self._seed)
        clips = Clips(self._folder)
        bank = _noise_bank(clips, random)
        is_usual = np.array([voice.startswith("usual") for voice in clips.voices])
        groups = [np.flatnonzero(is_usual), np.flatnonzero(~is_usual)]
        tokens = {token: index for index, token in enumerate(vocabulary())}
        while True:
            items = int(random.integers(1, LONGEST + 1))
            made = [_example(clips, groups, bank, random, items) for _ in range(ITEMS // items)]
            lengths = [len(samples) for samples, _ in made]
            padded = np.zeros((len(made), max(lengths)), np.float32)
            for row, (samples, _) in zip(padded, made):
                row[: len(samples)] = samples
            said = [[tokens[token] for token in spoken] for _, spoken in made]
            yield (
                torch.from_numpy(padded),
                torch.tensor(lengths),
                torch.tensor([token for one in said for token in one]),
                torch.tensor([len(one) for one in said]),
            )


def _noise_bank(clips: Clips, random: np.random.Generator) -> list[list[np.ndarray]]:
    """White to pink, the mains, and others of the training voices. Brown noise and babble of other voices are for the test."""
    count = BANK_SECONDS * RATE
    return [
        [coloured(count, random, random.uniform(0, 1)).astype(np.float32) for _ in range(BANK)],
        [hum(count, random).astype(np.float32) for _ in range(BANK)],
        [babble(count, clips, random).astype(np.float32) for _ in range(2 * BANK)],
    ]


def _example(
    clips: Clips, groups: list[np.ndarray], bank: list[list[np.ndarray]], random: np.random.Generator, items: int
) -> tuple[np.ndarray, list[str]]:
    voice = clips.by_voice[random.choice(groups[0] if random.random() < USUAL_SHARE else groups[1])]
    samples, said = utterance(clips, random, items, voice, random.choice(LONGEST_PAUSES))
    samples = stretched(samples, random.uniform(0.88, 1.15))
    if random.random() < 0.3:
        samples = in_a_room(samples, random)
    if random.random() < 0.6:
        kind = bank[random.choice(3, p=[0.4, 0.2, 0.4])]
        noise = np.roll(kind[random.integers(len(kind))], -int(random.integers(BANK_SECONDS * RATE)))
        samples = with_noise(samples, np.resize(noise, len(samples)), random.uniform(9, 35))
    return normalised(samples), said
