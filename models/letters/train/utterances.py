"""Makes utterances of single clips: items with pauses between them, in a room, with noise."""

import json
from pathlib import Path

import numpy as np

RATE = 16_000
BLANK = "<pad>"
SEPARATOR = "|"


class Clips:
    """The clips of one set, by voice. The samples stay on the disk until they are asked for."""

    def __init__(self, folder: Path):
        described = json.loads((folder / "clips.json").read_text())
        self._samples = np.load(folder / "samples.npy", mmap_mode="r")
        self._ends = [0, *described["ends"]]
        self.spoken: list[str] = described["spoken"]
        voices = np.array(described["voices"])
        self.voices = np.unique(voices)
        self.by_voice = [np.flatnonzero(voices == voice) for voice in self.voices]

    def samples(self, index: int) -> np.ndarray:
        return self._samples[self._ends[index] : self._ends[index + 1]].astype(np.float32) / 32768


def utterance(
    clips: Clips, random: np.random.Generator, items: int, voice: np.ndarray | None = None, longest_pause: float = 0.7
) -> tuple[np.ndarray, list[str]]:
    """`items` clips of one voice, any if none is given, one after another. The tokens have a separator between items."""
    if voice is None:
        voice = clips.by_voice[random.integers(len(clips.by_voice))]
    parts = [_pause(random, 0.1, 0.5)]
    tokens: list[str] = []
    for index in random.choice(voice, items):
        clip = clips.samples(index)
        parts += [clip * (0.5 / max(1e-3, np.abs(clip).max())) * random.uniform(0.5, 1.4), _pause(random, 0.15, longest_pause)]
        tokens += [*([SEPARATOR] if tokens else []), *clips.spoken[index].split()]
    return np.concatenate(parts), tokens


def _pause(random: np.random.Generator, shortest: float, longest: float) -> np.ndarray:
    return np.zeros(int(RATE * random.uniform(shortest, longest)), np.float32)


def in_a_room(samples: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """With the echo of a small to middling room: noise that fades by 60 dB in 0.1 to 0.5 s behind the direct sound."""
    seconds = random.uniform(0.1, 0.5)
    times = np.arange(int(RATE * seconds)) / RATE
    echo = random.standard_normal(len(times)) * 10 ** (-3 * times / seconds) * random.uniform(0.02, 0.12)
    echo[0] = 1
    return _convolved(samples, echo)


def _convolved(samples: np.ndarray, echo: np.ndarray) -> np.ndarray:
    size = 1 << (len(samples) + len(echo) - 2).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(echo.astype(np.float32), size)
    return np.fft.irfft(spectrum, size)[: len(samples)]


def with_noise(samples: np.ndarray, noise: np.ndarray, decibels: float) -> np.ndarray:
    """Noise so loud that the speech, where there is any, is `decibels` above it."""
    speech = samples[np.abs(samples) > 0.01]
    level = np.sqrt(np.mean(speech**2)) if len(speech) > 0 else 0.1
    noise = noise / (np.sqrt(np.mean(noise**2)) + 1e-9)
    return samples + noise * level * 10 ** (-decibels / 20)


def coloured(count: int, random: np.random.Generator, slope: float) -> np.ndarray:
    """Noise whose power falls with frequency: slope 0 is white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    frequencies = np.maximum(1, np.arange(len(spectrum)))
    return np.fft.irfft(spectrum / frequencies ** (slope / 2), count)


def hum(count: int, random: np.random.Generator) -> np.ndarray:
    """The mains and what hangs on it: 50 or 60 Hz with overtones."""
    base = random.choice([50, 60])
    times = np.arange(count) / RATE
    tones = [np.sin(2 * np.pi * base * n * times + random.uniform(0, 6)) / n for n in range(1, 9)]
    return np.sum(tones, axis=0) + 0.3 * coloured(count, random, 1)


def babble(count: int, clips: Clips, random: np.random.Generator) -> np.ndarray:
    """Six others who speak at once."""
    mixed = np.zeros(count)
    for _ in range(6):
        voice = np.concatenate([utterance(clips, random, 6)[0] for _ in range(1 + count // (3 * RATE))])
        mixed[: min(count, len(voice))] += voice[:count]
    return mixed + 1e-3 * random.standard_normal(count)


def stretched(samples: np.ndarray, factor: float) -> np.ndarray:
    """Played so much slower: the voice becomes deeper and longer, as that of a larger speaker would be."""
    places = np.arange(0, len(samples) - 1, 1 / factor)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)


def normalised(samples: np.ndarray) -> np.ndarray:
    """Mean 0, deviation 1 over the whole utterance: what the model is given in use too."""
    return ((samples - samples.mean()) / (samples.std() + 1e-5)).astype(np.float32)
