"""Learns from phrasings what tells topics apart.

The only module that stands on scikit-learn. Nothing that serves imports it: the library is large,
and what it finds is a table of numbers (`Model`).
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from dialogs.classifier import Model, Numbers
from dialogs.features import Features
from dialogs.lexicon import Lexicon

COST = 10.0
"""What a wrongly labelled text costs against large weights (C)."""
RIVALS = 3000
"""Texts that a label is told from at most: those that are most like its own."""
LARGEST = 60_000_000
"""Weights in a model at most: of more features than that allows, the rarest are left out."""


def train(texts: Mapping[str, Sequence[str]], lexicon: Lexicon) -> Model:
    """A model of texts by their labels. The same texts give the same model.

    One label against the rest, by logistic regression, its few texts weighing as much as the
    many others. There must be two labels or more, each with a text that has a word.
    """
    owners = [label for label in texts for _ in texts[label]]
    read = [lexicon.read(text) for label in texts for text in texts[label]]
    counts = Counter(word for words in read for word in words)
    counts.update(dict.fromkeys(lexicon.common_words, 0))
    features = Features.of(read, lexicon, LARGEST // len(texts))
    matrix = _matrix(read, features, lexicon)
    with threadpool_limits(1):  # more threads get into each other's way at vectors so short
        weights, bias = _weights(matrix, owners, tuple(texts))
    return Model(tuple(texts), counts, features, weights, bias)


def _matrix(
    read: Sequence[Sequence[str]], features: Features, lexicon: Lexicon
) -> sparse.csr_matrix:
    """A row for each text."""
    columns, values, ends = array("i"), array("d"), [0]
    for words in read:
        numbers, found = features.vector(words, lexicon)
        columns.extend(numbers)
        values.extend(found)
        ends.append(len(columns))
    shape = (len(read), len(features.numbers))
    matrix = sparse.csr_matrix((values, columns, ends), shape=shape)
    matrix.sort_indices()
    return matrix


def _weights(
    matrix: sparse.csr_matrix, owners: Sequence[str], labels: Sequence[str]
) -> tuple[Numbers, Numbers]:
    weights = np.zeros((matrix.shape[1], len(labels)), dtype=np.float32)
    bias = np.zeros(len(labels), dtype=np.float32)
    names = np.array(owners)
    for column, label in enumerate(labels):
        own = names == label
        taken = _rivals(matrix, own)
        found = LogisticRegression(
            C=COST, solver="liblinear", class_weight="balanced", max_iter=1000, random_state=0
        ).fit(matrix[taken], own[taken])
        weights[:, column] = found.coef_[0]
        bias[column] = found.intercept_[0]
    return weights, bias


def _rivals(matrix: sparse.csr_matrix, own: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A label's own texts, and of the others those that share most with all of them."""
    others = np.flatnonzero(~own)
    if len(others) > RIVALS:
        mean = np.asarray(matrix[own].mean(axis=0)).ravel()
        alike = matrix[others] @ mean
        others = others[np.argsort(-alike, kind="stable")[:RIVALS]]
    return np.concatenate([np.flatnonzero(own), others])
