"""Throats that nobody has: voice variants of espeak-ng with every number drawn at random, so that no single throat is learnt.

The fields are those of espeak-ng's voice files (docs/voices.md there): formants as per cent of the usual frequency, height and
width, pitch as a range in hertz, breath as the loudness of noise in each formant.
"""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np


def write_throats(folder: Path, count: int, seed: int) -> list[str]:
    """Lays `count` variants beside the usual ones in a copy of espeak-ng's data below `folder`. Returns their names."""
    data = Path(subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True, text=True).stdout.split(": ")[-1].strip())
    copy = folder / "espeak-ng-data"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    random = np.random.default_rng(seed)
    names = [f"drawn{index}" for index in range(count)]
    for name in names:
        (copy / "voices" / "!v" / name).write_text(_variant(name, random))
    os.environ["ESPEAK_DATA_PATH"] = str(folder)
    return names


def _variant(name: str, random: np.random.Generator) -> str:
    length = random.uniform(0.88, 1.3)  # a shorter vocal tract has higher formants
    low = random.uniform(70, 240)
    lines = [
        "language variant",
        f"name {name}",
        f"pitch {low:.0f} {low * random.uniform(1.1, 1.7):.0f}",
        f"flutter {random.integers(0, 6)}",
        f"roughness {random.integers(0, 5)}",
        f"voicing {random.uniform(35, 120):.0f}",
        f"consonants {random.uniform(60, 130):.0f} {random.uniform(30, 110):.0f}",
        *[
            f"formant {index} {100 * length * random.uniform(0.92, 1.1):.0f} "
            f"{random.uniform(70, 130):.0f} {random.uniform(80, 170):.0f}"
            for index in range(1, 9)
        ],
    ]
    if random.random() < 0.3:
        lines.append(f"echo {random.uniform(10, 130):.0f} {random.uniform(5, 45):.0f}")
    if random.random() < 0.3:
        lines.append("breath " + " ".join(str(random.integers(0, 9)) for _ in range(8)))
        lines.append("breathw " + " ".join(str(random.integers(120, 420)) for _ in range(8)))
    if random.random() < 0.4:
        edges = np.sort(random.uniform(100, 4000, 4)).astype(int)
        lines.append("tone " + " ".join(f"{edge} {random.integers(20, 255)}" for edge in edges))
    return "\n".join(lines) + "\n"
