# %% [markdown]
# In lesson 2 you chose the nine numbers of a kernel. A network finds them by itself, with a machine that fits on
# a page, and that you now write. At the end you can
#
# - say in one number how wrong a kernel is,
# - compute which way each of its nine numbers should go, and check that you computed it right,
# - learn a kernel from a picture before and after,
# - send an error back through a layer, and so train two layers by hand,
# - convolve a whole image without a loop over its pixels.

# %%
import importlib.util
import timeit

import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import learning, network, pictures, stepper, training

# %% [markdown]
# ## A riddle
#
# A kernel has turned the left picture into the right one. **Which kernel was it?**

# %%
climber = helpers.photograph()[300:340, 150:190]
before = (climber - climber.mean()) / climber.std()
after = helpers.conv2d(before, helpers.VERTICAL)

pictures.side_by_side({"before": climber, "after": after})

# %% [markdown]
# The code gives it away: the vertical kernel of lesson 2, `[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]`. But what if you
# had only the two pictures?
#
# (`before` is the left picture, shifted and scaled to a mean of 0 and a standard deviation of 1. You will see why.)

# %% [markdown]
# ## How wrong is a guess?
#
# Take any kernel and convolve. Compare what comes out, the **prediction**, with what should have come out, the
# **target**. At each pixel the difference is the **error**. Square it, so that too high and too low both count,
# and take the mean over all $n$ pixels:
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
# Five guesses: nine zeros, the identity, the mean of the window, the horizontal kernel, and the vertical kernel,
# which is right.

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
# (`yours.conv2d_valid` is your function of lesson 1 once it has passed its check, and the course's until then.)
#
# Saying nothing costs 12.50, and saying something wrong costs more. You could go on guessing, but ten values to
# try for each of nine numbers make a billion kernels.

# %% [markdown]
# ## One knob
#
# A kernel has nine knobs. Turn the middle one of the right column, and leave the other eight alone: at 0 for one
# line, at their right values for the other.

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
# Where you stand, the **slope** says which way is down: if it is negative, turn the knob up; if it is
# positive, turn it down. Near the bottom it is almost 0.
#
# The right value is 2, but with the other knobs at 0 the lowest point is at about 1.6. So the knobs have to move
# together, and you need all nine slopes where you stand: the **gradient**. It has the shape of the kernel.

# %% [markdown]
# ## The gradient, by hand
#
# First with as few numbers as possible. The image is one row, the kernel has two values:
#
# | | |
# |---|---|
# | image | 1, 2, 4 |
# | kernel | 0, 0 |
# | prediction | 0, 0 |
# | target | 1, 2 |
# | error = prediction - target | **-1, -2** |
#
# The *first* kernel value meets pixel 1 in the first window and pixel 2 in the second. Raise it by 0.01, and the
# predictions rise by 0.01 times 1 and 0.01 times 2.
#
# And the squared error? The derivative of $e^2$ is $2e$. So each window's part in the slope is two times its error
# times the pixel, and the mean is taken of $n = 2$ values:
#
# $$\frac{2 \cdot (-1) \cdot 1 + 2 \cdot (-2) \cdot 2}{2} = \frac{-10}{2} = -5$$

# %% predict="second_slope"
predict.second_slope(...)

# %% [markdown]
# ## You have seen this before
#
# For kernel value 0 you took the error `[-1, -2]` times the pixels `[1, 2]` and added up. For kernel value 1: the
# error `[-1, -2]` times the pixels `[2, 4]`. You *slid the error over the image, multiplied and added*.
#
# This is no coincidence. Kernel value $(i, j)$ multiplies, for all windows at once, the image shifted by
# $i$ rows and $j$ columns. So its slope is
#
# $$\text{gradient}_{i, j} = \frac{2}{n} \sum_{r, c} \text{error}_{r, c} \cdot \text{image}_{r + i, c + j}$$
#
# That is **the image convolved with the error**: the function that makes the prediction also says how to improve
# it.

# %% predict="places_of_the_error"
predict.places_of_the_error(...)

# %%
error = helpers.conv2d(before, np.zeros((3, 3))) - after
gradient = 2 / error.size * helpers.conv2d(before, error)
pictures.side_by_side({"the image": climber, "the error of nine zeros": error})

# %%
pictures.kernels({"image convolved with error, times 2/n": gradient.round(2)})

# %% [markdown]
# The left column is too high, the right column too low: the gradient already asks for a vertical edge kernel.
#
# ### Build: `kernel_gradient(image, kernel, target)`
#
# Prediction, error, and the image convolved with it (`yours.conv2d_valid`): an array of the kernel's shape, for
# kernels of any size. The example above gives `[[-5, -10]]`.


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
# ## Trust, but measure
#
# Forget a 2, or turn a sign round, and the machine still runs. It only learns badly. So whoever derives a
# gradient *measures* it as well: one step forward, one back. The difference in height, divided by the distance,
# is the slope:
#
# $$\frac{f(k + \varepsilon) - f(k - \varepsilon)}{2 \varepsilon}$$
#
# $k$ lies in the middle, so this is called a **central difference**.
#
# ### Build: `numerical_gradient(function, kernel, epsilon=1e-5)`
#
# `function` takes a kernel and gives one number. Return its slope for each kernel value, in an array of the
# kernel's shape. Change one value at a time.
#
# Work on a copy that holds floats, `kernel.astype(float)`: the `kernel` that you are given is not yours, and whole
# numbers cannot become 1.00001.


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
# Compare the two at the identity kernel, a bad guess with large slopes.

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
# They agree. Why not always measure, then? Nine values take 18 convolutions. The 113,386 weights of lesson 4's
# network would take 226,772 forward passes, for a single step.

# %% [markdown]
# ## Downhill
#
# Start with nine zeros. Compute the gradient, and take a small step *against* it:
#
# $$\text{kernel} \leftarrow \text{kernel} - \text{learning rate} \cdot \text{gradient}$$
#
# The **learning rate** says how far to go. Compute the gradient again where you are now, and take the next step.
# This is **gradient descent**: your kernel learns by it, and so did every kernel in lesson 4.
#
# ### Build: `learn_kernel(image, target, steps, learning_rate)`
#
# Start from zeros, take exactly `steps` steps, return the kernel. The sizes of the two pictures tell you how large
# it is: a kernel of height $kh$ leaves $H - kh + 1$ rows.


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
# Now the riddle.

# %% predict="after_one_step"
predict.after_one_step(...)

# %%
learned = {steps: yours.learn_kernel(before, after, steps, 0.1) for steps in (0, 1, 10, 100)}
pictures.kernels(
    {f"steps: {steps}": kernel.round(2) for steps, kernel in learned.items()}, columns=4
)

# %% [markdown]
# After one step it is an edge kernel already. After a hundred, each number is within 0.05 of the right one.
# **Nobody told it about edges.** It had two pictures and the rule "downhill". This is how the error went down:

# %%
moments = (0, 1, 2, 5, 10, 20, 50, 100)
errors = [error_of(yours.learn_kernel(before, after, steps, 0.1)) for steps in moments]
for steps, value in zip(moments, errors, strict=True):
    print(f"steps: {steps:3}  error: {value:8.4f}")

pictures.lines(
    {"error": (moments, errors)}, x_label="steps", y_label="mean squared error", log=True
)

# %% [markdown]
# Each line up is ten times more. Nearly two thirds of the error are gone after two steps.

# %% [markdown]
# ## How far to step
#
# Try other learning rates, 0.01 and 0.2.

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
# With 0.01 it takes ten times as long. With 0.2 it begins *better* than the others, and then the error grows. A
# step that is too long lands on the other side of the valley, further up than where it began. There the slope is
# steeper, so the next step is even longer. If the loss of a network ever turns to `inf` or `nan`, try a smaller
# learning rate first.
#
# ### Why the picture was scaled
#
# What if you take the pixels as they are, divided by 255? A valley bends more in some directions than in others,
# and a step overshoots as soon as the learning rate is above 2 divided by the largest bend. The next cell computes
# all nine bends for both pictures, and learns with nearly the largest rate that each can bear.

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
# In raw pixels all nine values of a window are bright together: turning up all knobs changes a lot, turning one up
# and its neighbour down changes little. So the valley is a gorge, 320 times as steep across as along, and a step
# that its walls allow is short for its floor. With the mean taken away, it is 58 times. This ratio, the **condition
# number**, decides how fast descent can be. So networks get scaled inputs.

# %% [markdown]
# ## Break it: a picture that teaches too little
#
# The same vertical kernel made the next pair, but all rows of its picture are equal.

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
# On the bars it is perfect. But where all rows are equal, only the *sum* of each column of the kernel matters:
# -4, 0 and 4. Nothing says how to divide the 4 among three rows, so each gets $4/3 = 1.33$.
#
# **A small error does not mean that the right thing was learned.** It means that the data could not
# tell the difference.

# %% [markdown]
# ## A noisy pair
#
# Real data are never clean. Add noise to "after", with a standard deviation of 1, and learn again.

# %% predict="from_noise"
predict.from_noise(...)

# %%
noise = np.random.default_rng(seed=6).normal(size=after.shape)
noisy_after = after + noise
from_noise = yours.learn_kernel(before, noisy_after, 100, 0.1)

error_on_noisy = yours.mean_squared_error(yours.conv2d_valid(before, from_noise), noisy_after)
print(f"error on the noisy pair: {error_on_noisy:.2f}")
print(f"error on the clean one:  {error_of(from_noise):.2f}")
print(f"furthest off:            {np.abs(from_noise - helpers.VERTICAL).max():.2f}")
pictures.side_by_side({"after": after, "after, with noise": noisy_after})

# %% [markdown]
# No kernel can predict what is random, so the error stops at about 1, the variance of the noise. But in the
# *kernel* the noise cancels: each value was learned from 1,444 pixels.

# %% [markdown]
# ## The way back
#
# You had the target of your one kernel: the picture "after". A network has layers in the middle, **hidden** ones,
# and nobody has a target for those. Who tells them how wrong they are?
#
# The layer behind them does. What a hidden layer puts out is the *image* of the next one. So the question is: how
# does the error change with each pixel of a layer's image?
#
# An output is made of nine pixels and nine weights, so its error goes back to all eighteen: each weight gets the error
# times its pixel, each pixel the error times its weight. Play it, one error at a time.

# %%
stepper.backwards()

# %% [markdown]
# Several outputs have read the same pixel, so what comes back to it adds up.

# %% predict="back_to_a_pixel"
predict.back_to_a_pixel(...)

# %% [markdown]
# Choose "one pixel's gradient" in the window above, and look at the kernel.
#
# The output *above left* of the pixel had it at the bottom right of its window. So that output's error comes
# back through the weight at the *bottom right*. The kernel lies on the errors turned by 180 degrees: the
# flip of lesson 1, which made 732, has its use. **The gradient for the image is the true convolution** of the
# errors with the kernel.
#
# Only one output has read a corner pixel. Where there is no output the error is 0, so put zeros around the errors
# first: $kh - 1$ rows above and below, $kw - 1$ columns left and right.
#
# ### Build: `input_gradient(output_gradient, kernel)`
#
# `output_gradient`, `(H', W')`, says how the loss changes with each output. Return how it changes with each
# pixel: `(H' + kh - 1, W' + kw - 1)`. `np.pad` puts zeros around, and `yours.true_convolution` is from lesson 1.


# %% exercise="input_gradient"
def input_gradient(output_gradient, kernel):
    """Return how the loss changes with each pixel of the image, as floats."""
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    padded = np.pad(output_gradient, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return yours.true_convolution(padded, kernel)
    ### END SOLUTION


# %% check="input_gradient"
# Stuck? check.input_gradient.hint()
check.input_gradient(input_gradient)

# %% [markdown]
# Measure it, too. Then let the first window of this course be nine errors, and its kernel the weights: what
# reaches the pixel in the middle?

# %%
some_errors = np.random.default_rng(seed=7).normal(size=(4, 5))
some_image = np.random.default_rng(seed=8).normal(size=(6, 7))


def loss_of(image):
    """Return a loss whose gradient for the outputs is `some_errors`."""
    return np.sum(some_errors * helpers.conv2d(image, helpers.VERTICAL))


sent_back = yours.input_gradient(some_errors, helpers.VERTICAL)
off = np.abs(sent_back - yours.numerical_gradient(loss_of, some_image, 0.5)).max()
print("largest difference:", "less than 0.0000000001" if off < 1e-10 else off)

window = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
kernel = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])
print("in the middle:     ", yours.input_gradient(window, kernel)[2, 2])

# %% [markdown]
# Equal to ten digits, and **732**. Sending the error back like this through all layers, from the last to the
# first, is called **backpropagation**.
#
# ## Two layers, by hand
#
# No single kernel can solve this riddle: a vertical edge kernel, then ReLU, then the mean of 3×3. You get the
# picture before and after all three. Two kernels start from random numbers, within the limit of lesson 5.
#
# The way back is the way forward, read from its end. At the ReLU, an error goes on only where something came
# through; where ReLU gave 0, turning a knob changes nothing.

# %%
blurred_edges = helpers.conv2d(
    helpers.relu(helpers.conv2d(before, helpers.VERTICAL)), np.full((3, 3), 1 / 9)
)


def train_two_layers(steps, learning_rate=0.05, seed=2):
    """Return two kernels and the error before each step."""
    limit = network.initial_limit(3, 1, 1)
    first, second = np.random.default_rng(seed).uniform(-limit, limit, (2, 3, 3))
    errors = []
    for _ in range(steps):
        hidden = helpers.conv2d(before, first)
        active = helpers.relu(hidden)
        error = helpers.conv2d(active, second) - blurred_edges
        errors.append(np.mean(error**2))

        behind = 2 / error.size * error
        for_second = helpers.conv2d(active, behind)
        between = yours.input_gradient(behind, second) * (hidden > 0)
        for_first = helpers.conv2d(before, between)

        first = first - learning_rate * for_first
        second = second - learning_rate * for_second
    return first, second, errors


first, second, errors = train_two_layers(300)
windows = np.lib.stride_tricks.sliding_window_view(before, (5, 5)).reshape(-1, 25)
best = windows @ np.linalg.lstsq(windows, blurred_edges.ravel(), rcond=None)[0]
print(f"zeros:                      {np.mean(blurred_edges**2):.3f}")
print(f"the best single 5x5 kernel: {np.mean((best - blurred_edges.ravel()) ** 2):.3f}")
for step in (0, 10, 100, 299):
    print(f"two layers, {step:3} steps:      {errors[step]:.3f}")
pictures.kernels({"first, learned": first.round(2), "second, learned": second.round(2)})

# %% [markdown]
# The best that *any* single 5×5 kernel can do is 2.18. Two small ones with a ReLU between them get below
# 0.01. The first became a vertical edge kernel, the second a blur, and nobody had a picture of what lay between
# them. (Half of one and twice the other give the same picture, so their pattern returns, and not their size.)
#
# This is all that happens when a network learns, only for 64 kernels at once, and with softmax at the end.
#
# ### Where a network starts

# %% predict="equal_at_the_start"
predict.equal_at_the_start(...)

# %% [markdown]
# A network must not start from zeros, as your single kernel did: equal filters get equal gradients, take equal
# steps, and stay equal for ever. *Small random* numbers tell them apart.

# %% [markdown]
# ## What Keras does with the riddle
#
# A `Conv2D` layer with one filter, started from zeros, learns the first riddle with each of two **optimizers**:
# `SGD` (*stochastic gradient descent*), and `Adam`, which remembers how large the gradient of each number has been
# lately, and gives each a step length of its own.

# %% predict="sgd_and_you"
predict.sgd_and_you(...)

# %% [markdown]
# (Without Keras the first of these two cells says how to get it, and the second shows nothing.)

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
# Keras's SGD takes your steps, one by one. What `model.fit` does to a kernel is what you wrote.
#
# In the gorge of raw pixels, SGD has almost half of the error left, and Adam less than a hundredth of a percent:
# the walls no longer decide how fast it may walk along the floor.

# %% [markdown]
# ## Faster
#
# In lesson 1 you went over all windows, one by one: 260,100 in a 512 × 512 picture. Today you saw another way:
# kernel value $(i, j)$ multiplies *the image shifted by $(i, j)$*, all pixels at once. A 3×3 kernel needs nine such
# slices.
#
# ### Build: `conv2d_fast(image, kernel)`
#
# The same result as `conv2d_valid`, kernels of any size, but **without a Python loop over pixels**. A
# loop over the kernel's values is fine.
#
# The check counts steps of Python, not seconds.


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
# Now the stopwatch, on the whole photograph. (The loops take an eighth of its rows, and their time is multiplied
# by eight.)

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
# From loops to slices it is a factor of about a thousand. They all give the same numbers:

# %%
ours = helpers.conv2d(photograph, kernel)
print("yours: ", np.allclose(yours.conv2d_fast(photograph, kernel), ours))
print("SciPy: ", np.allclose(signal.correlate2d(photograph, kernel, "valid"), ours))
if cv2:
    print("OpenCV:", np.allclose(cv2.filter2D(photograph, -1, kernel)[1:-1, 1:-1], ours))

# %% [markdown]
# ## What you learned
#
# - How wrong a kernel is, is one number, the mean squared error: 12.50 for zeros, 0 for the right kernel.
# - The gradient of a kernel is a convolution: the image with the error, times $2/n$.
# - The gradient for the image is a *true* convolution: the errors, with zeros around them, and the kernel
#   turned by 180 degrees. That is how an error reaches a hidden layer.
# - 100 steps against the gradient found the vertical edge kernel to within 0.05. With a rate above 0.179 the
#   error would have exploded.
# - A small error only says that the *data* could not tell the difference.
#
# **Next:** this was the last lesson. The course began with 577, and 732 came right behind it. Since then you have
# built all that stands between them and a network that learns.
#
# [CS231n's notes](https://cs231n.github.io/convolutional-networks/) go deeper,
# [the TensorFlow playground](https://playground.tensorflow.org/) lets you watch descent at work, and `helpers` is
# short enough to read whole.
#
# This is where you stand:

# %% tags=["nbval-ignore-output"]
progress()
