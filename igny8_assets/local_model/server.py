"""The process that serves a model: started as a module, it ends with the process that started it."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xllamacpp import CommonParams

NOT_LOADED = 3
"""The exit code when the server does not come up."""
QUIET, USUAL = 0, 3
"""How much llama.cpp says."""
ANSWERS_OF_A_CONTEXT = 4
"""An answer whose length nobody bounds takes a quarter of the context at most: small models tend to have no end."""


@dataclass(frozen=True)
class Serving:
    """What is served where; `context` is in tokens, of one question with its answer, `parallel` how many at once."""

    path: str
    name: str
    host: str
    port: int
    context: int
    parallel: int
    verbose: bool

    def told(self) -> str:
        """As the process takes it."""
        return json.dumps(asdict(self))


def main() -> None:
    """Serve until standard input ends, which it does with the process that holds its other end."""
    from xllamacpp import Server

    serving = Serving(**json.loads(sys.argv[1]))
    try:
        _server = Server(_parameters(serving))
    except RuntimeError:
        sys.exit(NOT_LOADED)
    sys.stdin.read()
    # At once, without waiting for what is asked now.
    os._exit(0)


def _parameters(serving: Serving) -> "CommonParams":
    from xllamacpp import CommonParams, llama_pooling_type

    told = CommonParams()
    told.model.path = serving.path
    told.model_alias = {serving.name}
    told.hostnames = [serving.host]
    told.port = serving.port
    told.n_parallel = serving.parallel
    # One store for all requests, with room for each one's whole context: where it is full, every request under way
    # fails; and with a store for each, llama.cpp gives wrong vectors for texts that are asked together.
    told.n_ctx = serving.context * serving.parallel
    told.kv_unified = True
    told.kv_unified_per_slot = serving.context
    told.n_predict = serving.context // ANSWERS_OF_A_CONTEXT
    told.use_jinja = True
    # Vectors, beside texts, are the mean over a text's tokens.
    told.embedding = True
    told.pooling_type = llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    told.warmup = False
    told.offline = True
    told.verbosity = USUAL if serving.verbose else QUIET
    # Kept prompts would take up to 8 GB; pages, and a list of what is asked, are nobody's business.
    told.cache_ram_mib = 0
    told.ui = False
    told.endpoint_slots = False
    told.cors_origins = ""
    return told


if __name__ == "__main__":
    main()
