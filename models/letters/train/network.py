"""The network: raw samples in, a score for each phoneme every 20 ms out. Spectra are part of it, as fixed filters."""

import math

import torch
from torch import nn

RATE = 16_000
WINDOW = 400  # 25 ms
HOP = 160  # 10 ms; the first layer halves it again
BANDS = 64
WIDTH = 160
BLOCKS = 8
KERNEL = 5


class Letters(nn.Module):
    def __init__(self, tokens: int):
        super().__init__()
        self.spectrum = _fourier_filters()
        self.register_buffer("bands", _mel_bands())
        self.level = nn.BatchNorm1d(BANDS)
        self.entry = nn.Sequential(nn.Conv1d(BANDS, WIDTH, 5, stride=2, padding=2), nn.BatchNorm1d(WIDTH), nn.ReLU())
        self.blocks = nn.Sequential(*[Block(dilation=2 ** (index % 4)) for index in range(BLOCKS)])
        self.exit = nn.Conv1d(WIDTH, tokens, 1)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """[batch, samples] → [batch, frames, tokens], logits."""
        return self.scored(self.loudness(samples))

    def loudness(self, samples: torch.Tensor) -> torch.Tensor:
        """[batch, samples] → [batch, bands, windows], the logarithm of the power."""
        filtered = self.spectrum(samples.unsqueeze(1))
        real, imaginary = filtered.chunk(2, dim=1)
        return torch.log(self.bands @ (real * real + imaginary * imaginary) + 1e-5)

    def loudness_by_fft(self, samples: torch.Tensor) -> torch.Tensor:
        """The same, faster, for training; ONNX Runtime is faster with the filters."""
        window = torch.hann_window(WINDOW, periodic=True)
        spectrum = torch.stft(samples, WINDOW, HOP, window=window, pad_mode="constant", return_complex=True)
        return torch.log(self.bands @ (spectrum.real**2 + spectrum.imag**2) + 1e-5)

    def scored(self, loudness: torch.Tensor) -> torch.Tensor:
        return self.exit(self.blocks(self.entry(self.level(loudness)))).transpose(1, 2)


class Block(nn.Module):
    """Looks further along time from block to block, then starts anew."""

    def __init__(self, dilation: int):
        super().__init__()
        padding = dilation * (KERNEL // 2)
        self.work = nn.Sequential(
            nn.Conv1d(WIDTH, WIDTH, KERNEL, padding=padding, dilation=dilation, bias=False),
            nn.BatchNorm1d(WIDTH),
            nn.ReLU(),
        )

    def forward(self, heard: torch.Tensor) -> torch.Tensor:
        return heard + self.work(heard)


def frames_of(samples: torch.Tensor) -> torch.Tensor:
    """How many frames so many samples give."""
    windows = (samples + 2 * (WINDOW // 2) - WINDOW) // HOP + 1
    return (windows - 1) // 2 + 1


def _fourier_filters() -> nn.Conv1d:
    """Sines and cosines under a Hann window, one pair a frequency: a short-time Fourier transform as a convolution."""
    window = torch.hann_window(WINDOW, periodic=True)
    phases = 2 * math.pi * torch.outer(torch.arange(WINDOW // 2 + 1), torch.arange(WINDOW)) / WINDOW
    filters = torch.cat([torch.cos(phases), torch.sin(phases)]) * window
    layer = nn.Conv1d(1, len(filters), WINDOW, stride=HOP, padding=WINDOW // 2, bias=False)
    layer.weight = nn.Parameter(filters.unsqueeze(1), requires_grad=False)
    return layer


def _mel_bands() -> torch.Tensor:
    """Triangles over the frequencies, even on the mel scale (O'Shaughnessy 1987: 2595 log10(1 + f / 700))."""

    def to_mel(hertz: float) -> float:
        return 2595 * math.log10(1 + hertz / 700)

    points = torch.linspace(to_mel(60), to_mel(7_600), BANDS + 2)
    hertz = 700 * (10 ** (points / 2595) - 1)
    bins = torch.arange(WINDOW // 2 + 1) * RATE / WINDOW
    rising = (bins - hertz[:-2, None]) / (hertz[1:-1] - hertz[:-2])[:, None]
    falling = (hertz[2:, None] - bins) / (hertz[2:] - hertz[1:-1])[:, None]
    bands = torch.clamp(torch.minimum(rising, falling), min=0)
    # A band narrower than the distance of two bins takes the nearest one.
    for index in torch.nonzero(bands.sum(1) == 0).flatten():
        bands[index, (bins - hertz[index + 1]).abs().argmin()] = 1
    return bands
