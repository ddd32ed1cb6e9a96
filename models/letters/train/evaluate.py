"""Measures the shipped file: python evaluate.py DATA MODEL.onnx

Runs it with ONNX Runtime, takes the best token of each frame, and has jiwer count the errors: neither shares code with
Stepreel's own inference. The voices are held out, and so are the noises, but for "training voices".
"""

import argparse
from pathlib import Path

import jiwer
import numpy as np
import onnxruntime

from batches import vocabulary
from utterances import SEPARATOR, Clips, babble, coloured, in_a_room, normalised, utterance, with_noise

UTTERANCES = 400


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("model", type=Path)
    options = arguments.parse_args()
    session = onnxruntime.InferenceSession(options.model, providers=["CPUExecutionProvider"])
    held_out, known = Clips(options.data / "held-out.npz"), Clips(options.data / "train.npz")
    for name, clips, worsen in [
        ("training voices, clean", known, _as_it_is),
        ("held-out voices, clean", held_out, _as_it_is),
        ("held-out voices, in a room", held_out, lambda samples, _, random: in_a_room(samples, random)),
        ("held-out voices, brown noise at 15 dB", held_out, _brown),
        ("held-out voices, babble at 15 dB", held_out, _babble),
    ]:
        print(f"{name}: {_measured(session, clips, worsen)}")


def _as_it_is(samples, _clips, _random):
    return samples


def _brown(samples, _clips, random):
    return with_noise(samples, coloured(len(samples), random, 2), 15)


def _babble(samples, clips, random):
    return with_noise(samples, babble(len(samples), clips, random), 15)


def _measured(session: onnxruntime.InferenceSession, clips: Clips, worsen) -> str:
    random = np.random.default_rng(11)
    tokens = vocabulary()
    truths, guesses = [], []
    right = count = 0
    for _ in range(UTTERANCES):
        samples, said = utterance(clips, random, int(random.integers(1, 6)))
        (logits,) = session.run(None, {"samples": normalised(worsen(samples, clips, random))[None]})
        best = logits[0].argmax(1)
        heard = [tokens[one] for one, before in zip(best, [0, *best[:-1]]) if one not in (0, before)]
        truths.append(" ".join(said))
        guesses.append(" ".join(heard))
        expected, found = " ".join(said).split(SEPARATOR), " ".join(heard).split(SEPARATOR)
        count += len(expected)
        if len(expected) == len(found):
            right += sum(one.strip() == other.strip() for one, other in zip(expected, found))
    # A phoneme is a character here: jiwer counts words, and each phoneme stands as one.
    return f"character error rate {jiwer.wer(truths, guesses):.4f}, items heard exactly {right / count:.4f}"


if __name__ == "__main__":
    main()
