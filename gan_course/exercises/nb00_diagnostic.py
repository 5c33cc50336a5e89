"""The check of the ten questions in notebook 00."""

from __future__ import annotations

from gan_course.exercises.checking import Attempt, Wrong
from gan_course.exercises.solutions.nb00 import diagnostic

# Question -> (topic, where to brush up). Which letter is right is in the solutions alone.
TOPICS = {
    1: (
        "Bayes' rule",
        "Goodfellow, Bengio, Courville, Deep Learning (2016), 3.5 and 3.11; section 1 of notebook 01",
    ),
    2: ("expectations", "Deep Learning, 3.8: apply the function first, then weigh; exercise `expectation`"),
    3: ("logits and softmax", "Deep Learning, 4.1: divide numerator and denominator by the same factor"),
    4: (
        "derivatives",
        "Deisenroth, Faisal, Ong, Mathematics for Machine Learning (2020), 5.1: the chain rule",
    ),
    5: ("gradient descent", "Deep Learning, 4.3: which way is downhill? exercise `sgd_step`"),
    6: ("shapes", "the page of torch.mean: what happens to the dimensions named in dim=?"),
    7: (
        "convolutions",
        "the page of torch.nn.Conv2d, formula for the output height, and what its first two arguments are",
    ),
    8: (
        "autograd",
        "the PyTorch notes 'Autograd mechanics' and the page of Tensor.detach: where does the graph end?",
    ),
    9: (
        "overfitting",
        "Deep Learning, 5.2 and 5.3: what does the gap between training and held-out accuracy measure?",
    ),
    10: (
        "broadcasting",
        "the PyTorch notes 'Broadcasting semantics': write the two shapes under each other, right-aligned",
    ),
}


def check_diagnostic(answer: Attempt) -> None:
    """A dict from question number to letter; every missed question gets a hint, never the letter."""
    given = answer.value
    if not isinstance(given, dict):
        raise Wrong(f"a dict from question number to letter was expected, not {type(given).__name__}")
    letters = {
        int(key): str(value).strip().lower() for key, value in given.items() if str(key).strip().isdigit()
    }
    if unknown := [str(key) for key in given if not str(key).strip().isdigit() or int(key) not in TOPICS]:
        raise Wrong(f"there is no question {', '.join(unknown)}: the keys are the numbers 1 to 10")
    if missing := [
        str(number) for number in TOPICS if letters.get(number, "") in ("", "...", "ellipsis", "none")
    ]:
        raise Wrong(f"without an answer: {', '.join(missing)}. Guess; a wrong guess earns a hint, not a mark")
    if odd := [str(number) for number in TOPICS if letters[number] not in tuple("abcd")]:
        raise Wrong(f"question {', '.join(odd)}: one of the letters a, b, c, d was expected")
    missed = [number for number in TOPICS if letters[number] != diagnostic[number]]
    if missed:
        hints = "".join(f"\n  {number}, {TOPICS[number][0]}: {TOPICS[number][1]}" for number in missed)
        raise Wrong(f"{10 - len(missed)} of 10 are right. Worth another look:{hints}")
