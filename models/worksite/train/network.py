"""A small anchor-free detector: a convolutional trunk, a two-way feature pyramid, and one head a level."""

import torch
from torch import nn

STRIDES = (8, 16, 32)
CLASSES = ("person", "vehicle", "cone")


class Conv(nn.Sequential):
    """Convolution without bias, batch norm, SiLU; keeps the size but for its stride."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
            nn.SiLU(inplace=True),
        )


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(Conv(channels, channels), Conv(channels, channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class Stage(nn.Module):
    """Sends half of the channels through `depth` residual blocks and joins what every block said."""

    def __init__(self, inputs: int, outputs: int, depth: int = 1):
        super().__init__()
        self.half = outputs // 2
        self.enter = Conv(inputs, outputs, 1)
        self.blocks = nn.ModuleList(Residual(self.half) for _ in range(depth))
        self.leave = Conv(outputs + depth * self.half, outputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        parts = list(self.enter(x).split(self.half, 1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        return self.leave(torch.cat(parts, 1))


class WideView(nn.Module):
    """Max pooling over three growing windows, so that the coarsest level sees the whole picture."""

    def __init__(self, channels: int):
        super().__init__()
        self.enter = Conv(channels, channels // 2, 1)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.leave = Conv(channels * 2, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        views = [self.enter(x)]
        for _ in range(3):
            views.append(self.pool(views[-1]))
        return self.leave(torch.cat(views, 1))


class Head(nn.Module):
    """Four distances (to the left, top, right and bottom side, in strides) and one logit a class, for every cell."""

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.boxes = nn.Sequential(Conv(channels, 40), Conv(40, 40), nn.Conv2d(40, 4, 1))
        self.scores = nn.Sequential(Conv(channels, 40), Conv(40, 40), nn.Conv2d(40, classes, 1))
        nn.init.constant_(self.boxes[-1].bias, 1.0)
        # A cell is an object with a probability of about 1 % before anything is learnt.
        nn.init.constant_(self.scores[-1].bias, -4.6)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return nn.functional.softplus(self.boxes(x)), self.scores(x)


class Detector(nn.Module):
    def __init__(self, classes: int = len(CLASSES)):
        super().__init__()
        self.stem = nn.Sequential(Conv(3, 16, 3, 2), Conv(16, 32, 3, 2), Stage(32, 32))
        self.trunk3 = nn.Sequential(Conv(32, 64, 3, 2), Stage(64, 64, 2))
        self.trunk4 = nn.Sequential(Conv(64, 112, 3, 2), Stage(112, 112, 2))
        self.trunk5 = nn.Sequential(Conv(112, 128, 3, 2), Stage(128, 128), WideView(128))
        self.grow = nn.Upsample(scale_factor=2, mode="nearest")
        self.down4 = Stage(128 + 112, 80)
        self.down3 = Stage(80 + 64, 56)
        self.shrink3 = Conv(56, 56, 3, 2)
        self.up4 = Stage(56 + 80, 80)
        self.shrink4 = Conv(80, 80, 3, 2)
        self.up5 = Stage(80 + 128, 96)
        self.heads = nn.ModuleList(Head(channels, classes) for channels in (56, 80, 96))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """RGB images in 0..1 [B, 3, H, W] -> boxes x1 y1 x2 y2 in pixels [B, N, 4], class logits [B, N, C]."""
        level3 = self.trunk3(self.stem(images))
        level4 = self.trunk4(level3)
        level5 = self.trunk5(level4)
        middle4 = self.down4(torch.cat([self.grow(level5), level4], 1))
        out3 = self.down3(torch.cat([self.grow(middle4), level3], 1))
        out4 = self.up4(torch.cat([self.shrink3(out3), middle4], 1))
        out5 = self.up5(torch.cat([self.shrink4(out4), level5], 1))

        boxes, logits = [], []
        for level, head, stride in zip((out3, out4, out5), self.heads, STRIDES, strict=True):
            distances, scores = head(level)
            height, width = level.shape[2:]
            centres = grid_centres(height, width, stride)
            far = distances.float().flatten(2).transpose(1, 2) * stride
            boxes.append(torch.cat([centres - far[..., :2], centres + far[..., 2:]], -1))
            logits.append(scores.float().flatten(2).transpose(1, 2))
        return torch.cat(boxes, 1), torch.cat(logits, 1)


def grid_centres(height: int, width: int, stride: int) -> torch.Tensor:
    """Pixel centres [height * width, 2] of one level's cells, row by row."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return (torch.stack([x, y], -1).reshape(-1, 2).float() + 0.5) * stride
