"""espeak-ng's own library, called in this process: a thousand times faster than its program for clips of one syllable.

From the header speak_lib.h of espeak-ng 1.51 (espeak_Initialize, espeak_SetVoiceByName, espeak_SetParameter, espeak_Synth).
"""

import ctypes
from pathlib import Path

import numpy as np

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples come to the callback, nothing is played
RATE_PARAMETER, PITCH_PARAMETER = 1, 3
PHONEMES = 0x100  # espeakPHONEMES: what stands between [[ and ]] is phoneme codes
UTF8 = 1

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """One synthesiser. The library has one state for a whole process: make one of these a process."""

    def __init__(self, data: Path | None = None):
        """`data` is the folder that holds espeak-ng-data; without it espeak-ng's own. Throws OSError without the library."""
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate: int = self._library.espeak_Initialize(SYNCHRONOUS, 200, str(data).encode() if data else None, 0)
        if self.rate <= 0:
            raise OSError(f"espeak-ng does not start with the data below {data}")
        self._parts: list[np.ndarray] = []
        self._callback = _Callback(self._heard)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, voice: str, pitch: int, speed: int, codes: str) -> np.ndarray:
        """`voice` is the name of a file in voices, in small letters. Returns the samples (-1 to 1, at `rate`) of phoneme codes.
        Throws ValueError for a voice that does not exist."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        self._library.espeak_SetParameter(RATE_PARAMETER, speed, 0)
        self._library.espeak_SetParameter(PITCH_PARAMETER, pitch, 0)
        self._parts = []
        text = f"[[{codes}]]".encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, UTF8 | PHONEMES, None, None)
        return np.concatenate([np.zeros(0, np.float32), *self._parts])

    def _heard(self, samples, count: int, _events) -> int:
        if samples and count > 0:
            self._parts.append(np.ctypeslib.as_array(samples, (count,)).astype(np.float32) / 32768)
        return 0
