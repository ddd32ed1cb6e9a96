"""Measures the shipped file: python evaluate.py DATA MODEL.onnx

Runs it with ONNX Runtime, takes the best token of each frame, and has jiwer count the errors: neither shares code with
Stepreel's own inference. Nobody in held-out or unseen trained it; brown noise and their babble did not either.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import jiwer
import numpy as np
import onnxruntime

from batches import vocabulary
from speak import TABLE
from utterances import SEPARATOR, Clips, babble, coloured, in_a_room, normalised, utterance, with_noise

UTTERANCES = 400


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("--sets", nargs="+", default=["train", "held-out", "unseen"])
    options = arguments.parse_args()
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.model, settings, providers=["CPUExecutionProvider"])
    for name in options.sets:
        clips = Clips(options.data / name)
        for condition, worsen in CONDITIONS.items():
            if name == "train" and condition != "clean":
                continue
            measured = _measured(session, clips, worsen)
            print(f"{name}, {condition}: {measured.summary()}", flush=True)
            if condition == "clean" and name != "train":
                print(f"  by voice: {_shares(measured.errors_by_voice)}")
                print(f"  accepted, by letter: {_shares(measured.accepted_by_item)}")


def _as_it_is(samples, _clips, _random):
    return samples


def _room(samples, _clips, random):
    return in_a_room(samples, random)


def _brown(samples, _clips, random):
    return with_noise(samples, coloured(len(samples), random, 2), 15)


def _babble(samples, clips, random):
    return with_noise(samples, babble(len(samples), clips, random), 15)


CONDITIONS = {"clean": _as_it_is, "in a room": _room, "brown noise at 15 dB": _brown, "babble at 15 dB": _babble}


@dataclass
class Measured:
    truths: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    accepted: list[bool] = field(default_factory=list)
    accepted_by_item: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors_by_voice: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def summary(self) -> str:
        # A phoneme is a character here: jiwer counts words, and each phoneme stands as one.
        return (
            f"character error rate {jiwer.wer(self.truths, self.guesses):.4f}, "
            f"items heard exactly {np.mean(self.exact):.4f}, accepted {np.mean(self.accepted):.4f}"
        )


def _measured(session: onnxruntime.InferenceSession, clips: Clips, worsen) -> Measured:
    random = np.random.default_rng(11)
    tokens = vocabulary()
    table: dict[str, list[str]] = json.loads(TABLE.read_text())["items"]
    measured = Measured()
    for _ in range(UTTERANCES):
        voice = random.integers(len(clips.by_voice))
        samples, said = utterance(clips, random, int(random.integers(1, 6)), clips.by_voice[voice])
        (logits,) = session.run(None, {"samples": normalised(worsen(samples, clips, random))[None]})
        best = logits[0].argmax(1)
        heard = [tokens[one] for one, before in zip(best, [0, *best[:-1]]) if one not in (0, before)]
        measured.truths.append(" ".join(said))
        measured.guesses.append(" ".join(heard))
        measured.errors_by_voice[str(clips.voices[voice])].append(jiwer.wer(measured.truths[-1], measured.guesses[-1]))
        expected, found = _items(said), _items(heard)
        # Where items are missed or made up it is not known which of them was heard as what.
        pairs = zip(expected, found) if len(expected) == len(found) else [(one, "") for one in expected]
        for one, other in pairs:
            measured.exact.append(one == other)
            asked = {item: other in accepted for item, accepted in table.items() if one in accepted}
            measured.accepted.append(any(asked.values()))
            for item, is_accepted in asked.items():
                measured.accepted_by_item[item].append(is_accepted)
    return measured


def _items(said: list[str]) -> list[str]:
    return [item.strip() for item in " ".join(said).split(SEPARATOR)]


def _shares(values: dict[str, list[float]]) -> str:
    return ", ".join(f"{name} {np.mean(values[name]):.2f}" for name in sorted(values))


if __name__ == "__main__":
    main()
