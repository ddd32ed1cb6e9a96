"""Has espeak-ng say every pronunciation of every item: python speak.py OUT

Writes OUT/train.npz and OUT/held-out.npz with one clip for each speaker and pronunciation, 16 kHz, mono, trimmed.
"""

import argparse
import io
import json
import subprocess
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from speakers import held_out_speakers, train_speakers
from throats import write_throats

RATE = 16_000
TABLE = Path(__file__).parents[3] / "workloads/letter-asr/pronunciations.json"

# Our phonemes (IPA) as espeak-ng takes them between [[ and ]].
ESPEAK = {
    "aɪ": "aI", "b": "b", "d": "d", "dʒ": "dZ", "eɪ": "eI", "f": "f", "h": "h", "iː": "i:", "j": "j", "k": "k",
    "l": "l", "m": "m", "n": "n", "oʊ": "oU", "p": "p", "s": "s", "t": "t", "tʃ": "tS", "uː": "u:", "v": "v",
    "w": "w", "z": "z", "æ": "a", "ɑː": "A:", "ɒ": "0", "ə": "@", "ɛ": "E", "ɡ": "g", "ɪ": "I", "ɹ": "r", "ʌ": "V",
}  # fmt: skip


def pronunciations() -> list[str]:
    items = json.loads(TABLE.read_text())["items"]
    return sorted({spoken for accepted in items.values() for spoken in accepted})


def say(spoken: str, speaker: dict) -> np.ndarray:
    """One pronunciation by one speaker, as float samples from -1 to 1."""
    codes = "".join(ESPEAK[phoneme] for phoneme in spoken.split())
    command = ["espeak-ng", "-v", speaker["voice"], "-p", str(speaker["pitch"]), "-s", str(speaker["speed"]), "--stdout"]
    answer = subprocess.run([*command, f"[[{codes}]]"], check=True, capture_output=True)
    with wave.open(io.BytesIO(answer.stdout)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16) / 32768
    return trimmed(resampled(samples.astype(np.float32), rate))


def resampled(samples: np.ndarray, rate: int) -> np.ndarray:
    """By the spectrum: what lies above the new half rate is cut off, nothing folds back."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    return (np.fft.irfft(spectrum, count) * (count / len(samples))).astype(np.float32)


def trimmed(samples: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if len(loud) == 0:
        return samples[:0]
    return samples[max(0, loud[0] - 160) : loud[-1] + 160]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    throats = write_throats(options.out, count=300, seed=3)
    for name, speakers in [("train", train_speakers(throats)), ("held-out", held_out_speakers())]:
        jobs = [(spoken, speaker) for speaker in speakers for spoken in pronunciations()]
        with ThreadPoolExecutor(2) as pool:
            clips = list(pool.map(lambda job: say(*job), jobs))
        kept = [(job, clip) for job, clip in zip(jobs, clips) if len(clip) > 400]
        np.savez(
            options.out / f"{name}.npz",
            samples=np.concatenate([clip for _, clip in kept]),
            ends=np.cumsum([len(clip) for _, clip in kept]),
            spoken=np.array([spoken for (spoken, _), _ in kept]),
            voice=np.array([speaker["voice"] for (_, speaker), _ in kept]),
        )
        print(f"{name}: {len(kept)} clips of {len(speakers)} speakers, {len(jobs) - len(kept)} too short to keep")


if __name__ == "__main__":
    main()
