"""Has espeak-ng say every pronunciation of every item: python speak.py OUT

Writes OUT/train, OUT/held-out and OUT/unseen with one clip for each voice and pronunciation, 16 kHz, mono, trimmed.
"""

import argparse
import io
import json
import subprocess
import wave
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from espeak import Espeak
from speakers import TRAIN_ACCENTS, TRAIN_THROATS, held_out_speakers, unseen_speakers
from throats import write_voices

RATE = 16_000
SHORTEST = 300  # samples; what is shorter is silence that trimming left
PROCESSES = 2
TABLE = Path(__file__).parents[3] / "workloads/letter-asr/pronunciations.json"

# Our phonemes (IPA) as espeak-ng takes them between [[ and ]].
ESPEAK = {
    "aɪ": "aI", "b": "b", "d": "d", "dʒ": "dZ", "eɪ": "eI", "f": "f", "h": "h", "iː": "i:", "j": "j", "k": "k",
    "l": "l", "m": "m", "n": "n", "oʊ": "oU", "p": "p", "s": "s", "t": "t", "tʃ": "tS", "uː": "u:", "v": "v",
    "w": "w", "z": "z", "æ": "a", "ɑː": "A:", "ɒ": "0", "ə": "@", "ɛ": "E", "ɡ": "g", "ɪ": "I", "ɹ": "r", "ʌ": "V",
}  # fmt: skip


Clips = list[tuple[str, str, np.ndarray]]  # voice, pronunciation, samples


def pronunciations() -> list[str]:
    items = json.loads(TABLE.read_text())["items"]
    return sorted({spoken for accepted in items.values() for spoken in accepted})


def codes_of(spoken: str) -> str:
    """A stop with nothing behind it is only let go before a pause, which espeak-ng writes with an underline."""
    phonemes = spoken.split()
    return "".join(ESPEAK[phoneme] for phoneme in phonemes) + ("_" if phonemes[-1] in {"b", "d", "ɡ", "dʒ"} else "")


def resampled(samples: np.ndarray, rate: int) -> np.ndarray:
    """By the spectrum: what lies above the new half rate is cut off, nothing folds back."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    return (np.fft.irfft(spectrum, count) * (count / len(samples))).astype(np.float32)


def trimmed(samples: np.ndarray) -> np.ndarray:
    """Without the silence around it, where silence is what is below a hundredth, or a thirtieth of a quiet clip's peak."""
    height = np.abs(samples)
    loud = np.flatnonzero(height > np.clip(height.max(initial=0) / 30, 1e-4, 0.01))
    if len(loud) == 0:
        return samples[:0]
    return samples[max(0, loud[0] - 160) : loud[-1] + 160]


def train_clips(voices: list[str], share: int, shares: int, data: Path) -> Clips:
    """What every `shares`-th voice says: each pronunciation at a pitch and a speed of its own. A process of its own each."""
    espeak = Espeak(data)
    random = np.random.default_rng([3, share])
    clips = []
    for voice in voices[share::shares]:
        for spoken in pronunciations():
            pitch, speed = int(random.integers(20, 96)), int(random.integers(85, 181))
            said = espeak.say(voice, pitch, speed, codes_of(spoken))
            clips.append((voice, spoken, _stored(said, espeak.rate)))
    return clips


def test_clips(speakers: list[dict]) -> Clips:
    """What these say with the program espeak-ng and nothing that was drawn: one clip for each speaker and pronunciation."""
    clips = []
    for speaker in speakers:
        command = ["espeak-ng", "-v", speaker["voice"], "-p", str(speaker["pitch"]), "-s", str(speaker["speed"]), "--stdout"]
        for spoken in pronunciations():
            answer = subprocess.run([*command, f"[[{codes_of(spoken)}]]"], check=True, capture_output=True)
            with wave.open(io.BytesIO(answer.stdout)) as sound:
                samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16).astype(np.float32) / 32768
                clips.append((speaker["voice"], spoken, _stored(samples, sound.getframerate())))
    return clips


def _stored(samples: np.ndarray, rate: int) -> np.ndarray:
    return np.round(np.clip(trimmed(resampled(samples, rate)), -1, 1) * 32767).astype(np.int16)


def write(folder: Path, clips: Clips) -> None:
    """samples.npy, one clip after another, and clips.json: where each ends, who speaks, and what."""
    kept = [clip for clip in clips if len(clip[2]) > SHORTEST]
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "samples.npy", np.concatenate([samples for _, _, samples in kept]))
    ends = np.cumsum([len(samples) for _, _, samples in kept]).tolist()
    described = {"ends": ends, "voices": [voice for voice, _, _ in kept], "spoken": [spoken for _, spoken, _ in kept]}
    (folder / "clips.json").write_text(json.dumps(described, ensure_ascii=False))
    lost = sorted({spoken for _, spoken, samples in clips if len(samples) <= SHORTEST})
    print(f"{folder.name}: {len(kept)} clips, {len(clips) - len(kept)} too short to keep {lost}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--drawn", type=int, default=900)
    options = arguments.parse_args()
    write(options.out / "held-out", test_clips(held_out_speakers()))
    write(options.out / "unseen", test_clips(unseen_speakers()))
    voices = write_voices(options.out, TRAIN_ACCENTS, TRAIN_THROATS, drawn=options.drawn, seed=3)
    with ProcessPoolExecutor(PROCESSES) as pool:
        shares = [pool.submit(train_clips, voices, share, PROCESSES, options.out) for share in range(PROCESSES)]
        write(options.out / "train", [clip for share in shares for clip in share.result()])


if __name__ == "__main__":
    main()
