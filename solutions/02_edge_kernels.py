# %% [markdown]
# In lesson 1 you slid a kernel over an image and got one number for each window. Now you choose the
# nine numbers yourself. At the end you can
#
# - design a kernel that answers to lines of one direction and is blind to the other,
# - say what a kernel will answer *before* you run it, plus or minus,
# - blur, sharpen and emboss with nine numbers, a factor and a bias,
# - name a filter that no kernel can make.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, stepper

photograph = helpers.photograph()
pictures.show(photograph)

# %% [markdown]
# This is the picture for today: a staircase, full of edges. SciPy calls it *ascent*.

# %% predict="old_ascent"
predict.old_ascent(...)

# %% [markdown]
# Its successor,
# [`scipy.datasets.ascent`](https://docs.scipy.org/doc/scipy/reference/generated/scipy.datasets.ascent.html),
# has to download it. `helpers.photograph()` came with the course: 512 × 512 bytes, from 0 (black) to 255 (white).

# %% [markdown]
# ## A kernel is a question
#
# Here is a kernel with only three numbers, one above the other:
#
# $$\begin{bmatrix} -1 \\ 0 \\ 1 \end{bmatrix}$$
#
# It takes the pixel below and subtracts the pixel above. So it asks: *is it brighter below than above, and by
# how much?* What comes out is its **answer**; books say *response*. Let it meet three pictures: a flat one, one
# with a horizontal edge, one with a vertical edge.

# %% predict="horizontal_edge_answer"
predict.horizontal_edge_answer(...)

# %% predict="vertical_edge_answer"
predict.vertical_edge_answer(...)

# %%
below_minus_above = np.array([[-1], [0], [1]])

flat = np.full((6, 6), 100)
horizontal_edge = np.repeat([[40], [40], [40], [100], [100], [100]], 6, axis=1)
vertical_edge = horizontal_edge.T

pictures.side_by_side(
    {
        "flat": flat,
        "horizontal edge": horizontal_edge,
        "vertical edge": vertical_edge,
        "answer to flat": yours.conv2d_valid(flat, below_minus_above),
        "answer to the horizontal edge": yours.conv2d_valid(horizontal_edge, below_minus_above),
        "answer to the vertical edge": yours.conv2d_valid(vertical_edge, below_minus_above),
    },
    columns=3,
)

# %% [markdown]
# (`yours.conv2d_valid` is the function that you wrote in lesson 1, or the course's if yours has not passed yet.)
#
# The horizontal edge gives $100 - 40 = 60$ in the two rows where the window reaches across it. The kernel is
# blind to flat areas because its numbers add up to 0. And it is blind to vertical edges because they add up to
# 0 *down the column*.

# %% [markdown]
# ### Build: `horizontal_kernel`
#
# Design a **3×3** kernel for horizontal lines:
#
# - on a flat area it answers 0,
# - on any picture of vertical lines it answers 0,
# - to a horizontal line it does answer, with plus or with minus.
#
# Many kernels are right. The check tries yours on small pictures.

# %% exercise="horizontal_kernel"
horizontal_kernel = ...  # your 3x3 array
### BEGIN SOLUTION
horizontal_kernel = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
### END SOLUTION

# %% check="horizontal_kernel"
# Stuck? check.horizontal_kernel.hint()
check.horizontal_kernel(horizontal_kernel)

# %% [markdown]
# ### Build: `vertical_kernel`
#
# The same for the other direction: 0 on flat areas, 0 on horizontal lines, an answer to vertical ones.

# %% exercise="vertical_kernel"
vertical_kernel = ...  # your 3x3 array
### BEGIN SOLUTION
vertical_kernel = horizontal_kernel.T
### END SOLUTION

# %% check="vertical_kernel"
# Stuck? check.vertical_kernel.hint()
check.vertical_kernel(vertical_kernel)

# %% [markdown]
# Now let both loose on a piece of the staircase. (`helpers.conv2d` does what your `conv2d_valid` does, only
# faster.) Red is positive, blue is negative, white is 0.

# %% predict="sees_the_posts"
predict.sees_the_posts(...)

# %%
railings = photograph[340:460, 80:280]
pictures.side_by_side(
    {
        "the railings": railings,
        "horizontal_kernel": helpers.conv2d(railings, yours.horizontal_kernel),
        "vertical_kernel": helpers.conv2d(railings, yours.vertical_kernel),
    }
)

# %% [markdown]
# ## Plus or minus?
#
# From here on we all use the same pair, which Irwin Sobel and Gary Feldman showed in
# [1968](https://en.wikipedia.org/wiki/Sobel_operator). The middle counts twice, because it is closer to the
# centre than the corners are.

# %%
sobel_horizontal = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
sobel_vertical = sobel_horizontal.T

pictures.kernels({"sobel_horizontal": sobel_horizontal, "sobel_vertical": sobel_vertical})

# %% [markdown]
# Here are four pictures, each as large as the kernels: one window, so one answer from each kernel.

# %%
small_pictures = {
    "bright below": np.array([[50, 50, 50], [50, 50, 50], [200, 200, 200]]),
    "bright left": np.array([[200, 50, 50], [200, 50, 50], [200, 50, 50]]),
    "thin line": np.array([[50, 50, 50], [200, 200, 200], [50, 50, 50]]),
    "bright corner": np.array([[50, 50, 200], [50, 50, 50], [50, 50, 50]]),
}
pictures.side_by_side(small_pictures, columns=4)

# %% [markdown]
# ### Predict: `predicted_responses`
#
# For each picture, write two signs: first the answer of `sobel_horizontal`, then the answer of
# `sobel_vertical`. A sign is `"+"`, `"-"` or `"0"`. Do it in your head or on paper.
#
# ```python
# predicted_responses = {
#     "bright below": ("?", "?"),
#     "bright left": ("?", "?"),
#     "thin line": ("?", "?"),
#     "bright corner": ("?", "?"),
# }
# ```

# %% exercise="predicted_responses"
predicted_responses = ...  # your dictionary, as above
### BEGIN SOLUTION
predicted_responses = {
    "bright below": ("+", "0"),
    "bright left": ("0", "-"),
    "thin line": ("0", "0"),
    "bright corner": ("-", "+"),
}
### END SOLUTION

# %% check="predicted_responses"
# Stuck? check.predicted_responses.hint()
check.predicted_responses(predicted_responses)

# %% [markdown]
# A kernel *for horizontal lines* answers 0 to "thin line"? Let the line pass under the window, and look at the
# rows above and below.

# %%
thin_line = np.full((7, 5), 50)
thin_line[3] = 200
pictures.side_by_side(
    {"a thin line": thin_line, "its answers": yours.conv2d_valid(thin_line, sobel_horizontal)}
)

# %% [markdown]
# A thin line has two edges, and the kernel answers to each: $+600$ where it gets brighter from top to
# bottom, $-600$ where it gets darker again, and 0 in between. So the sign has a meaning: **plus is dark to
# bright, minus is bright to dark**, read from top to bottom (for the vertical kernel, from left to right).

# %% [markdown]
# ## Do not lose the minus
#
# Back to the staircase.

# %% predict="negative_answers"
predict.negative_answers(...)

# %% predict="negatives_as_bytes"
predict.negatives_as_bytes(...)

# %%
pictures.responses(
    photograph, {"sobel_horizontal": sobel_horizontal, "sobel_vertical": sobel_vertical}
)

# %% [markdown]
# 39% and 41% are negative: what gets brighter gets darker again. So **look at edge answers signed, or as
# absolute value, and only then make pixels.** This is what is left of the railings otherwise:

# %%
answers = helpers.conv2d(railings, sobel_vertical)
pictures.side_by_side(
    {
        "signed": answers,
        "clipped: one side of each post": yours.to_pixels(answers),
        "absolute value: both sides": yours.to_pixels(np.abs(answers)),
    }
)

# %% [markdown]
# ## Break it: bytes
#
# The next function asks what our first kernel asked, of the whole image at once: everything but the two upper
# rows, minus everything but the two lower ones. It is short and fast, it is in many notebooks, and it has a bug.


# %%
def hasty_edges(image):
    return image[2:] - image[:-2]


# %% predict="bytes_26_minus_28"
predict.bytes_26_minus_28(...)

# %%
below, above = railings[2, 1], railings[0, 1]
print(
    f"{below} - {above} is {below.astype(int) - above}, and {hasty_edges(railings)[0, 1]} came out"
)

right = helpers.conv2d(railings, below_minus_above)
wrong = hasty_edges(railings) != right
print(f"{wrong.mean():.0%} of the answers at the railings are wrong")
pictures.side_by_side({"hasty_edges": hasty_edges(railings), "right": right})

# %% [markdown]
# The photograph is made of bytes, and bytes minus bytes are bytes: there is nothing below 0 in them. In lesson 1
# the damage was done when the result was stored. Here it is done in the middle of the sum, and no absolute value
# or clipping afterwards brings the sign back. `hasty_edges(image.astype(float))` is right.
#
# Before you trust such a function, try it on a small picture.

# %% predict="brings_to_light"
predict.brings_to_light(...)

# %%
dark_below = horizontal_edge[::-1]
for name, image in {"bright below": horizontal_edge, "dark below": dark_below}.items():
    answers = hasty_edges(image.astype(np.uint8))
    print(f"{name:<13} largest answer {answers.max()}, right would be", end=" ")
    print(helpers.conv2d(image, below_minus_above).max())

# %% [markdown]
# ## Both directions in one picture
#
# At each pixel you have two answers, $h$ and $v$. Think of them as the two short sides of a right-angled
# triangle. The third side says how strong the edge is, whatever its direction and sign:
#
# $$\sqrt{h^2 + v^2}$$
#
# ### Build: `gradient_magnitude(image)`
#
# Use the Sobel pair and valid size: two rows and two columns fewer than the image. For example, where
# $h = 30$ and $v = -40$, the result is 50.


# %% exercise="gradient_magnitude"
def gradient_magnitude(image):
    """Return sqrt(h**2 + v**2) of the two Sobel answers, valid size."""
    ### BEGIN SOLUTION
    h = yours.conv2d_valid(image, sobel_horizontal)
    v = yours.conv2d_valid(image, sobel_vertical)
    return np.sqrt(h**2 + v**2)
    ### END SOLUTION


# %% check="gradient_magnitude"
# Stuck? check.gradient_magnitude.hint()
check.gradient_magnitude(gradient_magnitude)

# %%
# With loops this may take a few seconds: two kernels, 260,100 windows each.
pictures.show(yours.gradient_magnitude(photograph), "gradient_magnitude")

# %% [markdown]
# Every post, step and bar is there, whichever way it runs.

# %% [markdown]
# ## What the numbers add up to
#
# Edge kernels add up to 0. What if a kernel adds up to something else?

# %% predict="nine_ones"
predict.nine_ones(...)

# %%
ones = np.ones((3, 3))
answer = yours.conv2d_valid(np.full((3, 3), 100), ones)
print("answer:", answer, " as a pixel:", yours.to_pixels(answer))

# %% [markdown]
# **A kernel multiplies the brightness of a flat area by the sum of its numbers.** Sum 1 keeps it. Sum
# 0 turns it black, which is what an edge kernel wants.
#
# ### Build: `normalize_kernel(kernel)`
#
# Divide a kernel of any size by its sum, so that the numbers add up to 1. A kernel whose sum is 0 comes back
# unchanged. For example,
# `[[1, 2, 1], [2, 4, 2], [1, 2, 1]]` adds up to 16, so its first number becomes $1/16 = 0.0625$.


# %% exercise="normalize_kernel"
def normalize_kernel(kernel):
    """Return the kernel divided by its sum; unchanged where the sum is 0."""
    ### BEGIN SOLUTION
    total = np.sum(kernel)
    return kernel / total if total != 0 else kernel
    ### END SOLUTION


# %% check="normalize_kernel"
# Stuck? check.normalize_kernel.hint()
check.normalize_kernel(normalize_kernel)

# %% [markdown]
# ### Build: `box_kernel(size)`
#
# The nine ones, normalised, give each pixel the **mean** of its window. Such a kernel is called a box.
# Write it for any size: `box_kernel(3)` is 3×3, and each of its numbers is 1/9.


# %% exercise="box_kernel"
def box_kernel(size):
    """Return a (size, size) kernel that takes the mean of its window."""
    ### BEGIN SOLUTION
    return yours.normalize_kernel(np.ones((size, size)))
    ### END SOLUTION


# %% check="box_kernel"
# Stuck? check.box_kernel.hint()
check.box_kernel(box_kernel)

# %% [markdown]
# ### Build: `motion_blur_kernel(size)`
#
# When a camera moves while the shutter is open, each point is smeared along a line. Here it moves from
# the **top left to the bottom right**: the same number at `[0, 0]`, `[1, 1]`, `[2, 2]` and so on, 0
# everywhere else, and a sum of 1. In `motion_blur_kernel(9)` each number on the diagonal is 1/9.


# %% exercise="motion_blur_kernel"
def motion_blur_kernel(size):
    """Return a (size, size) kernel that blurs from the top left to the bottom right."""
    ### BEGIN SOLUTION
    return np.eye(size) / size
    ### END SOLUTION


# %% check="motion_blur_kernel"
# Stuck? check.motion_blur_kernel.hint()
check.motion_blur_kernel(motion_blur_kernel)

# %% [markdown]
# To get to know a kernel, show it a single bright point. What comes out is a picture of the kernel itself,
# turned by 180 degrees. (These two look the same either way.)

# %%
point = np.zeros((7, 7), dtype=np.uint8)
point[3, 3] = 180
boxed = yours.conv2d_valid(point, yours.box_kernel(3))
smeared = yours.conv2d_valid(point, yours.motion_blur_kernel(3))
pictures.side_by_side(
    {
        "a point": point,
        "through box_kernel(3)": yours.to_pixels(boxed),
        "through motion_blur_kernel(3)": yours.to_pixels(smeared),
    },
    columns=3,
)

# %% [markdown]
# The light of the point is shared out, and none of it is lost. Now on a part of the photograph:

# %%
climber = photograph[270:470, 100:300]
pictures.side_by_side(
    {
        "the climber": climber,
        "box_kernel(7)": helpers.conv2d(climber, yours.box_kernel(7)),
        "motion_blur_kernel(15)": helpers.conv2d(climber, yours.motion_blur_kernel(15)),
    }
)

# %% [markdown]
# ## Sharpen
#
# A blur takes the detail out of a picture. So the detail is what the blur took:
#
# $$\text{detail} = \text{picture} - \text{blurred picture}$$
#
# Add the detail to the picture, and there is twice as much of it. That is sharpening. All of it fits
# into one kernel.
#
# ### Build: `sharpen_kernel`
#
# Design a **3×3** kernel that raises the contrast at edges:
#
# - its numbers add up to 1, so that flat areas keep their value,
# - at an edge from 100 to 200, pixels beside the edge go *below* 99 on the dark side and *above* 201
#   on the bright side,
# - no pixel of the dark side becomes brighter than one of the bright side,
# - and all that for horizontal, vertical and both diagonal edges.
#
# Again, many answers are right.

# %% exercise="sharpen_kernel"
sharpen_kernel = ...  # your 3x3 array
### BEGIN SOLUTION
sharpen_kernel = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
### END SOLUTION

# %% check="sharpen_kernel"
# Stuck? check.sharpen_kernel.hint()
check.sharpen_kernel(sharpen_kernel)

# %% [markdown]
# Here is the edge that the check looks at, seen from the side: the brightness along one row, before
# and after your kernel.

# %%
edge = np.where(np.arange(14) < 7, 100, 200) * np.ones((3, 1))
sharpened_edge = helpers.conv2d(edge, yours.sharpen_kernel)
columns = np.arange(14)
pictures.lines(
    {"before": (columns, edge[1]), "after": (columns[1:-1], sharpened_edge[0])},
    x_label="column",
    y_label="brightness",
)

# %% [markdown]
# The picture does not hold more detail than before. The dark side of each edge is darker and the bright side
# brighter, and our eyes call that sharp. Photo programs call it
# [unsharp masking](https://en.wikipedia.org/wiki/Unsharp_masking).

# %%
pictures.side_by_side(
    {
        "the climber": climber,
        "sharpened": yours.to_pixels(helpers.conv2d(climber, yours.sharpen_kernel)),
    }
)

# %% [markdown]
# ## A relief
#
# The next kernel is negative at the top left and positive at the bottom right. With it a picture looks as if it
# were pressed into metal: one side of each edge catches the light, the other lies in the shade.

# %%
emboss_kernel = np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]])
print("its numbers add up to", emboss_kernel.sum())

# %% predict="emboss_on_flat"
predict.emboss_on_flat(...)

# %% [markdown]
# Flat areas would be black, and so would all negative answers: only light, and no shade. The remedy is a
# **bias**, a number added to every answer. With 128, the middle of 0 to 255, flat areas are grey. You wrote the
# tool for it in lesson 1: `to_pixels(values, factor, bias)`.
#
# ### Build: `emboss(image)`
#
# The answers of `emboss_kernel`, valid size, with a bias of 128, through `to_pixels`: bytes.


# %% exercise="emboss"
def emboss(image):
    """Return the embossed image as uint8: two rows and two columns fewer."""
    ### BEGIN SOLUTION
    return yours.to_pixels(yours.conv2d_valid(image, emboss_kernel), bias=128)
    ### END SOLUTION


# %% check="emboss"
# Stuck? check.emboss.hint()
check.emboss(emboss)

# %%
pictures.show(yours.emboss(photograph), "emboss")

# %% [markdown]
# ## The gallery
#
# A kernel, a factor and a bias make a **filter** of a classic photo program. Here are thirteen of them, and one
# that is different (the last one; you will build it below). "Motion blur" is your `motion_blur_kernel(9)`, and
# "mean" your `box_kernel(3)`. "Find edges" and "sharpen" have -1 all round, and 8 or 9 in the middle: sum 0 shows
# the edges alone, sum 1 adds them to the picture.

# %%
pictures.gallery(photograph)

# %% [markdown]
# A colour image is three grey ones, its **channels**. A photo program runs its filter on one after the other,
# and three channels come out. Our photograph has no colours of its own, so we lent it some, like an old postcard.

# %%
pictures.gallery(helpers.colour_photograph())

# %% [markdown]
# **A network does not do that.** Its kernels have nine numbers for *each* channel and add all three answers up:
# three channels go in, and one result comes out. This one takes red minus blue, so it answers to the colour,
# whatever the brightness. In lesson 3 you build it.

# %%
postcard = helpers.colour_photograph()[236:364, 384:512]
red, green, blue = (postcard[:, :, channel].astype(float) for channel in range(3))
pictures.side_by_side({"a piece of the postcard": postcard, "red minus blue": red - blue})

# %% [markdown]
# Minus, blue in the picture, stands for the shadows: there is more blue than red in them. Where light falls the
# postcard is cream, and cream has more red than blue. Move the window: it lies on all three channels at once.

# %%
red_minus_blue = np.zeros((3, 3, 3))
red_minus_blue[1, 1] = [1, 0, -1]
stepper.channels(helpers.colour_photograph()[236:300, 384:448], red_minus_blue)

# %% [markdown]
# Now take the filters into your own hands: move the window, choose a kernel, change its numbers. Predict first.

# %% predict="sharpen_with_8"
predict.sharpen_with_8(...)

# %% predict="sharpen_with_10"
predict.sharpen_with_10(...)

# %%
stepper.convolution(photograph[340:436, 150:246], "sharpen", border="edge", pixels=True)

# %% [markdown]
# Choose "find edges", and untick "as pixels": the negative answers come back, in blue.
#
# ## Your own design: diagonals
#
# Two lines, at right angles to each other. `gradient_magnitude` cannot tell them apart. You can, with nine
# numbers.

# %%
rising = np.eye(7)[::-1] * 100
falling = np.eye(7) * 100
pictures.side_by_side({"rising": rising, "falling": falling})

# %% [markdown]
# ### Build: `diagonal_kernel`
#
# Design a **3×3** kernel for lines at 45 degrees that **rise to the right**, from the bottom left to
# the top right:
#
# - on a flat area it answers 0,
# - its strongest answer to a rising line is **at least twice as strong** as its strongest answer to a
#   falling line (the sign does not count).
#
# What it does to horizontal and vertical lines is up to you.

# %% exercise="diagonal_kernel"
diagonal_kernel = ...  # your 3x3 array
### BEGIN SOLUTION
diagonal_kernel = np.array([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]])
### END SOLUTION

# %% check="diagonal_kernel"
# Stuck? check.diagonal_kernel.hint()
check.diagonal_kernel(diagonal_kernel)

# %%
pictures.side_by_side(
    {
        "answers to rising": yours.conv2d_valid(rising, yours.diagonal_kernel),
        "answers to falling": yours.conv2d_valid(falling, yours.diagonal_kernel),
    }
)

# %% [markdown]
# Here is a line that rises and falls in turn, and what your kernel makes of it:

# %%
zigzag = np.where(np.abs(np.arange(96) % 32 - 16) == np.arange(1, 16)[:, np.newaxis], 100, 0)
pictures.side_by_side(
    {
        "rising and falling": zigzag,
        "absolute answers of diagonal_kernel": np.abs(
            helpers.conv2d(zigzag, yours.diagonal_kernel)
        ),
    },
    columns=1,
)

# %% [markdown]
# ## A filter without a kernel
#
# An old camera has left specks on the picture: one pixel in twenty is black, one in twenty is white. A mean
# shares each speck out among its neighbours. Look at one window with a white speck in it:
#
# $$\begin{bmatrix} 1 & 2 & 3 \\ 4 & 255 & 6 \\ 7 & 8 & 9 \end{bmatrix}$$
#
# The mean of the nine values is $295 / 9 = 32.8$: larger than every honest value of the window.

# %% predict="speck_and_median"
predict.speck_and_median(...)

# %% [markdown]
# The value in the middle of the sorted ones is the **median**. If there are two in the middle, as in a
# 2×2 window with its four values, it is the mean of those two.
#
# ### Build: `median_filter(image, size)`
#
# The median of each `size` × `size` window, valid size: `(H - size + 1, W - size + 1)`. `size` may be
# odd or even, and as large as the image.


# %% exercise="median_filter"
def median_filter(image, size):
    """Return the median of every size x size window, valid size, as floats."""
    ### BEGIN SOLUTION
    height, width = image.shape
    out = np.zeros((height - size + 1, width - size + 1))
    for row in range(out.shape[0]):
        for col in range(out.shape[1]):
            out[row, col] = np.median(image[row : row + size, col : col + size])
    return out
    ### END SOLUTION


# %% check="median_filter"
# Stuck? check.median_filter.hint()
check.median_filter(median_filter)

# %%
speck = np.random.default_rng(seed=2).random(climber.shape)
specked = np.where(speck < 0.05, 0, np.where(speck > 0.95, 255, climber))

# With loops this takes a second or so: 39,204 windows.
pictures.side_by_side(
    {
        "with specks": specked,
        "mean": helpers.conv2d(specked, yours.box_kernel(3)),
        "median": yours.median_filter(specked, 3),
    }
)

# %% [markdown]
# How far is each of them from the picture without specks?

# %%
clean = climber[1:-1, 1:-1].astype(float)
for name, result in {
    "with specks": specked[1:-1, 1:-1],
    "mean": helpers.conv2d(specked, yours.box_kernel(3)),
    "median": yours.median_filter(specked, 3),
}.items():
    print(f"{name:12} {np.abs(result - clean).mean():5.1f} grey levels off, on average")

# %% [markdown]
# ### Why no kernel can do this
#
# A convolution multiplies and adds, so it keeps sums: its answer to picture A plus picture B is its
# answer to A plus its answer to B. The median does not. Three pixels are enough to see it:

# %%
a, b = np.array([0, 0, 9]), np.array([9, 0, 0])
for name, of in {"mean": np.mean, "median": np.median}.items():
    print(f"{name:6} {of(a):.0f} + {of(b):.0f} = {of(a) + of(b):.0f}, of the sum: {of(a + b):.0f}")

# %% [markdown]
# No choice of numbers turns two answers of 0 into 9. The median slides a window, and **it is not a
# convolution**. In lesson 3 you will meet another of its kind.

# %% [markdown]
# ## What you learned
#
# - A kernel asks a question about its window. Numbers that add up to 0 along a direction make it blind
#   to lines of that direction.
# - The sign of an answer says which side is brighter. Keep it, or take absolute values, before you make pixels.
# - Bytes minus bytes are bytes: make floats first. A test picture must have an edge of either sign.
# - The sum of a kernel decides about brightness: 1 keeps it, 0 finds differences, and a bias of 128
#   makes those visible.
# - The median is not a convolution.
#
# **If you want more:** SciPy's [`ndimage`](https://docs.scipy.org/doc/scipy/reference/ndimage.html) has most of
# this lesson ready to use. Compare its `sobel` with yours.
#
# **What comes next.** In `03_pooling` you shrink these edge maps to a quarter of their pixels and see
# what is left of the staircase.

# %% tags=["nbval-ignore-output"]
progress()
