"""Time the course's convolution and pooling beside its peers, all in one run.

.venv/bin/python benchmarks/convolution.py            every size; draws benchmarks/convolution.png
.venv/bin/python benchmarks/convolution.py --quick    up to 512 pixels, fewer rounds, no picture

The contenders' results are compared first. Then they take turns, each on one thread; a number is
the median of its rounds, in milliseconds of processor time, which a busy machine distorts less
than the clock on the wall. Exits with 1 if a number to beat was missed.
"""

import argparse
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import scipy
import skimage
from matplotlib.figure import Figure
from printing import console, met, table
from scipy import ndimage, signal
from skimage import filters
from skimage.measure import block_reduce

from helpers import HORIZONTAL, average_pool2d, conv2d, max_pool2d

Contenders = dict[str, Callable[[], object]]
Medians = dict[str, float]  # milliseconds

PICTURE = Path(__file__).with_suffix(".png")
SIZES = (28, 128, 512, 2048)
KERNEL_SIZES = (3, 5, 9, 15)
OURS, CORRELATE2D, NDIMAGE = "ours", "SciPy correlate2d", "SciPy ndimage"
OPENCV, SKIMAGE, LOOPS = "OpenCV, 1 thread", "scikit-image", "Python loops"
PEERS = (np, scipy, skimage, cv2)
LOOPS_UP_TO = 1_000_000  # products: more of them would take longer than all the rest together

# Windows counts processor time in steps of 16 ms, too coarse for most of what is timed here.
FINE = time.get_clock_info("process_time").resolution < 1e-6
clock = time.process_time if FINE else time.perf_counter

random = np.random.default_rng(0)


def conv2d_loops(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Do it the way that lesson 1 begins."""
    out = np.zeros((image.shape[0] - len(kernel) + 1, image.shape[1] - kernel.shape[1] + 1))
    for row in range(out.shape[0]):
        for col in range(out.shape[1]):
            for i in range(kernel.shape[0]):
                for j in range(kernel.shape[1]):
                    out[row, col] += image[row + i, col + j] * kernel[i, j]
    return out


def medians(contenders: Contenders, rounds: int) -> Medians:
    """Time the contenders in turn, each for 2 ms or more, and return the median of each."""
    calls = {name: 1 + int(0.002 / seconds(run, 1)) for name, run in contenders.items()}
    samples: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            samples[name].append(seconds(run, calls[name]))
    return {name: 1e3 * statistics.median(times) for name, times in samples.items()}


def seconds(run: Callable[[], object], calls: int) -> float:
    start = clock()
    for _ in range(calls):
        run()
    return (clock() - start) / calls


def convolvers(image: np.ndarray, kernel: np.ndarray) -> Contenders:
    """Return everyone who can do this convolution, having seen that they agree."""
    contenders: Contenders = {
        OURS: lambda: conv2d(image, kernel),
        CORRELATE2D: lambda: signal.correlate2d(image, kernel, mode="valid"),
        NDIMAGE: lambda: ndimage.correlate(image, kernel, mode="constant"),
        OPENCV: lambda: cv2.filter2D(image, -1, kernel),
    }
    if image.size * kernel.size <= LOOPS_UP_TO:
        contenders[LOOPS] = lambda: conv2d_loops(image, kernel)
    expected = conv2d(image, kernel)
    top, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    for name, run in contenders.items():
        result = np.asarray(run())
        if result.shape == image.shape:  # these two fill the border too
            result = result[top : top + len(expected), left : left + expected.shape[1]]
        np.testing.assert_allclose(result, expected, rtol=1e-3, atol=1e-3, err_msg=name)
    return contenders


def beside(found: Medians, name: str) -> str:
    """Write a contender's time, and that time as a multiple of ours."""
    if name not in found:
        return "–"
    ratio = found[name] / found[OURS]
    return f"{written(found[name])} ({ratio:.{0 if ratio >= 10 else 2}f}x)"


def written(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"


def time_convolutions(sizes: tuple[int, ...], rounds: int) -> dict[tuple, Medians]:
    """Time every type, image size and kernel size, which are the keys of the result."""
    peers = (CORRELATE2D, NDIMAGE, OPENCV, LOOPS)
    shown = table("Convolution: ms (and times ours)", "type", "image", "kernel", OURS, *peers)
    results = {}
    for dtype, size, k in product(("float32", "float64"), sizes, KERNEL_SIZES):
        image = random.normal(size=(size, size)).astype(dtype)
        kernel = random.normal(size=(k, k)).astype(dtype)
        with console.status(f"{dtype}, {size}x{size}, {k}x{k}"):
            found = medians(convolvers(image, kernel), 3 if size > 512 else rounds)
        cells = [written(found[OURS]), *(beside(found, name) for name in peers)]
        last = k == KERNEL_SIZES[-1]
        shown.add_row(dtype, f"{size}x{size}", f"{k}x{k}", *cells, end_section=last)
        results[dtype, size, k] = found
    console.print(shown, f"Loops are left out above {LOOPS_UP_TO:,} products.\n")
    return results


def time_pooling(sizes: tuple[int, ...], rounds: int) -> dict[tuple, Medians]:
    """Time 2x2 pooling and one edge kernel; what and the image size are the keys."""
    title = "Pooling 2x2 and edges, float32: ms (and times ours)"
    shown = table(title, "what", "image", OURS, SKIMAGE)
    rivals: dict[str, tuple[Callable, Callable]] = {
        "max": (max_pool2d, lambda image: block_reduce(image, (2, 2), np.max)),
        "average": (average_pool2d, lambda image: block_reduce(image, (2, 2), np.mean)),
        # scikit-image convolves with no kernel of one's own, but with this one, divided by 4.
        "edges": (lambda image: 0.25 * conv2d(image, HORIZONTAL), filters.sobel_h),
    }
    results = {}
    for size, what in product(sizes, rivals):
        image = random.normal(size=(size, size)).astype(np.float32)
        ours, theirs = (partial(rival, image) for rival in rivals[what])
        expected = theirs()[1:-1, 1:-1] if what == "edges" else theirs()
        np.testing.assert_allclose(ours(), expected, rtol=1e-3, atol=1e-3, err_msg=what)
        found = medians({OURS: ours, SKIMAGE: theirs}, rounds)
        cells = (written(found[OURS]), beside(found, SKIMAGE))
        shown.add_row(what, f"{size}x{size}", *cells, end_section=what == "edges")
        results[what, size] = found
    console.print(shown)
    return results


def import_ratio(ours: str, theirs: str, rounds: int) -> float:
    """Return how many times as long one import takes as another; NaN if it fails."""

    def cost(statement: str) -> float:
        code = f"from time import {clock.__name__} as t; s = t(); {statement}; print(t() - s)"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        return float(run.stdout)

    try:
        _, *times = [(cost(ours), cost(theirs)) for _ in range(rounds + 1)]  # first: warm up
    except subprocess.CalledProcessError as error:
        console.print(f"{ours!r} fails: {error.stderr.decode().splitlines()[-1]}", style="red")
        return float("nan")
    mine, peer = (statistics.median(column) for column in zip(*times, strict=True))
    return mine / peer


def verdict(convolutions: dict, pooling: dict, rounds: int) -> bool:
    """Print the numbers to beat with what was measured; return whether all were beaten."""
    conv, pool = convolutions["float32", 512, 3], pooling["max", 512]
    rows: list[tuple[str, float, str, float]] = [
        ("conv2d v. correlate2d: faster", conv[CORRELATE2D] / conv[OURS], "at least", 7),
        ("conv2d v. ndimage.correlate: faster", conv[NDIMAGE] / conv[OURS], "at least", 2),
        ("conv2d v. OpenCV, 1 thread: slower", conv[OURS] / conv[OPENCV], "at most", 6),
        ("max_pool2d v. block_reduce: faster", pool[SKIMAGE] / pool[OURS], "at least", 20),
    ]
    imports = [("import helpers", "import numpy")]
    if importlib.util.find_spec("course"):
        imports.append(("from course import check", "import numpy, IPython"))
    for ours, theirs in imports:
        ratio = import_ratio(ours, theirs, rounds)
        rows.append((f"{ours} v. {theirs}: slower", ratio, "at most", 1.3))
    return met("Numbers to beat, times (512x512, float32; 3x3 kernel, 2x2 pool)", rows)


def draw(results: dict[tuple, Medians]) -> None:
    """Draw how the cost grows with the image and with the kernel."""
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    images = [("float32", size, 3) for size in SIZES]
    kernels = [("float32", 512, k) for k in KERNEL_SIZES]
    for axes, keys, sides in zip(
        figure.subplots(1, 2), (images, kernels), (SIZES, KERNEL_SIZES), strict=True
    ):
        for name, marker in zip((LOOPS, CORRELATE2D, NDIMAGE, OURS, OPENCV), "v^Dos", strict=True):
            times = [results[key].get(name, np.nan) for key in keys]
            axes.plot(sides, times, marker=marker, label=name)
        axes.set(xscale="log", yscale="log", ylabel="milliseconds, float32")
        axes.minorticks_off()
        axes.set_xticks(sides, map(str, sides))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(alpha=0.3)
    figure.axes[0].set(title="A 3x3 kernel on growing images", xlabel="image side, pixels")
    figure.axes[1].set(title="Growing kernels on 512x512 pixels", xlabel="kernel side, values")
    figure.axes[0].legend(frameon=False)
    figure.savefig(PICTURE, dpi=110)
    console.print(f"Drawn: {PICTURE.name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="up to 512 pixels, fewer rounds")
    quick = parser.parse_args().quick
    sizes, rounds = (SIZES[:-1], 5) if quick else (SIZES, 15)
    cv2.setNumThreads(1)
    versions = ", ".join(f"{module.__name__} {module.__version__}" for module in PEERS)
    python = platform.python_version()
    console.print(f"{date.today()}, {os.cpu_count()} CPUs, Python {python}, {versions}\n")
    convolutions = time_convolutions(sizes, rounds)
    pooling = time_pooling(sizes, rounds)
    beaten = verdict(convolutions, pooling, rounds)
    if not quick:
        draw(convolutions)
    return 0 if beaten else 1


if __name__ == "__main__":
    sys.exit(main())
