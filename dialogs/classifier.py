"""How likely a text has each label, from weights that training has found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialogs.features import Features
from dialogs.lexicon import Lexicon

Numbers = NDArray[np.float32]

SHARPNESS = 0.8
"""What the labels' scores are multiplied with before they share out one: higher is bolder."""


@dataclass(frozen=True, eq=False)
class Model:
    """What was learned: the words with their counts, the features, and the weights of each label.

    `weights` has a row for each feature and a column for each label; `bias` a number for each.
    """

    labels: tuple[str, ...]
    counts: Mapping[str, int]
    features: Features
    weights: Numbers
    bias: Numbers

    def likelihoods(self, words: Sequence[str], lexicon: Lexicon) -> Mapping[str, float]:
        """How likely each label is, all together 1; nothing where no feature is known."""
        numbers, values = self.features.vector(words, lexicon)
        if not numbers:
            return {}
        scores = np.asarray(values, dtype=np.float32) @ self.weights[numbers] + self.bias
        shares = np.exp(SHARPNESS * (scores - scores.max()))
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))
