"""Real pictures and films, drawn by the tests."""

import io
from typing import Any

import av
import numpy as np
from PIL import Image


def picture(
    width: int = 800, height: int = 600, form: str = "JPEG", mode: str = "RGB", **saved: Any
) -> bytes:
    """A picture with something to see: its left half is red, its right half blue."""
    image = Image.new(mode, (width, height), (30, 60, 200, 255)[: len(mode)])
    image.paste((220, 40, 30, 255)[: len(mode)], (0, 0, width // 2, height))
    held = io.BytesIO()
    image.save(held, form, **saved)
    return held.getvalue()


def photograph(width: int = 800, height: int = 600, *, turned: bool = False) -> bytes:
    """A JPEG as a telephone writes it: where it was taken, by which machine, perhaps held upright."""
    noted = Image.Exif()
    noted[0x0110] = "Telephone 3000"
    noted[0x0112] = 6 if turned else 1
    noted.get_ifd(0x8825)[1] = "N"
    noted.get_ifd(0x8825)[2] = (48.0, 51.0, 24.0)
    return picture(width, height, exif=noted)


def noise(width: int = 1600, height: int = 1600) -> bytes:
    """A JPEG that is heavy for its size."""
    grains = np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    held = io.BytesIO()
    Image.fromarray(grains).save(held, "JPEG", quality=98)
    return held.getvalue()


def animation(pictures: int = 3) -> bytes:
    """A GIF that moves."""
    first, *rest = [Image.new("RGB", (60, 40), (90 * at, 40, 200)) for at in range(pictures)]
    held = io.BytesIO()
    first.save(held, "GIF", save_all=True, append_images=rest, duration=200, loop=0)
    return held.getvalue()


def film(*, seconds: int = 2, width: int = 320, height: int = 180, form: str = "mp4") -> bytes:
    """A film, ten pictures a second."""
    held = io.BytesIO()
    with av.open(held, "w", format=form) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for place in range(seconds * 10):
            shade = np.full((height, width, 3), 80 + place % 100, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return held.getvalue()
