"""A picture of one's own in the window: chosen or dropped, and read where it is."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from windows import settings, show

import helpers
from helpers import stepper

# What a file manager does with a file that is let go over the window.
DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type }));
  const window = document.querySelector(".stepper");
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
    if (window.dispatchEvent(event)) throw new Error(`${kind} was left to the page`);
  }
}"""


def png(pixels: np.ndarray) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def drop(page, name: str, kind: str, data: bytes) -> None:
    """Let go of a file over the window."""
    page.evaluate(DROP, [name, kind, base64.b64encode(data).decode()])


def test_a_dropped_picture_becomes_the_image_and_leaves_the_machine_nowhere(module):
    requests: list[str] = []
    module.on("request", lambda request: requests.append(request.url))
    show(module, stepper.convolution())
    pixels = np.random.default_rng(7).integers(0, 256, (20, 30), dtype=np.uint8)
    drop(module, "noise.png", "image/png", png(pixels))
    expect(module.get_by_text("image, 20 × 30")).to_be_visible()
    assert np.array_equal(settings(module)["image"], pixels)
    assert [url for url in requests if not url.startswith(("blob:", "data:"))] == []


def test_a_large_picture_is_made_small_and_keeps_its_proportions(module):
    show(module, stepper.convolution())
    drop(module, "large.png", "image/png", png(np.full((300, 600), 77, np.uint8)))
    expect(module.get_by_text("image, 64 × 128")).to_be_visible()
    assert np.array_equal(settings(module)["image"], np.full((64, 128), 77))


def test_colours_go_to_a_map_each_and_to_grey_where_there_is_one(module):
    pixels = np.zeros((13, 14, 3), np.uint8)
    pixels[..., 0], pixels[..., 2] = 200, 50
    show(module, stepper.channels())
    drop(module, "colours.png", "image/png", png(pixels))
    expect(module.get_by_text("red, 13 × 14")).to_be_visible()
    assert np.array_equal(settings(module)["maps"], np.moveaxis(pixels, 2, 0))
    show(module, stepper.pooling())
    drop(module, "colours.png", "image/png", png(pixels))
    expect(module.get_by_text("image, 13 × 14")).to_be_visible()
    grey = np.asarray(Image.fromarray(pixels).convert("L"))
    assert np.abs(np.array(settings(module)["image"]) - grey).max() <= 1


def test_what_is_no_picture_is_named_and_the_image_stays(module):
    show(module, stepper.convolution())
    drop(module, "notes.txt", "text/plain", b"not a picture")
    words = "“notes.txt” is not a picture that this browser can read."
    expect(module.locator(".sum")).to_have_text(words)
    assert settings(module)["image"] == [list(row) for row in stepper.WORKED_IMAGE]
    module.get_by_role("application").press("ArrowUp")
    expect(module.locator(".sum")).to_contain_text("= −136")


SMALL = "A window of {} does not fit in an image of {}. Take a {}"


@pytest.mark.parametrize(
    ("opened", "size", "words"),
    [
        (stepper.channels, (1, 1), SMALL.format("3 × 3", "1 × 1", "larger picture.")),
        (stepper.channels, (4, 900), SMALL.format("3 × 3", "1 × 128", "larger picture.")),
        (stepper.channels, (900, 4), SMALL.format("3 × 3", "128 × 1", "larger picture.")),
        (stepper.network, (2, 128), SMALL.format("3 × 3", "2 × 128", "larger picture.")),
        (stepper.convolution, (2, 9), SMALL.format("3 × 3", "2 × 9", "smaller window")),
        (stepper.pooling, (1, 9), SMALL.format("2 × 2", "1 × 9", "smaller window")),
    ],
)
def test_a_picture_smaller_than_the_window_is_refused_with_a_reason(module, opened, size, words):
    show(module, opened())
    before = settings(module)
    drop(module, "small.png", "image/png", png(np.full(size, 77, np.uint8)))
    expect(module.locator(".sum")).to_contain_text(words)
    assert settings(module) == before
    for figure in module.locator(".parts figure").all():
        expect(figure).to_be_visible()
    module.get_by_role("application").first.press("ArrowUp")
    expect(module.locator(".sum")).not_to_contain_text("does not fit")
    drop(module, "enough.png", "image/png", png(np.full((13, 14), 77, np.uint8)))
    expect(module.get_by_text("13 × 14").first).to_be_visible()


@pytest.mark.parametrize("opened", [stepper.convolution, stepper.channels, stepper.pooling])
def test_a_picture_can_be_chosen_without_a_mouse(module, opened, tmp_path):
    file = tmp_path / "mine.png"
    file.write_bytes(png(helpers.photograph()[:40, :50]))
    show(module, opened())
    with module.expect_file_chooser() as choosing:
        module.get_by_role("button", name="Your picture").press("Enter")
    choosing.value.set_files(file)
    expect(module.get_by_text("40 × 50").first).to_be_visible()
