# %% [markdown]
# Multiply nine pixels by nine numbers and add up. That is a convolution: one small sum, done at every
# place of a picture. It blurs and sharpens, it finds edges, and networks that recognise things are made
# of it. At the end you can
#
# - work out one pixel of a convolution by hand, and recognise the usual slips by their numbers,
# - write `conv2d` yourself, and say how large its result is before you run it,
# - choose what happens at the border, and make pixels of whatever comes out,
# - tell convolution from cross-correlation, which is what deep learning does.
#
# **How it goes.** Run a cell with Shift+Enter. One that begins with `predict` asks you something: put your
# answer in place of the dots and run it again. It is worth no points, but you will remember what you guessed
# wrong. A cell that says `YOUR CODE HERE` is yours. The cell below it checks your answer, knows the usual
# slips, and has three hints.
#
# ## What it is for
#
# Here is a network that has learned to recognise clothes. It meets five pictures that it has never seen.
# Run the cell.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, stepper

hiker = helpers.photograph()[236:364, 384:512]
network = helpers.trained_network()
clothes = helpers.fashion_mnist(full=False).test_images[[0, 4, 6, 11, 12]]
answers = [
    f"{helpers.CLASS_NAMES[chances.argmax()]}, {chances.max():.1%}"
    for chances in network.predict(clothes)
]
pictures.examples(clothes, answers)

# %% [markdown]
# Four are right. The last is a sneaker, and the network takes it for a bag.
#
# To a computer a picture is a table of numbers, one for each **pixel**: 0 is black, 255 is white. The first
# thing that the network does is slide small tables of nine numbers over it. It found these sixteen by itself:

# %%
pictures.kernels(network["conv2d"].get_weights()[0])

# %% [markdown]
# Such a table is called a **kernel**. In lesson 4 you train a network like this one. People also make kernels
# by hand. Five of those have turned the first of the next pictures into the others. At the end of this
# lesson your own functions do it.

# %%
pictures.side_by_side(
    {
        "a photograph": hiker,
        "blur": helpers.apply_filter(hiker, "gaussian 5x5"),
        "motion blur": helpers.apply_filter(hiker, "motion blur"),
        "sharpen": helpers.apply_filter(hiker, "sharpen"),
        "find edges": helpers.apply_filter(hiker, "find edges"),
        "emboss": helpers.apply_filter(hiker, "emboss 3x3"),
    }
)

# %% [markdown]
# ## Two minutes of play
#
# A **window**, the frame round nine pixels, lies on a small image. Each pixel in it is multiplied by the kernel's
# number at the same place, and the nine products are added up. Here the sum is **577**.
#
# Point at the image, or click on it and use the arrow keys.

# %%
stepper.convolution()

# %% [markdown]
# (Where nothing can move, on GitHub for example, you see a picture of it.) Now predict, and then try it. "Start
# again" brings everything back.

# %% predict="middle_gone"
predict.middle_gone(...)

# %% predict="one_step_right"
predict.one_step_right(...)

# %% predict="identity_kernel"
predict.identity_kernel(...)

# %% predict="flipped_sum"
predict.flipped_sum(...)

# %% [markdown]
# And with "mean"? "Fill in" shows all outputs at once. Each is the mean of nine pixels: a blur.

# %% [markdown]
# ## 1. A window
#
# `image[2, 3]` is the pixel in row 2, column 3. **The row comes first**, and both are counted from 0. In the
# next image the numbers say where they stand: 23 is in row 2, column 3.

# %%
tens = np.array([[10 * row + col for col in range(6)] for row in range(5)])
pictures.show(tens)

# %% [markdown]
# A window holds a pixel and its eight neighbours.

# %% predict="window_round_23"
predict.window_round_23(...)

# %% [markdown]
# ### Build: `neighborhood(image, row, col)`
#
# Return the 3×3 window whose centre is the pixel in this row and column. The pixel is never on the
# border, so the window always fits.


# %% exercise="neighborhood"
def neighborhood(image, row, col):
    """Return the 3x3 window of `image` centred on image[row, col], as an array."""
    ### BEGIN SOLUTION
    return image[row - 1 : row + 2, col - 1 : col + 2]
    ### END SOLUTION


# %% check="neighborhood"
# Stuck? check.neighborhood.hint()
check.neighborhood(neighborhood)

# %% [markdown]
# ## 2. One pixel
#
# Here are the window and the kernel from the beginning:
#
# $$\text{window} = \begin{bmatrix} 0 & 64 & 128 \\ 48 & 192 & 144 \\ 142 & 226 & 168 \end{bmatrix}
# \qquad
# \text{kernel} = \begin{bmatrix} -1 & 0 & -2 \\ 0.5 & 4.5 & -1.5 \\ 1.5 & 2 & -3 \end{bmatrix}$$
#
# The sum becomes the new value of the pixel in the middle, the 192.
#
# **Pen and paper.** Do it once, before you run the next cell: nine products, one sum. Everything that comes
# after it is this sum again.

# %%
window = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
kernel = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

pictures.kernel_on_patch(window, kernel)

# %% [markdown]
# **577.** It is more than 255, so it is not a pixel yet.
#
# ### Build: `convolve_pixel(window, kernel)`
#
# Both are 3×3 arrays. Return the sum of the nine products.


# %% exercise="convolve_pixel"
def convolve_pixel(window, kernel):
    """Return the sum of the products of a 3x3 window and a 3x3 kernel, a number."""
    ### BEGIN SOLUTION
    return float(np.sum(window * kernel))
    ### END SOLUTION


# %% check="convolve_pixel"
# Stuck? check.convolve_pixel.hint()
check.convolve_pixel(convolve_pixel)

# %% [markdown]
# ### What went wrong?
#
# Here are seven wrong results, each from one slip. Which belongs to which? You can do most of it without a
# calculator.
#
# | | got | | slip |
# |---|---:|---|---|
# | A | 732 | 1 | left the centre out |
# | B | 249 | 2 | wrote `window @ kernel`, a matrix product, and added that up |
# | C | −287 | 3 | added first, and multiplied the two sums |
# | D | 1112 | 4 | turned the kernel by 180 degrees |
# | E | 1337 | 5 | swapped the kernel's rows and columns |
# | F | 255 | 6 | stored the result in a byte |
# | G | 65 | 7 | cut off what a pixel can't hold |

# %%
slips = {
    "A": np.sum(window * kernel[::-1, ::-1]),
    "B": np.sum(window * kernel.T),
    "C": np.sum(window * kernel) - window[1, 1] * kernel[1, 1],
    "D": np.sum(window) * np.sum(kernel),
    "E": np.sum(window @ kernel),
    "F": np.clip(577, 0, 255),
    "G": np.array(577).astype(np.uint8),
}
for name, value in slips.items():
    print(f"{name} {value:5.0f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A 4, B 5, C 1, D 3, E 2, F 7, G 6.
#
# C is in many explanations: "multiply each *neighbour*". **The centre counts too.** Its product is the
# largest of all, 864, and $577 - 864 = -287$.
#
# A byte holds 0 to 255 and then starts again from 0, hence G: $577 = 2 \cdot 256 + 65$.
#
# </details>
#
# ### A flat wall
#
# A wall of one grey: what does our kernel make of it? (Slip 3 is a shortcut here.)

# %% predict="flat_wall"
predict.flat_wall(...)

# %%
wall = np.full((3, 3), 100)
print(yours.convolve_pixel(wall, kernel))

# %% [markdown]
# When all pixels are the same, you may add first: 100 times the sum of the kernel. **This kernel's numbers
# add up to 1**, so a flat wall keeps its grey. Kernels that add up to 0 make it black.
#
# (`yours.convolve_pixel` is your function once it has passed its check. Until then it is the course's, so
# that you can go on when you are stuck.)

# %% [markdown]
# ## 3. The window moves
#
# One window gives one number. Move it one pixel to the right, and you get the next. At the end of the row go
# back to the left, one row down. The numbers make a new image. Take the image that you played with: 5×5 pixels,
# our window in the middle.

# %% predict="places_in_5x5"
predict.places_in_5x5(...)

# %%
patch = np.array(
    [
        [16, 32, 80, 112, 144],
        [24, 0, 64, 128, 160],
        [96, 48, 192, 144, 112],
        [120, 142, 226, 168, 96],
        [128, 160, 192, 176, 80],
    ]
)
pictures.sliding(patch, kernel)

# %% [markdown]
# 577 is in the middle again. Take the uppermost row first. The window's rows stay 0, 1 and 2; its left edge stands
# in column 0, then 1, then 2:

# %%
for c in range(3):
    print("columns", c, "to", c + 2, " sum:", yours.convolve_pixel(patch[0:3, c : c + 3], kernel))

# %% [markdown]
# For the next row start one row lower: a second loop round the first. So for the result in row $r$, column $c$
# the window's **top left corner** is at `image[r, c]`. Counted from there, no pixel needs to be the middle, and
# the kernel may have any size. With height $k_h$ and width $k_w$ the whole of it is
#
# $$\text{out}[r, c] = \sum_{i=0}^{k_h - 1} \; \sum_{j=0}^{k_w - 1} \text{kernel}[i, j] \cdot
# \text{image}[r + i, \; c + j]$$
#
# ### Build: `conv2d_valid(image, kernel)`
#
# Do this at every place where the whole kernel fits. An image of $H \times W$ pixels gives
# $(H - k_h + 1) \times (W - k_w + 1)$ numbers. Neither image nor kernel need be square. Return an array of
# floats, whatever comes in. (*Valid* is Keras's name for it: no value needs a pixel from outside.)


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    """Slide a kernel of any size over a grey image; return the sums, one for each place.

    (H, W) and (kh, kw) give an array of (H - kh + 1, W - kw + 1) floats.
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out
    ### END SOLUTION


# %% check="conv2d_valid"
# Stuck? check.conv2d_valid.hint()
check.conv2d_valid(conv2d_valid)

# %% [markdown]
# Let it loose on the hiker:

# %%
values = yours.conv2d_valid(hiker, kernel)
outside = np.mean((values < 0) | (values > 255))
print(f"{hiker.shape} became {values.shape}, {values.min():g} to {values.max():g}")
print(f"{outside:.0%} of the values are no pixels: below 0, or above 255")
pictures.show(values)

# %% [markdown]
# Blue is negative, red is positive. Two things need care now: the image has become smaller, and a fifth of
# its values are no pixels.

# %% [markdown]
# ## 4. What is left of 28 pixels
#
# The clothes above have 28×28 pixels. A 3×3 window cannot be centred on the outermost ones: part
# of it would hang over the edge. So **one is lost on each side**, and 28 becomes 26.

# %%
pictures.shrinking(28, 3)

# %% [markdown]
# And other kernels?

# %% predict="left_by_2x2"
predict.left_by_2x2(...)

# %% predict="left_by_9x9"
predict.left_by_9x9(...)

# %%
blank = np.zeros((28, 28))
for size in (2, 3, 5, 9):
    height, width = yours.conv2d_valid(blank, np.ones((size, size))).shape
    print(f"{size}x{size} kernel, {size * size:2} numbers: 28x28 becomes {height}x{width}")

# %% [markdown]
# Two more things change the size. **Strides** are the steps that the window takes: with strides 2 it stands
# only at every second place. **Padding** puts extra pixels round the image, as many at each end. Here the
# window takes strides of 2, and pixels of 0 stand round the image: the pale ones.

# %%
stepper.convolution(border="zero", strides=2)

# %% predict="two_at_a_time"
predict.two_at_a_time(...)

# %% [markdown]
# ### Build: `output_size(size, kernel_size, padding=0, strides=1)`
#
# Return how many places there are along one side, a whole number. For a size of $n$, a kernel of $k$,
# padding $p$ and strides $s$ it is
#
# $$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$
#
# ($\lfloor \; \rfloor$ rounds down.)


# %% exercise="output_size"
def output_size(size, kernel_size, padding=0, strides=1):
    """Return how many places a kernel has along one side of an image, an int."""
    ### BEGIN SOLUTION
    return (size + 2 * padding - kernel_size) // strides + 1
    ### END SOLUTION


# %% check="output_size"
# Stuck? check.output_size.hint()
check.output_size(output_size)

# %%
print("28 pixels, kernel of 3:            ", yours.output_size(28, 3))
print("28 pixels, kernel of 3, padding 1: ", yours.output_size(28, 3, padding=1))
print("28 pixels, kernel of 3, strides 2: ", yours.output_size(28, 3, strides=2))
print("224 pixels, 7, padding 3, strides 2:", yours.output_size(224, 7, padding=3, strides=2))

# %% [markdown]
# The last line is the first layer of [ResNet](https://arxiv.org/abs/1512.03385), a famous network: 224 becomes 112.

# %% [markdown]
# ## 5. Back to pixels
#
# A pixel is stored in a **byte**, `uint8` in NumPy: a whole number from 0 to 255. 577 became 65, as you saw.
# What becomes of others?

# %% predict="byte_of_minus_3"
predict.byte_of_minus_3(...)

# %% predict="byte_of_99_6"
predict.byte_of_99_6(...)

# %%
print(np.array([577, -3]).astype(np.uint8), np.array([99.6]).astype(np.uint8))

# %% [markdown]
# Very bright turns dark, darker than black turns nearly white, and the fraction is cut off. There is no error
# and no warning.
#
# ### Build: `to_pixels(values, factor=1.0, bias=0.0)`
#
# Make honest pixels in four steps:
#
# 1. `factor * values + bias` (a factor makes values larger or smaller, a bias brighter or darker),
# 2. round to the nearest whole number,
# 3. clip: what is below 0 becomes 0, what is above 255 becomes 255,
# 4. store as `uint8`.


# %% exercise="to_pixels"
def to_pixels(values, factor=1.0, bias=0.0):
    """Return factor * values + bias as bytes: rounded to nearest, clipped to 0..255, uint8."""
    ### BEGIN SOLUTION
    scaled = factor * values + bias
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    ### END SOLUTION


# %% check="to_pixels"
# Stuck? check.to_pixels.hint()
check.to_pixels(to_pixels)

# %%
pictures.side_by_side(
    {
        "the photograph": hiker,
        "bytes that wrap around": np.rint(values).astype(int).astype(np.uint8),
        "your to_pixels": yours.to_pixels(values),
    }
)

# %% [markdown]
# The specks in the middle picture are values that wrapped around. (A few are the photograph's own.) Make pixels
# **once, at the end**. Until then keep the floats, with their signs and fractions: what is clipped is gone.

# %% [markdown]
# ## 6. The border
#
# Sometimes the result should be as large as the image. Then the window has to be centred on border
# pixels too, and part of it hangs over the edge. Something has to be invented there:
#
# | `border` | what stands beyond the edge of 1 2 3 4 | |
# |---|---|---|
# | `"zero"` | 0 0 **1 2 3 4** 0 0 | black |
# | `"wrap"` | 3 4 **1 2 3 4** 1 2 | the opposite side |
# | `"edge"` | 1 1 **1 2 3 4** 4 4 | the nearest pixel again |
#
# Take the window to a corner, and choose each `border`: the pale pixels are the invented ones.

# %%
stepper.convolution(border="wrap", row=0, col=0)

# %% [markdown]
# Here is the hiker under a large blur, 15×15, with each of them, in random order.

# %%
mean = np.ones((15, 15)) / 225
drawn = np.random.default_rng(577).permutation(["zero", "wrap", "edge"])
blurred = [helpers.conv2d(hiker, mean, padding="same", border=border) for border in drawn]
pictures.side_by_side(dict(zip("ABC", blurred, strict=True)))

# %% predict="black_border"
predict.black_border(...)

# %% [markdown]
# A is `"wrap"`: the right side of the picture came in at the left. B is `"edge"`, which shows least. How much of
# a picture does that touch? Here is a small one, with a 3×3 kernel:

# %%
pictures.borders(patch, np.ones((3, 3)))

# %% [markdown]
# 16 of 25 results rest on invented pixels. In a large photograph it is only a thin frame.
#
# ### Build: `conv2d_same(image, kernel, border="zero")`
#
# Return as many values as the image has pixels. Kernels have odd sizes here, so that they have a middle; they
# need not be square. In the picture a kernel 3 high needs 1 row more above and 1 below:
# $5 + 2 \cdot 1 - 3 + 1 = 5$. How many does a kernel of height $k_h$ need?
#
# Add the pixels first, then use `yours.conv2d_valid`.
# [`np.pad`](https://numpy.org/doc/stable/reference/generated/numpy.pad.html) is made for this.


# %% exercise="conv2d_same"
def conv2d_same(image, kernel, border="zero"):
    """Slide an odd kernel over a grey image; return as many floats as the image has pixels.

    `border` says what stands beyond the edge: "zero", "wrap" or "edge".
    """
    ### BEGIN SOLUTION
    mode = {"zero": "constant", "wrap": "wrap", "edge": "edge"}[border]
    rows, cols = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((rows, rows), (cols, cols)), mode=mode)
    return yours.conv2d_valid(padded, kernel)
    ### END SOLUTION


# %% check="conv2d_same"
# Stuck? check.conv2d_same.hint()
check.conv2d_same(conv2d_same)

# %% [markdown]
# The five pictures at the top again: this time **every pixel comes from your functions**. The kernels, factors and
# biases are those of a gallery that you will visit in lesson 2.

# %%
made_by_you = {"a photograph": hiker}
for name in ("gaussian 5x5", "motion blur", "sharpen", "find edges", "emboss 3x3"):
    weights, factor, bias = helpers.GALLERY[name]
    sums = yours.conv2d_same(hiker, weights, border="edge")
    made_by_you[name] = yours.to_pixels(sums, factor, bias)

pictures.side_by_side(made_by_you)

# %% [markdown]
# ## 7. Is this a convolution?
#
# Strictly speaking, no. Mathematics calls what you built
# [**cross-correlation**](https://en.wikipedia.org/wiki/Cross-correlation). For a
# [**convolution**](https://en.wikipedia.org/wiki/Convolution) the kernel is first flipped both ways,
# top to bottom and left to right: turned by 180 degrees. An image of one bright pixel shows why.

# %% predict="dot_through_kernel"
predict.dot_through_kernel(...)

# %%
dot = np.zeros((5, 5))
dot[2, 2] = 1
digits = np.arange(1, 10).reshape(3, 3)

pictures.side_by_side(
    {"a dot": dot, "a kernel": digits, "your conv2d_valid": yours.conv2d_valid(dot, digits)}
)

# %% [markdown]
# When the window stands above and left of the dot, the dot lies under the kernel's *last* number, so the 9
# comes out first. If the kernel is flipped beforehand, each bright pixel stamps it into the result the right
# way up. That is what a true convolution does.
#
# ### Build: `true_convolution(image, kernel)`
#
# The same as `conv2d_valid`, with the kernel flipped both ways.


# %% exercise="true_convolution"
def true_convolution(image, kernel):
    """Like conv2d_valid, with the kernel flipped both ways."""
    ### BEGIN SOLUTION
    return yours.conv2d_valid(image, kernel[::-1, ::-1])
    ### END SOLUTION


# %% check="true_convolution"
# Stuck? check.true_convolution.hint()
check.true_convolution(true_convolution)

# %% [markdown]
# [SciPy](https://docs.scipy.org/doc/scipy/reference/signal.html) has both.

# %% predict="scipy_twin"
predict.scipy_twin(...)

# %%
from scipy.signal import convolve2d, correlate2d

mine = yours.conv2d_valid(hiker, kernel)
flipped = yours.true_convolution(hiker, kernel)
for name, function in {"correlate2d": correlate2d, "convolve2d": convolve2d}.items():
    theirs = function(hiker, kernel, mode="valid")
    print(f"{name:11} conv2d_valid: {np.allclose(theirs, mine)!s:5}", end="   ")
    print(f"true_convolution: {np.allclose(theirs, flipped)}")

print(yours.conv2d_valid(window, kernel), yours.true_convolution(window, kernel))

# %% [markdown]
# **732 is the true convolution, 577 the cross-correlation**: result A of the puzzle above.
#
# Deep learning leaves the flip out and says "convolution" all the same, as
# [PyTorch's page](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) on its layer and
# [the textbook](https://www.deeplearningbook.org/contents/convnets.html) say. It makes no difference there: a
# network learns its kernels, and it learns a turned one as easily.
#
# From here on, "convolution" means slide, multiply, add, **no flip**.

# %% [markdown]
# ## 8. Break it
#
# Here is somebody else's version, in four loops. It has a bug.


# %%
def buggy_conv2d(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for i in range(kh):
                for j in range(kw):
                    out[r, c] += image[r + i, c + j] * kernel[j, i]
    return out


blur = np.ones((3, 3)) / 9
laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])  # finds edges of every direction
for name, tried in {"blur": blur, "laplacian": laplacian}.items():
    same = np.allclose(buggy_conv2d(hiker, tried), yours.conv2d_valid(hiker, tried))
    print(f"{name}: all {126 * 126:,} values are right: {same}")

# %% [markdown]
# Two tests on a real photograph, 31,752 values, and every one is right.
#
# ### Find: `bug_finder`
#
# Find an image and a kernel that bring the bug to light: a pair on which `buggy_conv2d` gives something
# else than the right function. Take a square kernel: with any other this function crashes, and nobody
# overlooks that.

# %% exercise="bug_finder"
bug_finder = ...  # your (image, kernel), two arrays
### BEGIN SOLUTION
bug_finder = (np.arange(12.0).reshape(3, 4), np.array([[0.0, 1.0], [0.0, 0.0]]))
### END SOLUTION

# %% check="bug_finder"
# Stuck? check.bug_finder.hint()
check.bug_finder(bug_finder)

# %% [markdown]
# It says `kernel[j, i]`: the kernel's rows and columns have changed places. What does that cost? The next
# kernel was made for **horizontal** lines; lesson 2 says why it works.

# %%
lying = np.zeros((9, 9))
lying[[1, 2, 6, 7]] = 200
standing = lying.T
horizontal = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])

pictures.side_by_side(
    {
        "lying stripes": lying,
        "lying: the right answer": yours.conv2d_valid(lying, horizontal),
        "lying: with the bug": buggy_conv2d(lying, horizontal),
        "standing stripes": standing,
        "standing: the right answer": yours.conv2d_valid(standing, horizontal),
        "standing: with the bug": buggy_conv2d(standing, horizontal),
    },
    columns=3,
)

# %% [markdown]
# With rows and columns swapped, **the horizontal kernel answers to vertical lines, pixel for pixel**, and is
# blind to what it was made for. Nothing crashes.
#
# A symmetric kernel can't show this bug: swapped, it is the same. Test with kernels without any symmetry, and
# with images and kernels that are not square.

# %% [markdown]
# ## 9. How long it takes
#
# The hiker has 126 × 126 = 15,876 places for a 3×3 kernel. That makes 142,884 products. Here are six
# ways to compute them.

# %% predict="times_faster"
predict.times_faster(...)

# %% tags=["nbval-ignore-output"]
import timeit

from scipy import ndimage

try:
    import cv2
except ImportError:  # in a browser tab there is none
    cv2 = None


def four_loops(image, kernel):
    (height, width), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((height - kh + 1, width - kw + 1))
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            for i in range(kh):
                for j in range(kw):
                    out[r, c] += image[r + i, c + j] * kernel[i, j]
    return out


def milliseconds(function):
    """The best of three times, each of as many runs as the clock needs."""
    timer, runs = timeit.Timer(function), 1
    while timer.timeit(runs) < 0.01:
        runs *= 10
    return 1000 * min(timer.repeat(3, runs)) / runs


picture, numbers = hiker.astype(np.float32), kernel.astype(np.float32)
times = {
    "four loops in Python": milliseconds(lambda: four_loops(picture, numbers)),
    "your conv2d_valid": milliseconds(lambda: yours.conv2d_valid(picture, numbers)),
    "SciPy, correlate2d": milliseconds(lambda: correlate2d(picture, numbers, mode="valid")),
    "SciPy, ndimage.correlate": milliseconds(lambda: ndimage.correlate(picture, numbers)),
    "NumPy, helpers.conv2d": milliseconds(lambda: helpers.conv2d(picture, numbers)),
}
if cv2:
    times["OpenCV, filter2D"] = milliseconds(lambda: cv2.filter2D(picture, -1, numbers))
pictures.bars(times, "milliseconds", log=True).varying()

# %% [markdown]
# The products are the same. What costs time is Python, which starts anew for each of them.
#
# Why does NumPy inside a loop gain so little? One call of NumPy costs about as much as dozens of products in
# Python, however few numbers it gets. Your `conv2d_valid` calls it 15,876 times, with nine numbers each time.
# `helpers.conv2d` calls it nine times, with *whole images*: type `helpers.conv2d??` in a cell to read how. SciPy
# runs the four loops in C, and OpenCV computes several products at once.

# %% [markdown]
# ## What you learned
#
# - A convolution is a sum of products, done at every place: 577, and the centre counts.
# - A 3×3 kernel takes one pixel from each side: 28 becomes 26.
# - Values are floats with signs. Pixels are made once, at the end: scaled, rounded, clipped, bytes.
# - At the border something is invented. Choose what.
# - Deep learning's convolution does not flip: it is a cross-correlation.
# - Symmetric tests hide bugs.
#
# **If you want more:** 3Blue1Brown's
# [But what is a convolution?](https://www.youtube.com/watch?v=KuXjwB4LzSA) shows the same sum in
# probability and in polynomials.
#
# **What comes next.** So far the nine numbers were given. In `02_edge_kernels` you choose them: kernels
# that see only horizontal lines or only vertical ones, that blur, sharpen and emboss.

# %% tags=["nbval-ignore-output"]
progress()
