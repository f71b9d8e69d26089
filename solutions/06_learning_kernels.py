# %% [markdown]
# In lesson 2 you chose the nine numbers of a kernel. A network finds them by itself. How? In this
# lesson you write the machine that does it, and it fits on a page. At the end you can
#
# - say in one number how wrong a kernel is,
# - compute which way each of its nine numbers should go, and check that you computed it right,
# - learn a kernel from nothing but a picture before and after, even if the pair is noisy,
# - say what Keras's optimizers do with the same pair, and why one of them is quicker,
# - convolve a whole image without a loop over its pixels, and build a whole layer out of that.
#
# Two cells near the end use TensorFlow, if you have it. All the rest needs NumPy alone.

# %%
import importlib.util
import timeit

import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import learning, pictures, stepper, training

# %% [markdown]
# ## A riddle
#
# Somebody has put the left picture through a kernel, and the right one came out. **Which kernel was
# it?**

# %%
climber = helpers.photograph()[300:340, 150:190]
before = (climber - climber.mean()) / climber.std()
after = helpers.conv2d(before, helpers.VERTICAL)

pictures.side_by_side({"before": climber, "after": after})

# %% [markdown]
# You know the answer, because you have seen the code: the vertical kernel of lesson 2,
# `[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]`. But what if you had the two pictures only?
#
# (`before` is a piece of the photograph, shifted and scaled so that its mean is 0 and its standard
# deviation 1. To the eye it is the same picture. What that is good for, you will see further down.)

# %% [markdown]
# ## How wrong is a guess?
#
# Take any kernel, convolve, and compare what comes out, the **prediction**, with what should have
# come out, the **target**. At each pixel there is a difference, the **error**. Square it, so that too
# high and too low both count, and take the mean over all $n$ pixels:
#
# $$\text{MSE} = \frac{1}{n} \sum_{r, c} (\text{prediction}_{r, c} - \text{target}_{r, c})^2$$
#
# This is the *mean squared error*. For the prediction `[[1, 2, 3]]` and the target `[[1, 2, 6]]` it is
# $(0 + 0 + 9) / 3 = 3$.
#
# ### Build: `mean_squared_error(prediction, target)`
#
# One float, for two arrays of the same shape.


# %% exercise="mean_squared_error"
def mean_squared_error(prediction, target):
    """Return the mean of the squared differences: a float."""
    ### BEGIN SOLUTION
    return float(np.mean((prediction - target) ** 2))
    ### END SOLUTION


# %% check="mean_squared_error"
# Stuck? check.mean_squared_error.hint()
check.mean_squared_error(mean_squared_error)

# %% [markdown]
# Five guesses at the riddle: nine zeros, the identity, the mean of the window, the horizontal kernel, and the
# vertical kernel, which is right.

# %% predict="worst_guess"
predict.worst_guess(...)

# %%
guesses = {
    "zeros": np.zeros((3, 3)),
    "identity": helpers.GALLERY["identity"].kernel,
    "mean": np.ones((3, 3)) / 9,
    "horizontal": helpers.HORIZONTAL,
    "vertical": helpers.VERTICAL,
}
for name, guess in guesses.items():
    prediction = yours.conv2d_valid(before, guess)
    print(f"{name:10}  {yours.mean_squared_error(prediction, after):6.2f}")

# %% [markdown]
# (`yours.conv2d_valid` is your function of lesson 1, once it has passed its check; the course's until
# then. The same goes for all that you write here.)
#
# To say nothing costs 12.50, to say something wrong costs more. And only one guess is free.
#
# You could go on guessing. With nine numbers, and ten values to try for each, that is a thousand
# million kernels. There is a better way.

# %% [markdown]
# ## One knob
#
# A kernel has nine knobs. Leave eight of them alone, turn one, and watch the error. Here it is the one
# in the middle of the right column, whose right value is 2. One line is drawn with the other eight at
# 0, the other with the other eight right.

# %%
positions = np.linspace(-2, 6, 17)


def error_with(kernel, value):
    """Turn one knob of a kernel, and return the error."""
    turned = kernel.copy()
    turned[1, 2] = value
    return yours.mean_squared_error(helpers.conv2d(before, turned), after)


pictures.lines(
    {
        "the others are 0": (positions, [error_with(np.zeros((3, 3)), p) for p in positions]),
        "the others are right": (positions, [error_with(helpers.VERTICAL, p) for p in positions]),
    },
    x_label="kernel[1, 2]",
    y_label="mean squared error",
)

# %% [markdown]
# Two valleys. Where you stand, the **slope** says which way is down: negative, and you should turn the
# knob up; positive, down. Near the bottom it is almost 0.
#
# Look closely, and there is a trap: with the other knobs at 0, the lowest point is at about 1.6 and not
# at 2. So it is no use to turn one knob until it is perfect and then the next. They have to move
# together, each a little.
#
# So we want nine slopes, one for each kernel value, all measured where we stand. A list of slopes like
# that is called the **gradient**. It has the shape of the kernel.

# %% [markdown]
# ## The gradient, by hand
#
# First with as few numbers as possible. The image is one row, the kernel has two values, both 0:
#
# | | |
# |---|---|
# | image | 1, 2, 4 |
# | kernel | 0, 0 |
# | prediction | 0, 0 |
# | target | 1, 2 |
# | error = prediction - target | **-1, -2** |
#
# Both predictions are too low. Now raise the *first* kernel value a little, by 0.01. It meets pixel 1
# in the first window and pixel 2 in the second. So the predictions rise by 0.01 and 0.02: each by the
# pixel that this kernel value meets.
#
# How much does the error care? The derivative of $e^2$ is $2e$. So each pixel's part is two times its
# error, times what it gains:
#
# $$\frac{2 \cdot (-1) \cdot 1 + 2 \cdot (-2) \cdot 2}{2} = \frac{-10}{2} = -5$$
#
# (The 2 below is $n$: there are two values to take the mean of.)

# %% predict="second_slope"
predict.second_slope(...)

# %% [markdown]
# ## You have seen this before
#
# Look at what you did. For kernel value 0: error `[-1, -2]` times pixels `[1, 2]`, added up. For
# kernel value 1: error `[-1, -2]` times pixels `[2, 4]`, added up. You *slid the error over the image,
# multiplied and added*.
#
# It is no coincidence. Kernel value $(i, j)$ multiplies, for all pixels at once, the image shifted by
# $i$ rows and $j$ columns. So its slope is the error times the image, shifted by $(i, j)$, added up,
# times $2 / n$:
#
# $$\text{gradient}_{i, j} = \frac{2}{n} \sum_{r, c} \text{error}_{r, c} \cdot \text{image}_{r + i, c + j}$$
#
# That is **the image convolved with the error**: the error takes the place of the kernel. The very
# function that makes the prediction also says how to improve it.

# %% predict="places_of_the_error"
predict.places_of_the_error(...)

# %%
error = helpers.conv2d(before, np.zeros((3, 3))) - after
gradient = 2 / error.size * helpers.conv2d(before, error)
pictures.side_by_side({"the image": climber, "the error of nine zeros": error})

# %%
pictures.kernels({"image convolved with error, times 2/n": gradient.round(2)})

# %% [markdown]
# The nine numbers say: left column too high, right column too low. So we should turn the left down and
# the right up. Nine zeros, and the gradient already knows that it is about a vertical edge.
#
# ### Build: `kernel_gradient(image, kernel, target)`
#
# Prediction, error, and the image convolved with it: an array of the kernel's shape. It should work for
# kernels of any size. You have the convolution already: `yours.conv2d_valid`.
#
# The example from above should give `[[-5, -10]]`.


# %% exercise="kernel_gradient"
def kernel_gradient(image, kernel, target):
    """Return how the mean squared error changes with each kernel value, as floats."""
    ### BEGIN SOLUTION
    error = yours.conv2d_valid(image, kernel) - target
    return 2 / error.size * yours.conv2d_valid(image, error)
    ### END SOLUTION


# %% check="kernel_gradient"
# Stuck? check.kernel_gradient.hint()
check.kernel_gradient(kernel_gradient)

# %% [markdown]
# ### The way back
#
# Here it is once more, one error at a time. An output was made of nine pixels and nine weights, so its
# error goes back to all eighteen: each weight gets the error times its pixel, each pixel the error
# times its weight. Play it, and both gradients grow, error by error.
#
# Then choose "one pixel's gradient". **Predict before you do:** the kernel lay on the image as it is.
# How must it lie on the errors, to collect what belongs to one pixel?

# %%
stepper.backwards()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Turned by 180 degrees. The pixel was at the bottom right of the window of the output above it on the
# left, and that output's error comes back through the weight at the bottom right. So the gradient of an
# image is a *true* convolution: the flip of lesson 1, the one that made 732, has its use after all.
#
# </details>

# %% [markdown]
# ## Trust, but measure
#
# A derivation can go wrong: a 2 forgotten, a sign turned round, and the machine still runs. It only
# learns badly. So whoever derives a gradient *measures* it as well.
#
# You find the slope of a hill with two steps: one forward, one back. The difference in height, divided
# by the way between the two places, is the slope:
#
# $$\frac{f(k + \varepsilon) - f(k - \varepsilon)}{2 \varepsilon}$$
#
# This is called a **central difference**, because $k$ lies in the middle.
#
# ### Build: `numerical_gradient(function, kernel, epsilon=1e-5)`
#
# `function` takes a kernel and gives one number. Return its slope for each kernel value: an array of the
# kernel's shape. Change one value at a time, and put it back before you go to the next.
#
# Two things to watch. Do not change the `kernel` that you are given; it is not yours. And work on a copy
# that holds floats: `kernel.astype(float)`. An array of whole numbers cannot hold 1.00001.


# %% exercise="numerical_gradient"
def numerical_gradient(function, kernel, epsilon=1e-5):
    """Return the central difference of `function` for each kernel value."""
    ### BEGIN SOLUTION
    gradient = np.zeros(kernel.shape)
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            plus, minus = kernel.astype(float), kernel.astype(float)
            plus[i, j] += epsilon
            minus[i, j] -= epsilon
            gradient[i, j] = (function(plus) - function(minus)) / (2 * epsilon)
    return gradient
    ### END SOLUTION


# %% check="numerical_gradient"
# Stuck? check.numerical_gradient.hint()
check.numerical_gradient(numerical_gradient)

# %% [markdown]
# Now the two against each other, at the identity kernel, which is a bad guess and so has large slopes.

# %%
identity = helpers.GALLERY["identity"].kernel


def error_of(kernel):
    return yours.mean_squared_error(yours.conv2d_valid(before, kernel), after)


derived = yours.kernel_gradient(before, identity, after)
measured = yours.numerical_gradient(error_of, identity)
print("largest slope:     ", np.abs(derived).max().round(3))
print(
    "largest difference:",
    "less than 0.000001" if np.allclose(derived, measured, atol=1e-6) else "TOO LARGE",
)

# %% [markdown]
# They agree. The derivation is right, and so is your code.
#
# Why measure on both sides? You could save half of the work with $(f(k + \varepsilon) - f(k)) /
# \varepsilon$. Here is how far off both are, for steps from 1 down to a millionth of a millionth.

# %% tags=["nbval-ignore-output"]
epsilons = 10.0 ** np.arange(-12, 1)


def one_sided(function, kernel, epsilon):
    """Measure every slope with a step forward only."""
    steps = epsilon * np.eye(kernel.size).reshape(-1, *kernel.shape)
    here = function(kernel)
    return np.array([(function(kernel + step) - here) / epsilon for step in steps]).reshape(3, 3)


def furthest(measured):
    return np.abs(measured - derived).max()


pictures.lines(
    {
        "forward only": (epsilons, [furthest(one_sided(error_of, identity, e)) for e in epsilons]),
        "forward and back": (
            epsilons,
            [furthest(yours.numerical_gradient(error_of, identity, e)) for e in epsilons],
        ),
    },
    x_label="epsilon",
    y_label="largest difference from the derived gradient",
    log="both",
)

# %% [markdown]
# With a step forward only, the error is about as large as the step. The two-sided one has no such error
# at all here, because a valley that is a parabola looks the same to both sides.
#
# To the left, both get worse again: the two numbers that are subtracted agree in nearly all of their 16
# digits, and what is left is rounding. So a *smaller* step is not always a better one. $10^{-5}$ is a
# good compromise for most functions.
#
# Why not always measure, then? Nine kernel values cost 18 convolutions. The network of lesson 4 has
# 113,386 parameters: 226,772 forward passes for a single step. The derived gradient costs about as much
# as three.

# %% [markdown]
# ## Downhill
#
# Now put it together. Start with nine zeros. Compute the gradient, and take a small step *against* it:
#
# $$\text{kernel} \leftarrow \text{kernel} - \text{learning rate} \cdot \text{gradient}$$
#
# The **learning rate** says how far to go. Then compute the gradient again, where you are now, and take
# the next step. This is **gradient descent**. It is how your kernel learns here, and how every kernel of
# the network in lesson 4 did.
#
# ### Build: `learn_kernel(image, target, steps, learning_rate)`
#
# Start from zeros, take exactly `steps` steps, return the kernel. Nobody tells you how large it is, but
# the sizes of the two pictures do: a kernel of height $kh$ leaves $H - kh + 1$ rows. With 0 steps, the
# zeros come back.


# %% exercise="learn_kernel"
def learn_kernel(image, target, steps, learning_rate):
    """Return the kernel after so many steps of gradient descent from zero."""
    ### BEGIN SOLUTION
    kernel = np.zeros((image.shape[0] - target.shape[0] + 1, image.shape[1] - target.shape[1] + 1))
    for _ in range(steps):
        kernel = kernel - learning_rate * yours.kernel_gradient(image, kernel, target)
    return kernel
    ### END SOLUTION


# %% check="learn_kernel"
# Stuck? check.learn_kernel.hint()
check.learn_kernel(learn_kernel)

# %% [markdown]
# And now the riddle.

# %% predict="after_one_step"
predict.after_one_step(...)

# %%
learned = {steps: yours.learn_kernel(before, after, steps, 0.1) for steps in (0, 1, 10, 100)}
pictures.kernels(
    {f"{steps} steps": kernel.round(2) for steps, kernel in learned.items()}, columns=4
)

# %% [markdown]
# After one step it is an edge kernel already: minus on the left, plus on the right. After ten, the
# middle row is stronger than the others. After a hundred, each number is within 0.05 of the right one.
# **Nobody told it about edges.** It had two pictures and the rule "downhill".
#
# And this is how the error went down:

# %%
moments = (0, 1, 2, 5, 10, 20, 50, 100)
errors = [error_of(yours.learn_kernel(before, after, steps, 0.1)) for steps in moments]
for steps, value in zip(moments, errors, strict=True):
    print(f"{steps:3} steps  {value:8.4f}")

pictures.lines(
    {"error": (moments, errors)}, x_label="steps", y_label="mean squared error", log=True
)

# %% [markdown]
# Mind the axis: each line up is ten times more. Nearly two thirds of the error are gone after two steps,
# and the rest takes its time. You will meet this curve again wherever something learns.

# %% [markdown]
# ## How far to step
#
# The same with other learning rates, 0.01 and 0.2.

# %% predict="twice_the_rate"
predict.twice_the_rate(...)


# %%
def error_after(steps, learning_rate):
    """Return the error of what is learned in so many steps."""
    # The course's learn_kernel does what yours does, only faster.
    kernel = learning.learn_kernel(before, after, steps, learning_rate)
    return learning.mean_squared_error(helpers.conv2d(before, kernel), after)


early = (0, 1, 2, 5, 10, 20)
pictures.lines(
    {f"learning rate {r}": (early, [error_after(s, r) for s in early]) for r in (0.01, 0.1, 0.2)},
    x_label="steps",
    y_label="mean squared error",
    log=True,
)

# %% [markdown]
# With 0.01 it works, ten times slower. With 0.2 it begins *better* than the others, and then the error
# grows: 0.35 after 5 steps, 136 after 20, and more than $10^{16}$ after 100.
#
# A step that is too long lands on the other side of the valley, further up than where it began. There
# the slope is steeper, so the next step is even longer.
#
# If you ever see the loss of a network turn to `inf` or `nan`: try a smaller learning rate first.
#
# ### What the scaling was good for
#
# "Before" has mean 0 and standard deviation 1. What if we take the pixels as they are, divided by 255?
#
# To be fair, give each picture the learning rate that suits it. The valley bends in nine directions, more in
# some than in others. Where it bends most, a step overshoots as soon as the learning rate is above 2
# divided by this bend. The next cell computes all nine bends of both valleys, and then learns with nearly
# the largest rate that each can bear.

# %%
raw = climber / 255
raw_after = helpers.conv2d(raw, helpers.VERTICAL)


def bends(image):
    """Return how much the error bends in each of nine directions, the flattest first."""
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3)).reshape(-1, 9)
    return np.linalg.eigvalsh(2 / len(windows) * windows.T @ windows)


def share_left(image, target, steps, learning_rate):
    """Return what is left of the error that zeros make."""
    kernel = learning.learn_kernel(image, target, steps, learning_rate)
    error = learning.mean_squared_error(helpers.conv2d(image, kernel), target)
    return error / np.mean(target**2)


for name, image, target, rate in (
    ("mean 0, deviation 1", before, after, 0.17),
    ("pixels / 255", raw, raw_after, 1.6),
):
    flattest, *_, steepest = bends(image)
    print(f"{name}:")
    print(f"  learning rates up to {2 / steepest:.3f}; bends from 1 to {steepest / flattest:.0f}")
    print(f"  100 steps with {rate}: {share_left(image, target, 100, rate):.4%} of the error left")

# %% [markdown]
# The same picture, each with its best rate, and the raw one still has 0.22% of the error left, the other
# 0.0001%. In raw pixels all nine values of a window are bright together. Turning up all knobs at once
# changes a lot, turning one up and its neighbour down changes little. So the valley is a gorge: it bends
# 320 times as much across as along. The steps have to suit the walls, and then they are short for the floor.
# Taking the mean away leaves 58. This ratio is called the **condition number**, and it, not the height of
# the walls, decides how fast descent can be.
#
# That is why networks get scaled inputs, and why many have layers that scale again in between.

# %% [markdown]
# ## Break it: a picture that teaches too little
#
# The next pair was made with the same kernel, `[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]`. But in this
# picture all rows are equal.

# %% predict="taught_by_bars"
predict.taught_by_bars(...)

# %%
bars = np.tile(before[20], (40, 1))
bars = (bars - bars.mean()) / bars.std()
bars_after = helpers.conv2d(bars, helpers.VERTICAL)

from_bars = learning.learn_kernel(bars, bars_after, 300, 0.1)
error_on_bars = learning.mean_squared_error(helpers.conv2d(bars, from_bars), bars_after)
print(f"error on the bars:    {error_on_bars:.4f}")
print(f"error on the climber: {error_of(from_bars):.4f}")
pictures.kernels({"learned from bars": from_bars.round(2), "made with": helpers.VERTICAL})

# %% [markdown]
# On the bars it is perfect. But where all rows are equal, only the *sum* of each column of the kernel
# matters: -4, 0 and 4. Nothing says how the 4 is to be shared out among the three rows, so each gets an
# equal part, $4/3 = 1.33$. On a picture with other edges in it, the kernel is wrong.
#
# **A small error does not mean that the right thing was learned.** It means that the data could not
# tell the difference. This is why lesson 4 counts on images that the network has never seen.

# %% [markdown]
# ## A noisy pair
#
# Real data are never clean. Add noise to "after", with a standard deviation of 1, and learn again.
#
# **Predict before you run.** Can it still find the kernel? And how small can the error get?

# %%
noise = np.random.default_rng(seed=6).normal(size=after.shape)
noisy_after = after + noise
from_noise = yours.learn_kernel(before, noisy_after, 100, 0.1)

error_on_noisy = yours.mean_squared_error(yours.conv2d_valid(before, from_noise), noisy_after)
print(f"error on the noisy pair: {error_on_noisy:.2f}")
print(f"error on the clean one:  {error_of(from_noise):.2f}")
print(f"furthest off:            {np.abs(from_noise - helpers.VERTICAL).max():.2f}")
pictures.side_by_side({"after": after, "after, with noise": noisy_after})

# %%
pictures.kernels(
    {"learned from the noisy pair": from_noise.round(2), "made with": helpers.VERTICAL}
)

# %% [markdown]
# The error stops at about 1, the variance of the noise: no kernel can predict what is random. But the
# *kernel* is nearly right, because each of its nine values was learned from 1,444 pixels, and the noise
# cancels. With fewer pixels, it cancels less:

# %%
for size in (6, 10, 20, 40):
    image, target = before[:size, :size], noisy_after[: size - 2, : size - 2]
    kernel = learning.learn_kernel(image, target, 300, 0.1)
    off = np.abs(kernel - helpers.VERTICAL).max()
    print(
        f"{size:2} x {size:<2} pixels: one number is off by {off:.2f}, error on the whole: {error_of(kernel):.2f}"
    )

# %% [markdown]
# More data, better kernel. It is the same in a network, with thousands of kernels and millions of
# pixels.
#
# ### Where a network starts

# %% predict="equal_at_the_start"
predict.equal_at_the_start(...)

# %% [markdown]
# You started from zeros. A network must not. If two filters of a layer start equal, they get equal
# gradients, take equal steps, and stay equal for ever: 32 filters that are one. So a network starts
# from *small random* numbers. Keras
# draws them evenly from a small range around 0, which for 64 filters of 3 × 3 on one channel is -0.1013
# to 0.1013 ([Glorot uniform](https://keras.io/api/layers/initializers/#glorotuniform-class)). All the
# rest is learned.

# %% [markdown]
# ## What Keras does with the riddle
#
# A `Conv2D` layer with one filter, started from zeros, trained on one "image" with one target. Two
# optimizers: `SGD`, which takes plain steps as you do, and `Adam`, which also remembers how large the
# gradient of each number has been lately, and gives each a step length of its own.
#
# **Predict before you run.** How near will SGD come to your kernel after the same 100 steps? And which
# of the two will do better on *raw* pixels, in the narrow gorge?
#
# (These two cells need Keras. Without it, the first says how to get it and the second shows nothing.)

# %% tags=["nbval-ignore-output"]
HAVE_KERAS = importlib.util.find_spec("tensorflow") is not None


def learn_with_keras(image, target, optimizer, steps=100):
    """Return the kernel that a Conv2D layer learns."""
    keras = training.load_keras()  # not earlier: it takes a few seconds
    layer = keras.layers.Conv2D(1, 3, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((*image.shape, 1)), layer])
    model.compile(optimizer=getattr(keras.optimizers, optimizer)(learning_rate=0.1), loss="mse")
    for _ in range(steps):
        model.train_on_batch(
            image[np.newaxis, ..., np.newaxis], target[np.newaxis, ..., np.newaxis]
        )
    return layer.get_weights()[0][:, :, 0, 0]


if HAVE_KERAS:
    from_sgd = learn_with_keras(before, after, "SGD")
    off = np.abs(from_sgd - yours.learn_kernel(before, after, 100, 0.1)).max()
    print("SGD and you, largest difference:", "less than 0.00001" if off < 1e-5 else off)
else:
    print(training.WITHOUT_KERAS)

# %% tags=["nbval-ignore-output"]
if HAVE_KERAS:
    on_raw = {name: learn_with_keras(raw, raw_after, name) for name in ("SGD", "Adam")}
    for name, kernel in on_raw.items():
        left = learning.mean_squared_error(helpers.conv2d(raw, kernel), raw_after)
        print(
            f"{name:5} on raw pixels, 100 steps: {left / np.mean(raw_after**2):8.3%} of the error left"
        )
    shown = pictures.kernels({name: kernel.round(2) for name, kernel in on_raw.items()})
else:
    shown = None
shown

# %% [markdown]
# Keras's SGD takes your steps, one by one: after 100 of them the two kernels agree to five digits. What
# `model.fit` does to a kernel is what you wrote.
#
# In the gorge, SGD with a rate of 0.1 has almost half of the error left. With 1.6, its best, you saw 0.22%.
# Adam, with the first rate that we tried, has less than a hundredth of a percent. With a step length for
# each number, the walls no longer decide how fast you may walk along the floor. That is why lesson 4 used it.

# %% [markdown]
# ## Faster
#
# Learning is convolving, over and over: two convolutions for each step. A network does it for thousands
# of kernels. So it is worth knowing how to do it fast.
#
# In lesson 1 you went over all windows: 260,100 of them in a 512 × 512 picture, each with its own turn
# of a Python loop. But you have since seen another way to look at it: kernel value $(i, j)$ multiplies
# *the image shifted by $(i, j)$*. All pixels at once. A 3×3 kernel needs nine slices, and nine turns.
#
# ### Build: `conv2d_fast(image, kernel)`
#
# The same result as `conv2d_valid`, kernels of any size, but **without a Python loop over pixels**. A
# loop over the kernel's values is fine.
#
# The check compares your results, and counts how many steps of Python each additional pixel costs. With
# slices that is none. It does not measure time: how long something takes depends on the machine and on
# what else runs on it, and a check that fails because your laptop is busy would be wrong about your
# code. The stopwatch comes afterwards, for you to look at.


# %% exercise="conv2d_fast"
def conv2d_fast(image, kernel):
    """Return what conv2d_valid returns, without a loop over pixels."""
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    rows, cols = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((rows, cols))
    for i in range(kh):
        for j in range(kw):
            out += kernel[i, j] * image[i : i + rows, j : j + cols]
    return out
    ### END SOLUTION


# %% check="conv2d_fast"
# Stuck? check.conv2d_fast.hint()
check.conv2d_fast(conv2d_fast)

# %% [markdown]
# Now the stopwatch: the whole photograph, 3×3, against two-loop Python,
# [SciPy](https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.correlate2d.html) and
# [OpenCV](https://docs.opencv.org/4.x/d4/d86/group__imgproc__filter.html). The time of the loops is
# measured on an eighth of the picture's rows and multiplied by eight.

# %% tags=["nbval-ignore-output"]
from scipy import signal

try:
    import cv2
except ImportError:  # in a browser tab there is none
    cv2 = None

photograph = helpers.photograph().astype(np.float32)
kernel = helpers.VERTICAL.astype(np.float32)


def with_loops(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for row in range(out.shape[0]):
        for col in range(out.shape[1]):
            out[row, col] = np.sum(image[row : row + 3, col : col + 3] * kernel)
    return out


def milliseconds(function, *arguments, runs=5):
    """Return the time of the fastest of some runs."""
    return 1000 * min(timeit.repeat(lambda: function(*arguments), number=1, repeat=runs))


times = {
    "two loops over the pixels": 8 * milliseconds(with_loops, photograph[:66], kernel, runs=1),
    "SciPy's correlate2d": milliseconds(lambda: signal.correlate2d(photograph, kernel, "valid")),
    "yours.conv2d_fast": milliseconds(lambda: yours.conv2d_fast(photograph, kernel)),
    "helpers.conv2d": milliseconds(lambda: helpers.conv2d(photograph, kernel)),
}
if cv2:
    times["OpenCV's filter2D"] = milliseconds(lambda: cv2.filter2D(photograph, -1, kernel))
pictures.bars(times, "milliseconds for 512 × 512 pixels", log=True)

# %% [markdown]
# From loops to slices it is a factor of about a thousand, and slices are ahead of SciPy's `correlate2d`.
# `helpers.conv2d` does what you do, in pieces that stay in the processor's cache. OpenCV is compiled
# code written for each kind of processor.
#
# They are quick in different ways, and they give the same numbers:

# %%
ours = helpers.conv2d(photograph, kernel)
print("yours: ", np.allclose(yours.conv2d_fast(photograph, kernel), ours))
print("SciPy: ", np.allclose(signal.correlate2d(photograph, kernel, "valid"), ours))
if cv2:
    print("OpenCV:", np.allclose(cv2.filter2D(photograph, -1, kernel)[1:-1, 1:-1], ours))

# %% [markdown]
# ## A whole layer
#
# Your `conv2d_fast` takes one image, one channel and one kernel. A layer does more at once:
#
# - a batch of `N` images, of `C` channels each: `(N, H, W, C)`,
# - `F` filters. Each filter has a kernel *for every channel*: `(kh, kw, C, F)`,
# - what a filter finds in the `C` channels is **added up**, to one map,
# - and each filter adds a number of its own, its **bias**: `(F,)`.
#
# **Predict before you go on.** A batch of 10 images of 28 × 28 pixels with 1 channel meets 32 filters of
# 3 × 3. What is the shape of the result? And of the kernels?
#
# <details><summary>Answer</summary>
#
# `(10, 26, 26, 32)`: one map for each filter. The kernels are `(3, 3, 1, 32)`: 288 numbers. With the 32
# biases that makes 320, as `model.summary()` says.
#
# </details>
#
# ### Build: `conv_layer(images, kernels, bias)`
#
# `(N, H, W, C)` and `(kh, kw, C, F)` and `(F,)` in, `(N, H - kh + 1, W - kw + 1, F)` out. No ReLU. Loops
# are fine; `yours.conv2d_fast` does the inner part.


# %% exercise="conv_layer"
def conv_layer(images, kernels, bias):
    """Return the layer's output, (N, H - kh + 1, W - kw + 1, F), as floats."""
    ### BEGIN SOLUTION
    count, height, width, channels = images.shape
    kh, kw, _, filters = kernels.shape
    out = np.zeros((count, height - kh + 1, width - kw + 1, filters))
    for n in range(count):
        for f in range(filters):
            for c in range(channels):
                out[n, :, :, f] += yours.conv2d_fast(images[n, :, :, c], kernels[:, :, c, f])
    return out + bias
    ### END SOLUTION


# %% check="conv_layer"
# Stuck? check.conv_layer.hint()
check.conv_layer(conv_layer)

# %% [markdown]
# A filter that sees several channels can do what no grey kernel can: compare *colours*. Here are two on
# the coloured photograph. The first looks for vertical edges in all three channels. The second looks at
# one pixel only, and subtracts its blue from its red.

# %%
colour = helpers.colour_photograph()[270:390, 100:260] / 255

kernels = np.zeros((3, 3, 3, 2))
kernels[:, :, :, 0] = helpers.VERTICAL[:, :, np.newaxis] / 3
kernels[1, 1, :, 1] = [1, 0, -1]

maps = yours.conv_layer(colour[np.newaxis], kernels, np.zeros(2))
print("in:", colour[np.newaxis].shape, " kernels:", kernels.shape, " out:", maps.shape)
pictures.side_by_side(
    {
        "one image, three channels": colour,
        "filter 0: vertical edges": maps[0, :, :, 0],
        "filter 1: red minus blue": maps[0, :, :, 1],
    },
    columns=3,
)

# %% [markdown]
# In lesson 5 you computed what a trained network says, with the course's `conv_layer` inside. Now you
# have written that too: convolution, ReLU, pooling, the layer, and the gradient of one kernel.
#
# One thing you have left to Keras: in a network the error has to reach the kernels of *every* layer, back
# through all the layers behind them. That is called **backpropagation**.

# %% [markdown]
# ## What you learned
#
# - How wrong a kernel is, is one number: the mean squared error. Zeros made 12.50, the right kernel 0.
# - The gradient of a convolution is a convolution: the image with the error, times $2/n$. You checked it
#   by measuring, to six digits.
# - From zeros, 100 steps against the gradient found the vertical edge kernel to within 0.05. With noise
#   on it, the error stopped at the noise, and the kernel was still found.
# - A learning rate of 0.2 instead of 0.1 made the error explode: this picture bears 0.179 at most.
# - Scaling the input made learning faster: it took the condition number from 320 to 58.
# - A small error only says that the *data* could not tell the difference: bars cannot teach what the
#   rows of a kernel do.
# - Networks start from small random kernels, not from known good ones, and not from zeros.
#
# **Next:** this was the last lesson. 577 was the first number that you computed in this course. Since
# then you have built all that stands between it and a network that tells a shirt from a shoe.
#
# Where to go from here: [CS231n's notes](https://cs231n.github.io/convolutional-networks/) go deeper
# into networks that see, [the TensorFlow playground](https://playground.tensorflow.org/) lets you watch
# descent at work, and the whole of `helpers` is short enough to read.
#
# This is where you stand:

# %% tags=["nbval-ignore-output"]
progress()
