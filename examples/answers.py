# ruff: noqa
"""What the example class answers in lesson 1, each answer as somebody would type it.

`# %% KEY NAME` begins one. `right_...` earns its points. Every other name is the id of the mistake
that the check recognises; but `borrowed` and `endless` only show when a class is graded.
"""


# %% neighborhood right_pixel_by_pixel
def neighborhood(image, row, col):
    window = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            window[i, j] = image[row + i - 1, col + j - 1]
    return window


# %% neighborhood right_all_windows
def neighborhood(image, row, col):
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    return windows[row - 1, col - 1]


# %% neighborhood right_lambda
neighborhood = lambda image, row, col: image[row - 1 : row + 2, col - 1 : col + 2]


# %% neighborhood ends_too_early
def neighborhood(image, row, col):
    return image[row - 1 : row + 1, col - 1 : col + 1]


# %% neighborhood axes_swapped
def neighborhood(image, x, y):
    # x to the right, y down
    return image[y - 1 : y + 2, x - 1 : x + 2]


# %% convolve_pixel right_in_loops
def convolve_pixel(window, kernel):
    total = 0.0
    for i in range(3):
        for j in range(3):
            total += float(window[i, j]) * kernel[i, j]
    return total


# %% convolve_pixel right_einsum
def convolve_pixel(window, kernel):
    return np.einsum("ij,ij", window, kernel)


# %% convolve_pixel right_class
class Overlay:
    """A kernel that lies on a window."""

    def __init__(self, kernel):
        self.weights = [float(weight) for row in kernel for weight in row]

    def __call__(self, window):
        return sum(w * float(p) for w, p in zip(self.weights, np.ravel(window)))


calls = 0


def convolve_pixel(window, kernel):
    global calls
    calls += 1
    print("call number", calls)
    return Overlay(kernel)(window)


# %% convolve_pixel flipped
def convolve_pixel(window, kernel):
    # A convolution flips the kernel, my maths book says.
    flipped = kernel[::-1, ::-1]
    return (window * flipped).sum()


# %% convolve_pixel centre_left_out
def convolve_pixel(window, kernel):
    total = 0.0
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):  # only the neighbours
                total += window[i, j] * kernel[i, j]
    return total


# %% convolve_pixel matrix_product
def convolve_pixel(window, kernel):
    return np.sum(window @ kernel)


# %% convolve_pixel summed_before_multiplying
def convolve_pixel(window, kernel):
    return np.sum(window) * np.sum(kernel)


# %% convolve_pixel stored_as_bytes
def convolve_pixel(window, kernel):
    total = np.sum(window * kernel)
    return np.array(total).astype(int).astype(np.uint8)


# %% convolve_pixel constant
def convolve_pixel(window, kernel):
    return 577.0


# %% convolve_pixel returned_none
def convolve_pixel(window, kernel):
    print(np.sum(window * kernel))


# %% conv2d_valid right_in_loops
def conv2d_valid(image, kernel):
    kh, kw = len(kernel), len(kernel[0])
    rows = []
    for r in range(len(image) - kh + 1):
        row = []
        for c in range(len(image[0]) - kw + 1):
            total = 0.0
            for i in range(kh):
                for j in range(kw):
                    total += float(image[r + i, c + j]) * float(kernel[i, j])
            row.append(total)
        rows.append(row)
    return np.array(rows)


# %% conv2d_valid right_by_scipy
from scipy import signal


def conv2d_valid(image, kernel):
    return signal.correlate2d(image.astype(float), kernel, mode="valid")


# %% conv2d_valid right_shifted_images
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    rows, cols = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((rows, cols))
    for (i, j), weight in np.ndenumerate(kernel):
        out += weight * image[i : i + rows, j : j + cols]
    return out


# %% conv2d_valid flipped
def conv2d_valid(image, kernel):
    kernel = kernel[::-1, ::-1]
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = (image[r : r + kh, c : c + kw] * kernel).sum()
    return out


# %% conv2d_valid transposed
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for i in range(kh):
                for j in range(kw):
                    out[r, c] += image[r + i, c + j] * kernel[j, i]
    return out


# %% conv2d_valid off_by_one_size
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh, image.shape[1] - kw))
    for r in range(image.shape[0] - kh):
        for c in range(image.shape[1] - kw):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% conv2d_valid only_3x3
def conv2d_valid(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for r in range(1, image.shape[0] - 1):
        for c in range(1, image.shape[1] - 1):
            out[r - 1, c - 1] = np.sum(image[r - 1 : r + 2, c - 1 : c + 2] * kernel)
    return out


# %% conv2d_valid axes_swapped
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for x in range(out.shape[0]):
        for y in range(out.shape[1]):
            out[x, y] = np.sum(image[y : y + kh, x : x + kw] * kernel)
    return out


# %% conv2d_valid returned_none
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    print(out)


# %% conv2d_valid borrowed
def conv2d_valid(image, kernel):
    return helpers.conv2d(image, kernel)


# %% output_size right_counted
def output_size(size, kernel_size, padding=0, strides=1):
    starts = range(-padding, size + padding - kernel_size + 1, strides)
    return len(starts)


# %% output_size off_by_one_size
def output_size(size, kernel_size, padding=0, strides=1):
    return (size + 2 * padding - kernel_size) // strides


# %% output_size not_rounded
def output_size(size, kernel_size, padding=0, strides=1):
    return (size + 2 * padding - kernel_size) / strides + 1


# %% output_size endless
def output_size(size, kernel_size, padding=0, strides=1):
    places, start = 0, -padding
    while start + kernel_size <= size + padding:
        places += 1  # and start stays where it is
    return places


# %% to_pixels right_value_by_value
def to_pixels(values, factor=1.0, bias=0.0):
    out = np.empty(values.shape, dtype=np.uint8)
    for place, value in np.ndenumerate(values):
        out[place] = max(0, min(255, round(float(value) * factor + bias)))
    return out


# %% to_pixels truncated
def to_pixels(values, factor=1.0, bias=0.0):
    return np.clip(factor * values + bias, 0, 255).astype(np.uint8)


# %% to_pixels wrapped
def to_pixels(values, factor=1.0, bias=0.0):
    return np.rint(factor * values + bias).astype(int).astype(np.uint8)


# %% conv2d_same right_in_loops
def conv2d_same(image, kernel, border="zero"):
    (height, width), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((height, width))
    for r in range(height):
        for c in range(width):
            for i in range(kh):
                for j in range(kw):
                    row, col = r + i - kh // 2, c + j - kw // 2
                    if border == "wrap":
                        row, col = row % height, col % width
                    elif border == "edge":
                        row = min(max(row, 0), height - 1)
                        col = min(max(col, 0), width - 1)
                    elif not (0 <= row < height and 0 <= col < width):
                        continue
                    out[r, c] += float(image[row, col]) * kernel[i, j]
    return out


# %% conv2d_same right_by_scipy
from scipy import ndimage


def conv2d_same(image, kernel, border="zero"):
    mode = {"zero": "constant", "wrap": "wrap", "edge": "nearest"}[border]
    return ndimage.correlate(image.astype(float), kernel.astype(float), mode=mode)


# %% conv2d_same border_ignored
def conv2d_same(image, kernel, border="zero"):
    rows, cols = kernel.shape[0] // 2, kernel.shape[1] // 2
    return yours.conv2d_valid(np.pad(image, ((rows, rows), (cols, cols))), kernel)


# %% true_convolution right_by_scipy
from scipy.signal import convolve2d


def true_convolution(image, kernel):
    return convolve2d(image.astype(float), kernel, mode="valid")


# %% true_convolution right_turned
def true_convolution(image, kernel):
    return conv2d_valid(image, np.rot90(kernel, 2))


# %% true_convolution not_flipped
from scipy.signal import correlate2d


def true_convolution(image, kernel):
    return correlate2d(image.astype(float), kernel, mode="valid")


# %% true_convolution flipped_rows_only
def true_convolution(image, kernel):
    return yours.conv2d_valid(image, kernel[::-1])


# %% true_convolution borrowed
def true_convolution(image, kernel):
    return helpers.true_convolution(image, kernel)


# %% bug_finder right_lists
bug_finder = ([[1, 2, 3], [4, 5, 6], [7, 8, 10]], [[0, 1], [0, 0]])


# %% bug_finder right_worked_example
bug_finder = (window, kernel)


# %% bug_finder symmetric_kernel
bug_finder = (hiker, np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]))


# %% bug_finder constant_kernel
bug_finder = (hiker, np.ones((3, 3)) / 9)
