"""What lesson 4 asks before it shows it."""

from course.predictions.prediction import Prediction, Said

PREDICTIONS = (
    Prediction(
        key="the_last_1",
        lesson=4,
        question="A batch of grey images for Keras has the shape (N, 28, 28, 1). What does the last 1 count?",
        answers=(
            Said(
                "bytes of a pixel",
                "It would be 1 for 16-bit pictures as well. It counts channels.",
                "the colour depth",
            ),
            Said("channels of a pixel", "A colour photograph would have 3 there."),
            Said("images", "Images are counted by N, in front.", "the batch stands last"),
        ),
        see="Read on.",
    ),
    Prediction(
        key="first_kernels",
        lesson=4,
        question="Before anything is trained, what are the 64 kernels of the first layer?",
        answers=(
            Said(
                "good ones, such as Sobel's",
                "Nobody puts them there. Keras starts from small random numbers, and training makes kernels of them.",
                "networks start from known filters",
            ),
            Said("random numbers", "Small ones, within 0.1013 of 0. What they become is learned."),
            Said(
                "zeros",
                "Then all 64 would learn the same. They start random.",
                "learning starts from nothing",
            ),
        ),
        see="Lesson 5 shows them, before and after.",
    ),
    Prediction(
        key="into_the_second",
        lesson=4,
        question="What comes into the second Conv2D, for one image?",
        answers=(
            Said(
                "28 x 28 x 1",
                "That is what comes into the first. Only the network as a whole has such an input.",
                "every Conv2D sees the image",
            ),
            Said(
                "13 x 13 x 1",
                "The first layer made 64 maps, and all of them go on.",
                "maps are looked at one by one",
            ),
            Said(
                "13 x 13 x 64",
                "All 64 pooled maps. Each filter of the second layer looks at all of them at once.",
            ),
        ),
    ),
    Prediction(
        key="dense_or_cnn",
        lesson=4,
        question="Which network will be better on held-out images: the dense one or the convolutional one?",
        answers=(
            Said(
                "the dense one",
                "It was behind for each of 25 seeds, by 2.1 points on average.",
                "fewer numbers win",
            ),
            Said(
                "the CNN, by about 2 points",
                "2.1 points on average of 25 seeds, and never less than 1.3.",
            ),
            Said(
                "the CNN, by about 20 points",
                "2.1 points: a dense network is not bad at clothes that all sit in the middle.",
                "dense networks can't see",
            ),
        ),
        see="Run the next cells: they train both.",
    ),
    Prediction(
        key="new_digits",
        lesson=4,
        question="Another course's network is right on 99.8% of its training digits. And on digits that it has not seen?",
        answers=(
            Said(
                "on 99.8%, too",
                "On 98.7%, they say: 13 mistakes in 1,000 and not 2. Training accuracy is not accuracy.",
                "training accuracy is accuracy",
            ),
            Said(
                "on more",
                "On 98.7%. It was never shown these, so it can't have learned them by heart.",
                "new images are easier",
            ),
            Said("on fewer", "On 98.7%, they say: 13 mistakes in 1,000 and not 2."),
        ),
        see="Read on.",
    ),
    Prediction(
        key="hardest_class",
        lesson=4,
        question="Which class has the fewest right answers?",
        answers=(
            Said(
                "Sandal",
                "Nothing else has straps and holes. It is the shirt.",
                "odd shapes are hard",
            ),
            Said(
                "Shirt",
                "It is a T-shirt with sleeves, a coat without a zip, a pullover of thinner cloth.",
            ),
            Said("Bag", "Nothing else looks like a bag. It is the shirt.", "what varies is hard"),
            Said(
                "Ankle boot",
                "Its shaft tells it from other shoes. It is the shirt.",
                "shoes look alike",
            ),
        ),
    ),
)
