"""Voices for training: espeak-ng's own throats, and throats that nobody has, which are voice variants with every number drawn at random, so that no single throat is learnt.

The fields are those of espeak-ng's voice files (docs/voices.md there): formants as per cent of the usual frequency, height and
width, pitch as a range in hertz, breath as the loudness of noise in each formant.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np

# Where the voice file of an accent lies in espeak-ng's data.
ACCENT_FILES = {
    "en-us": "en-US",
    "en-gb": "en",
    "en-gb-x-rp": "en-GB-x-rp",
    "en-gb-x-gbclan": "en-GB-x-gbclan",
    "en-029": "en-029",
}


def write_voices(folder: Path, accents: list[str], throats: list[str], drawn: int, seed: int) -> list[str]:
    """Lays a voice of its own for every accent with every throat, and one for each of `drawn` throats with an accent that
    goes round, in a copy of espeak-ng's data below `folder`. Returns their names: usual0, usual1, … drawn0, drawn1, …

    A whole voice and no variant: espeak-ng passes over the variant in en-gb+m1, and over all of them once there are 350.
    """
    data = Path(subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True, text=True).stdout.split(": ")[-1].strip())
    copy = folder / "espeak-ng-data"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    random = np.random.default_rng(seed)
    usual = [(accent, (data / "voices/!v" / throat).read_text()) for accent in accents for throat in throats]
    voices = {f"usual{index}": voice for index, voice in enumerate(usual)}
    voices |= {f"drawn{index}": (accents[index % len(accents)], _throat(random)) for index in range(drawn)}
    for name, (accent, throat) in voices.items():
        spoken = (data / "lang/gmw" / ACCENT_FILES[accent]).read_text()
        (copy / "voices" / name).write_text(f"{_without_head(spoken)}\n{_without_head(throat)}\nname {name}\n")
    return list(voices)


def _without_head(described: str) -> str:
    """But for the lines that name a voice or say that it is a variant."""
    lines = described.replace("\r", "").split("\n")
    return "\n".join(line for line in lines if line.split()[:1] != ["name"] and line.split()[:2] != ["language", "variant"])


def _throat(random: np.random.Generator) -> str:
    length = random.uniform(0.85, 1.35)  # a shorter vocal tract has higher formants
    low = random.uniform(65, 260)
    lines = [
        f"pitch {low:.0f} {low * random.uniform(1.05, 1.8):.0f}",
        f"consonants {random.uniform(50, 140):.0f} {random.uniform(15, 120):.0f}",
        *[
            f"formant {index} {100 * length * random.uniform(0.88, 1.14):.0f} "
            f"{random.uniform(60, 150):.0f} {random.uniform(75, 180):.0f}"
            for index in range(1, 9)
        ],
        *_larynx(random),
    ]
    if random.random() < 0.35:
        lines.append(f"echo {random.uniform(10, 140):.0f} {random.uniform(5, 60):.0f}")
    if random.random() < 0.4:
        edges = np.sort(random.uniform(100, 4000, 4)).astype(int)
        lines.append("tone " + " ".join(f"{edge} {random.integers(20, 255)}" for edge in edges))
    if random.random() < 0.3:
        lines.append("stressAmp " + " ".join(str(random.integers(10, 22)) for _ in range(8)))
    return "\n".join(lines)


def _larynx(random: np.random.Generator) -> list[str]:
    """How the sound is made: with a clear, a breathy, a creaky or Klatt's voice, or whispered, with noise instead of a tone."""
    kind = random.choice(["clear", "breathy", "whispered", "creaky", "klatt"], p=[0.37, 0.2, 0.2, 0.11, 0.12])
    if kind == "clear":
        return [f"voicing {random.uniform(45, 130):.0f}", f"flutter {random.integers(0, 6)}", f"roughness {random.integers(0, 4)}"]
    if kind == "breathy":
        return [f"voicing {random.uniform(25, 90):.0f}", *_breath(random, 15)]
    if kind == "whispered":
        return [f"voicing {random.uniform(0, 40):.0f}", *_breath(random, 80)]
    if kind == "creaky":
        return [f"voicing {random.uniform(60, 130):.0f}", f"flutter {random.integers(8, 30)}", f"roughness {random.integers(3, 8)}"]
    return [f"klatt {random.integers(1, 6)}", f"voicing {random.uniform(50, 110):.0f}"]


def _breath(random: np.random.Generator, most: int) -> list[str]:
    return [
        "breath " + " ".join(str(random.integers(0, most)) for _ in range(8)),
        "breathw " + " ".join(str(random.integers(110, 450)) for _ in range(8)),
    ]
