# %% [markdown]
# A convolution answers at every pixel. That is a lot of answers: an edge map of the photograph has
# 262,144 of them. Pooling looks at them in small windows and keeps one number of each. At the end of
# this lesson you can
#
# - pool with the maximum and with the mean, and say to the pixel what is left,
# - build one whole block of a convolutional network: convolve, ReLU, pool,
# - say how 64 maps become 64 maps,
# - say what pooling does when an image moves, with numbers instead of hearsay.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, stepper

photograph = helpers.photograph()
edges = np.abs(helpers.conv2d(photograph, helpers.VERTICAL, padding="same", border="edge"))
pictures.show(edges, f"The vertical edges of the photograph: {edges.size:,} numbers")

# %% [markdown]
# These are the vertical kernel's answers, as absolute values: a **map** of where the photograph has vertical
# edges. (Its border is padded with `"edge"`, so it is as large as the photograph.) You can see every post of
# the railings. Would you still see them with a quarter of the numbers?

# %% [markdown]
# ## One of four
#
# **Max pooling** cuts the map into windows of 2×2, side by side like tiles, and keeps the largest number
# of each. Nothing is multiplied, nothing is learned, and there is no kernel.
#
# $$\begin{matrix} 1 & 3 & 2 & 0 \\ 4 & 2 & 5 & 1 \\ 0 & 1 & 9 & 6 \\ 7 & 8 & 2 & 3 \end{matrix}$$

# %% predict="four_of_sixteen"
predict.four_of_sixteen(...)

# %% [markdown]
# Now move the window. The inner frame marks the winner.

# %%
patch = np.array([[1, 3, 2, 0], [4, 2, 5, 1], [0, 1, 9, 6], [7, 8, 2, 3]])
stepper.pooling(patch)

# %% [markdown]
# Play for two minutes.

# %% predict="six_becomes_eight"
predict.six_becomes_eight(...)

# %% [markdown]
# Try "the largest" with strides 1: the windows overlap, nine numbers come out, and four of them are 9, because
# that pixel is in four of the windows. With a window of 3×3 and strides 3, the last row and column fill no
# window, and turn pale.
#
# All four windows at once, with 2×2 and strides 2:

# %%
pictures.pooling(patch)

# %% [markdown]
# Four values become one.

# %% predict="pooled_by_3"
predict.pooled_by_3(...)

# %%
odd_patch = np.array([[1, 3, 2, 0, 7], [4, 2, 5, 1, 9], [0, 1, 9, 6, 8]])
print(odd_patch)

# %% predict="odd_rows"
predict.odd_rows(...)

# %%
pictures.pooling(odd_patch)

# %% [markdown]
# ### Build: `max_pool_2x2`
#
# Take what comes: whole numbers or fractions, positive or negative.


# %% exercise="max_pool_2x2"
def max_pool_2x2(image):
    """Return the largest value of each 2x2 window, shape (H // 2, W // 2).

    An odd last row or column is dropped.
    """
    ### BEGIN SOLUTION
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    result = np.empty((rows, columns))
    for r in range(rows):
        for c in range(columns):
            result[r, c] = image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max()
    return result
    ### END SOLUTION


# %% check="max_pool_2x2"
# Stuck? check.max_pool_2x2.hint()
check.max_pool_2x2(max_pool_2x2)

# %% [markdown]
# ## What pooling keeps
#
# Now the edge map. 512 × 512 becomes 256 × 256. (`yours.max_pool_2x2` is your function, once it has passed its
# check. Until then it is the course's.)

# %%
small_edges = yours.max_pool_2x2(edges)
pictures.side_by_side({"edges": edges, "pooled once": small_edges})

# %% [markdown]
# The posts are all there. Count what was kept: an answer above 200 is a strong edge.

# %%
strong = edges > 200
windows_with_an_edge = yours.max_pool_2x2(strong.astype(int)) > 0
small_strong = small_edges > 200

print(f"numbers:           {edges.size:>7,} -> {small_edges.size:>7,}")
print(f"largest answer:    {edges.max():>7.0f} -> {small_edges.max():>7.0f}")
print(f"strong edges:      {strong.mean():>7.1%} -> {small_strong.mean():>7.1%} of the map")
print(f"windows with a strong edge: {windows_with_an_edge.sum():,}")
print(f"still strong after pooling: {small_strong[windows_with_an_edge].mean():.0%}")

# %% [markdown]
# A quarter of the numbers, and not one strong edge is lost: where a window holds a strong answer, its maximum
# is strong. What is lost is *which* of the four pixels it was. The edges even take up more room, 12.7% of the
# map instead of 7.2%.

# %% [markdown]
# ## Break it
#
# Here is the pooling of somebody who was in a hurry. Read it.


# %%
def hurried_pool(image):
    """Keep the largest value of each 2x2 window. Does it?"""
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            for value in image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].ravel():
                result[r, c] = max(result[r, c], value)
    return result


# %% [markdown]
# It meets the photograph, the vertical kernel's answers with their signs, and their absolute values.

# %% predict="hurried_on"
predict.hurried_on(...)

# %%
answers = helpers.conv2d(photograph, helpers.VERTICAL, padding="same", border="edge")

for name, image in {"photograph": photograph, "answers": answers, "edges": edges}.items():
    piece = image[:128, :128]  # a loop over every pixel takes its time
    wrong = hurried_pool(piece) != yours.max_pool_2x2(piece)
    print(f"{name:<12}{wrong.sum():>5} of {wrong.size} values are wrong")

# %% [markdown]
# `result` starts from 0, and 0 beats every negative number. Where all four answers are negative the hurried
# pool returns a number that is not in the window at all. On bytes nobody ever notices.

# %% [markdown]
# ## How many are left
#
# Count along one side. With windows side by side, 26 pixels hold 13 windows of 2, and 11 pixels hold 5. In
# general a window has a size, `pool_size`, and moves by `strides` pixels, or by its own size if nobody says how
# far. You know the formula from lesson 1:
#
# $$\left\lfloor \frac{\text{size} - \text{pool\_size}}{\text{strides}} \right\rfloor + 1$$
#
# ### Build: `pool_output_size`


# %% exercise="pool_output_size"
def pool_output_size(size, pool_size=2, strides=None):
    """Return how many windows fit along one side, an int.

    Without `strides` the window moves by `pool_size`.
    """
    ### BEGIN SOLUTION
    if strides is None:
        strides = pool_size
    return (size - pool_size) // strides + 1
    ### END SOLUTION


# %% check="pool_output_size"
# Stuck? check.pool_output_size.hint()
check.pool_output_size(pool_output_size)

# %% [markdown]
# The first maps of the network in lesson 4 are 26 × 26.

# %%
print("2x2 pooling:", yours.pool_output_size(26), "x", yours.pool_output_size(26))
print("3x3 pooling:", yours.pool_output_size(26, 3), "x", yours.pool_output_size(26, 3))

# %% [markdown]
# The network's next maps are 13 × 13: it pools 2×2, four values.

# %% predict="reduced_by"
predict.reduced_by(...)

# %% [markdown]
# ### Build: `kept_fraction`


# %% exercise="kept_fraction"
def kept_fraction(size, pool_size=2):
    """Return the share of a size x size map that pooling leaves: a number from 0 to 1.

    Windows lie side by side; what does not fill one is dropped.
    """
    ### BEGIN SOLUTION
    return (pool_output_size(size, pool_size) / size) ** 2
    ### END SOLUTION


# %% check="kept_fraction"
# Stuck? check.kept_fraction.hint()
check.kept_fraction(kept_fraction)

# %%
for size in (26, 11):
    left = yours.pool_output_size(size)
    share = yours.kept_fraction(size)
    print(f"{size} x {size} -> {left} x {left}: {left**2} of {size**2} pixels are left,", end=" ")
    print(f"{share:.1%}; {1 - share:.1%} are gone")

# %% [markdown]
# Pooling reduces *to* 25%, not *by* 25%. And from 11 × 11 it keeps less than a quarter, 25/121, because the odd
# row and column go too.

# %% [markdown]
# ## Windows that overlap
#
# Size and strides need not be the same. A window of 3 that moves by 2 shares a row with its neighbour.
#
# And a window need not be dropped because it sticks out. With `padding="same"` every pixel gets into a window:
# there are $\lceil \text{size} / \text{strides} \rceil$ of them, rounded up, and what is missing is padded, half
# before and half after, as [Keras](https://keras.io/api/layers/pooling_layers/max_pooling2d/) does it.
#
# Take 11 pixels, windows of 3 and strides of 2. $11 / 2$ is 5.5, so there are 6 windows. The last one begins
# $5 \cdot 2 = 10$ pixels after the first and is 3 wide: together they take 13 pixels. Two are missing, one
# before and one after. With windows of 2 it would be 12 pixels, and one missing: an odd one goes to the end.
#
# What should it be padded with?

# %% predict="zeros_that_win"
predict.zeros_that_win(...)

# %%
negative_patch = np.array([[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]])
pictures.side_by_side(
    {
        "answers": negative_patch,
        "padded with 0, pooled": yours.max_pool2d(np.pad(negative_patch, ((0, 1), (0, 1)))),
        "same, as Keras pads": yours.max_pool2d(negative_patch, padding="same"),
    }
)

# %% [markdown]
# The zeros won, as in the hurried pool. So max pooling pads with a number that never wins: `-np.inf`. An array
# of whole numbers can't hold it. Make it one of floats first, with `image.astype(float)`.
#
# ### Build: `max_pool2d`
#
# Get `"valid"` right first, and run the check: it tells you how far you are.


# %% exercise="max_pool2d"
def max_pool2d(image, pool_size=2, strides=None, padding="valid"):
    """Return the largest value of each window.

    The window is pool_size x pool_size and moves by `strides`, or by `pool_size` if that is None.
    "valid" keeps the windows that fit. "same" pads, and gives ceil(size / strides) windows
    along each side.
    """
    ### BEGIN SOLUTION
    if strides is None:
        strides = pool_size
    pixels = image.astype(float)
    if padding == "same":
        widths = []
        for size in image.shape:
            windows = -(-size // strides)  # rounded up
            missing = max((windows - 1) * strides + pool_size - size, 0)
            widths.append((missing // 2, missing - missing // 2))
        pixels = np.pad(pixels, widths, constant_values=-np.inf)
    rows = pool_output_size(pixels.shape[0], pool_size, strides)
    columns = pool_output_size(pixels.shape[1], pool_size, strides)
    result = np.empty((rows, columns))
    for r in range(rows):
        for c in range(columns):
            top, left = r * strides, c * strides
            result[r, c] = pixels[top : top + pool_size, left : left + pool_size].max()
    return result
    ### END SOLUTION


# %% check="max_pool2d"
# Stuck? check.max_pool2d.hint()
check.max_pool2d(max_pool2d)

# %% [markdown]
# How few numbers still show the railings?

# %%
pictures.side_by_side(
    {
        "3x3, a ninth": yours.max_pool2d(edges, 3),
        "3x3 that move by 2, a quarter": yours.max_pool2d(edges, 3, strides=2),
        "8x8, a sixty-fourth": yours.max_pool2d(edges, 8),
    },
    columns=3,
)

# %% [markdown]
# ## The mean instead
#
# You could keep the mean of each window instead. That is **average pooling**.
#
# ### Build: `average_pool2d`
#
# `"valid"` windows only. Watch out for bytes: four of them add up to more than 255.


# %% exercise="average_pool2d"
def average_pool2d(image, pool_size=2, strides=None):
    """Return the mean of each window; windows as in `max_pool2d` with "valid" padding."""
    ### BEGIN SOLUTION
    if strides is None:
        strides = pool_size
    rows = pool_output_size(image.shape[0], pool_size, strides)
    columns = pool_output_size(image.shape[1], pool_size, strides)
    result = np.empty((rows, columns))
    for r in range(rows):
        for c in range(columns):
            top, left = r * strides, c * strides
            result[r, c] = image[top : top + pool_size, left : left + pool_size].mean()
    return result
    ### END SOLUTION


# %% check="average_pool2d"
# Stuck? check.average_pool2d.hint()
check.average_pool2d(average_pool2d)

# %% predict="kept_by_the_mean"
predict.kept_by_the_mean(...)

# %%
railings = edges[340:460, 80:280]
pictures.pooling_comparison(railings)

# %%
mean_edges = yours.average_pool2d(edges)
print(f"{'':<18}{'edges':>8}{'max pool':>10}{'average':>10}")
print(f"{'mean':<18}{edges.mean():>8.1f}{small_edges.mean():>10.1f}{mean_edges.mean():>10.1f}")
print(f"{'largest':<18}{edges.max():>8.1f}{small_edges.max():>10.1f}{mean_edges.max():>10.1f}")
kept = [(pooled > 200)[windows_with_an_edge].mean() for pooled in (small_edges, mean_edges)]
print(f"{'strong ones kept':<18}{'':>8}{kept[0]:>10.0%}{kept[1]:>10.0%}")

# %% [markdown]
# The mean of each window keeps the mean of the map, 48.9, and 54% of the strong edges. The maximum keeps the
# peak, 973, and every strong edge.
#
# A map answers the question *is it here?* There the loudest answer counts, so networks like ours take the
# maximum. To make a photograph smaller you would take the mean.

# %% [markdown]
# ## Which edges are kept?
#
# So far you pooled absolute values. A network has none of those: its maps keep their signs.

# %% predict="negative_edges"
predict.negative_edges(...)

# %%
pooled_answers = yours.max_pool_2x2(answers)
for name, strong, shown in (
    ("above 200", answers > 200, pooled_answers > 200),
    ("below -200", answers < -200, pooled_answers < -200),
):
    windows = yours.max_pool_2x2(strong.astype(int)) > 0
    share = shown[windows].mean()
    print(f"{name:<12}{windows.sum():,} windows hold one, {share:.0%} show it after pooling")

pictures.side_by_side(
    {
        "answers at the railings": answers[340:460, 80:280],
        "pooled": yours.max_pool_2x2(answers[340:460, 80:280]),
    }
)

# %% [markdown]
# Every edge that gets brighter to the right survives, red in the picture. Of those that get darker, blue,
# 14% do. The maximum of −600 and 5 is 5.
#
# That says what a map *means* in a network: a large positive number is "yes, here", and everything below 0 is
# a way to say no. If the other kind of edge matters too, another kernel with opposite signs looks for it.

# %% [markdown]
# ## ReLU
#
# If everything below 0 means no, one "no" is enough: 0. That is the step between convolution and pooling, the
# *rectified linear unit*, and it is one line long: $\max(0, x)$.

# %% predict="after_relu"
predict.after_relu(...)

# %% [markdown]
# ### Build: `relu`


# %% exercise="relu"
def relu(values):
    """Return `values` with 0 in place of every negative one; the shape stays."""
    ### BEGIN SOLUTION
    return np.maximum(values, 0)
    ### END SOLUTION


# %% check="relu"
# Stuck? check.relu.hint()
check.relu(relu)

# %% [markdown]
# Try it on clothes from [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist), 28 × 28 pixels each.

# %%
clothes = helpers.fashion_mnist(full=False)
names = [helpers.CLASS_NAMES[label] for label in clothes.train_labels[:5]]
pictures.examples(clothes.train_images[:5], names)

# %% [markdown]
# Take the boot. It is made of bytes, so nothing in it is negative. Its map is another matter.

# %%
boot = clothes.train_images[0]
boot_map = yours.conv2d_valid(boot, helpers.VERTICAL)
boot_relu = yours.relu(boot_map)

for name, values in {"before": boot_map, "after": boot_relu}.items():
    print(f"{name:<7} {values.shape}, {values.size} values, {(values < 0).sum()} of them negative")

# %% [markdown]
# 676 before, 676 after. Throwing 237 of them out would leave a heap of 439 numbers that fit into no rectangle.

# %% [markdown]
# ## One whole block
#
# Convolve, ReLU, pool: a convolutional network is made of such **blocks**, and you have all three parts.
#
# ### Build: `conv_relu_pool`
#
# Use what you built: `yours.conv2d_valid`, `yours.relu`, `yours.max_pool_2x2`.


# %% exercise="conv_relu_pool"
def conv_relu_pool(image, kernel):
    """Convolve ("valid"), replace negatives by 0, keep the largest of each 2x2 window."""
    ### BEGIN SOLUTION
    feature_map = yours.conv2d_valid(image, kernel)
    return yours.max_pool_2x2(yours.relu(feature_map))
    ### END SOLUTION


# %% check="conv_relu_pool"
# Stuck? check.conv_relu_pool.hint()
check.conv_relu_pool(conv_relu_pool)

# %%
pictures.side_by_side(
    {
        "convolved": boot_map,
        "and ReLU": boot_relu,
        "and pooled": yours.conv_relu_pool(boot, helpers.VERTICAL),
    },
    columns=3,
    signed=True,
)

# %% [markdown]
# 28 → 26 → 26 → 13. The shaft of the boot, where black turns to grey, is still there in 13 × 13. Its heel,
# where grey turns to black, is gone: that was the ReLU. Follow a single number through the block: point
# anywhere, at the boot, at a map, at the result.

# %% predict="keeps_the_heel"
predict.keeps_the_heel(...)

# %%
stepper.network(boot)

# %% [markdown]
# (The nine numbers are 1, 0, −1, then 2, 0, −2, then 1, 0, −1.) One more question about the block:

# %% predict="order_matters"
predict.order_matters(...)

# %%
pools = {"maximum": yours.max_pool_2x2, "mean": yours.average_pool2d}
for name, pool in pools.items():
    same = pool(yours.relu(boot_map)) == yours.relu(pool(boot_map))
    print(f"{name:<9}{same.sum():>4} of {same.size} values are the same in either order")

# %% [markdown]
# With the maximum the order never matters: whether you raise everything below 0 to 0 first, or the winner
# afterwards, the winner is the same. With the mean it does: a negative value that is cut first can no longer
# pull the mean down.

# %% [markdown]
# ## From one map to sixty-four
#
# So far one map went in, and one came out. A colour picture has three maps, its **channels**: red,
# green and blue. The second convolution of our network will meet 64. How does a kernel go over many?
#
# Here is an edge that nobody overlooks. Its two sides are equally bright: the mean of red, green and
# blue is 100 on both.

# %%
colour_edge = np.full((8, 12, 3), (180, 90, 30), dtype=np.uint8)
colour_edge[:, 6:] = (30, 90, 180)
grey = colour_edge.mean(axis=2)
pictures.side_by_side({"an edge of colours": colour_edge, "the mean of its channels": grey})

# %% predict="colour_edge_in_grey"
predict.colour_edge_in_grey(...)

# %% [markdown]
# So the kernel has to see the channels. Make it as deep as the picture: for each channel a **slice** of
# its own, nine numbers as you know them. Each slice goes over its channel. Then the results are added up,
# place by place. One kernel makes **one** map, however many go in.
#
# At the end one number more is added everywhere, the **bias**. Keras calls a kernel with its bias a **filter**. With
# three maps of 3×3 and slices of 2×2 it looks like this:

# %%
three_maps = np.dstack(
    [
        [[1, 0, 2], [0, 3, 1], [2, 1, 0]],
        [[0, 1, 0], [1, 0, 2], [0, 2, 1]],
        [[2, 0, 1], [0, 1, 0], [1, 0, 3]],
    ]
)
three_slices = np.dstack([[[1, -1], [2, 0]], [[0, 1], [1, -2]], [[3, 0], [0, -1]]])
pictures.many_to_one(three_maps, three_slices, bias=10)

# %% [markdown]
# ### Build: `conv_channels(image, kernel)`
#
# An image of $H \times W$ pixels with $C$ channels, a kernel of $k_h \times k_w$ numbers with as many
# channels: the result is one map, $(H - k_h + 1) \times (W - k_w + 1)$. The bias stays out for now.


# %% exercise="conv_channels"
def conv_channels(image, kernel):
    """Slide each channel's own slice over that channel; return the sum of the results.

    (H, W, C) and (kh, kw, C) give one map of (H - kh + 1, W - kw + 1) floats.
    """
    ### BEGIN SOLUTION
    total = 0
    for channel in range(kernel.shape[2]):
        total = total + yours.conv2d_valid(image[:, :, channel], kernel[:, :, channel])
    return total
    ### END SOLUTION


# %% check="conv_channels"
# Stuck? check.conv_channels.hint()
check.conv_channels(conv_channels)

# %% [markdown]
# Now the edge of colours. The slice for red is the vertical kernel, the slice for blue is the same with all
# its signs changed, and green counts nothing: red minus blue.

# %%
red_minus_blue = np.dstack([helpers.VERTICAL, 0 * helpers.VERTICAL, -helpers.VERTICAL])
pictures.show(yours.conv_channels(colour_edge, red_minus_blue), "red minus blue finds it")

# %% [markdown]
# −600 from red, which gets darker to the right, and −600 from blue, which gets brighter there.
#
# Look at the sums as they are made. Below are three maps and two filters. Change one number in slice 1. Which of
# the three sums changes with it, and how many of the two outputs?

# %%
stepper.channels()

# %% [markdown]
# <details><summary>Answer</summary>
#
# The second sum alone, for slice 1 only meets the second map. And one output: the other filter has
# slices of its own. Choose "filter 1" to see them.
#
# </details>

# %% predict="maps_of_64"
predict.maps_of_64(...)

# %% [markdown]
# Many maps come from many filters. The network from the beginning of lesson 1 meets 16 maps in its second
# convolution, and has 16 filters for them, each with 16 slices:

# %%
network = helpers.trained_network()
kernels, bias = network["conv2d_1"].get_weights()
sixteen_maps = np.random.default_rng(3).random((13, 13, 16))
made = [yours.conv_channels(sixteen_maps, kernels[..., k]) + bias[k] for k in range(16)]

print("kernels, as Keras keeps them (rows, columns, slices, filters):", kernels.shape)
print("maps in:", sixteen_maps.shape, " maps out:", np.dstack(made).shape)

# %% [markdown]
# The 4,096 that people expect is the number of *slices*: 64 filters with 64 slices each. But each filter adds
# its 64 results up.
#
# ## Two blocks
#
# Here is the network of the next lesson up to **Flatten**, which writes the numbers of all maps in one row.

# %% predict="numbers_at_the_end"
predict.numbers_at_the_end(...)

# %%
first = yours.pool_output_size(yours.output_size(28, 3))
second = yours.pool_output_size(yours.output_size(first, 3))
pictures.feature_flow(
    [
        ("image", (28, 28, 1)),
        ("Conv 3x3", (26, 26, 64)),
        ("Pool 2x2", (first, first, 64)),
        ("Conv 3x3", (11, 11, 64)),
        ("Pool 2x2", (second, second, 64)),
        ("Flatten", second * second * 64),
    ]
)

# %% [markdown]
# More than before: **784 pixels go in, 1,600 numbers come out.** Each *map* shrinks to 5 × 5, but there are 64
# of them, and $5 \cdot 5 \cdot 64 = 1{,}600$. The data is not condensed. It is rearranged: fewer places, more
# things known about each place.
#
# What does pooling buy, then? **Less work**: the second convolution has $11 \cdot 11 = 121$ places to visit,
# and without the pooling before it $24 \cdot 24 = 576$. And **a wider view**: a 3×3 kernel on the pooled map
# sees 8 × 8 pixels of the image, on the unpooled one 5 × 5.

# %% [markdown]
# ## When the image moves
#
# Does pooling care when the image moves? Here is what the block makes of the boot, and of the boot moved to the
# right by one pixel and by two.

# %%
pooled_maps = {
    f"moved by {shift}": yours.conv_relu_pool(np.roll(boot, shift, axis=1), helpers.VERTICAL)
    for shift in (0, 1, 2)
}
before, after = pooled_maps["moved by 0"], pooled_maps["moved by 2"]
same = np.array_equal(after[:, 2:], before[:, 1:-1])
print("moved by 2: the numbers of moved by 0, one column further right:", same)
pictures.side_by_side(pooled_maps)

# %% [markdown]
# By two, the step of the pooling, the pooled map moves along by one column: number for number, apart from the
# border. That is called **equivariance**: the answer moves with the question. By one pixel it is another map,
# because some edges leave their window and some do not. How different is it?
#
# Let what leaves at the right come in again at the left (`np.roll`). Then compare value by value how much the
# map changes, and how much the pooled map does:
#
# $$\text{shift change} = \frac{\text{mean of } |\text{pooled map after} - \text{pooled map before}|}
# {\text{mean of } |\text{map after} - \text{map before}|}$$
#
# 0 would mean that pooling swallows the shift, 1 that it does nothing about it. Try it on one bright dot. The
# kernel is a single 1, so the map *is* the image.

# %%
dot = np.array([[0, 0, 4, 0], [0, 0, 0, 0]])
one = np.array([[1.0]])
pictures.side_by_side(
    {"dot": dot, "moved by 1": np.roll(dot, 1, axis=1), "moved by 2": np.roll(dot, 2, axis=1)}
)

# %% [markdown]
# Moved by 1 the dot stays in its window, and the pooled map does not change: the shift change is 0.

# %% predict="dot_moved_by_2"
predict.dot_moved_by_2(...)

# %% [markdown]
# ### Build: `shift_change`
#
# The map has no ReLU here: convolution, then 2×2 max pooling. Your answer is one number.


# %% exercise="shift_change"
def shift_change(image, kernel, shift):
    """Return how much a sideways shift changes the pooled map, over how much it changes the map.

    Both as the mean absolute difference. The map is `conv2d_valid`, without ReLU; the pooling is
    `max_pool_2x2`; the image moves by np.roll(image, shift, axis=1).
    """
    ### BEGIN SOLUTION
    moved = np.roll(image, shift, axis=1)
    before = yours.conv2d_valid(image, kernel)
    after = yours.conv2d_valid(moved, kernel)
    pooled_change = np.abs(yours.max_pool_2x2(after) - yours.max_pool_2x2(before)).mean()
    return float(pooled_change / np.abs(after - before).mean())
    ### END SOLUTION


# %% check="shift_change"
# Stuck? check.shift_change.hint()
check.shift_change(shift_change)

# %%
for shift in (1, 2):
    print(f"moved by {shift}: {yours.shift_change(dot, one, shift)}")

# %% [markdown]
# Nothing or four times as much, depending on where the dot stood. A dot is not a picture: take the railings.

# %% predict="one_pixel_shift"
predict.one_pixel_shift(...)

# %%
posts = photograph[340:460, 80:280]
print("moved by   railings   boot")
for shift in (1, 2, 3, 4):
    of_posts = yours.shift_change(posts, helpers.VERTICAL, shift)
    of_boot = yours.shift_change(boot, helpers.VERTICAL, shift)
    print(f"{shift:>8} {of_posts:>10.2f} {of_boot:>6.2f}")

# %% [markdown]
# **Pooling softens a shift of one pixel, and does little about four.** It does not make a network blind to
# shifts: moving a picture by one pixel [can change what a trained network says](https://arxiv.org/abs/1805.12177).
# In lesson 4 you move the clothes and count.

# %% [markdown]
# ## Your own kernel in a trained network
#
# The network from the beginning of lesson 1 has sixteen kernels in its first convolution. Take out number 15
# and put your `vertical_kernel` from lesson 2 in its place, made as strong as the old one.

# %%
mine = network.with_kernel(15, yours.vertical_kernel)
old, new = (one["conv2d"].get_weights()[0][:, :, 0, 15] for one in (network, mine))
pictures.kernels({"number 15": old, "yours": new})

# %% predict="foreign_kernel"
predict.foreign_kernel(...)

# %%
pictures_of_clothes, labels = clothes.test_images[:200], clothes.test_labels[:200]
for name, asked in {"with number 15": network, "with your kernel": mine}.items():
    right = asked.predict(pictures_of_clothes).argmax(axis=1) == labels
    print(f"{name:<17} {right.sum()} of {right.size} answers are right")

# %% [markdown]
# The layers behind it have learned what number 15 used to say, and now it says something else. In a network no
# kernel is good by itself: all of them are learned together.

# %% [markdown]
# ## What you learned
#
# - Max pooling keeps the largest of each window. 2×2 means four values: a map of 26 × 26 becomes 13 × 13, and
#   25% of its numbers are left.
# - It keeps every strong positive answer and forgets where exactly it was.
# - Padding must never win: `-np.inf`, not 0.
# - ReLU replaces negative values by 0; the shape stays.
# - A kernel has a slice for each map that goes in. The results are added up: one kernel, one map.
# - Each map shrinks, but the data grows: 784 pixels become 1,600 numbers.
# - A shift by one pixel is softened, not swallowed.
#
# **What comes next.** In `04_keras_cnn` you stack such blocks in Keras with many filters each, add the layers
# that decide, and train all of it: the kernels are no longer chosen by you.

# %% tags=["nbval-ignore-output"]
progress()
