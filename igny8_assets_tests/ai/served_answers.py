"""What the test server answers: texts and vectors, with the fault that they are to have."""

import json
import time
from typing import Any

from pydantic import BaseModel

from igny8_assets_tests.ai.faults import Fault
from igny8_assets_tests.ai.valid_answers import valid_answer


def completion(asked: BaseModel, model: str, fault: Fault | None) -> dict[str, Any]:
    """The answer of chat completions, with the fault that it is to have."""
    kind = fault.kind if fault else ""
    text: str | None = valid_answer(asked).model_dump_json()
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    reason = {"length": "length", "content_filter": "content_filter"}.get(kind, "stop")
    if kind == "length":
        message["content"] = str(text)[: len(str(text)) // 2]
    elif kind == "content" and fault:
        message["content"] = fault.text
    elif kind == "refusal":
        message |= {"content": None, "refusal": "I can't help with that."}
    elif kind in {"no_content", "content_filter"}:
        message["content"] = None
    elif kind == "other_items":
        message["content"] = about_other_items(str(text))
    choices = [] if kind == "empty_choices" else [{"index": 0, "message": message, "finish_reason": reason}]
    tokens_in, tokens_out = len(asked.model_dump_json()) // 4, len(message["content"] or "") // 4
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": int(time.time()), "model": model,
            "choices": choices, "usage": usage}  # fmt: skip


def embeddings(body: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
    """The answer of the embeddings API: vectors of a real model, in any order."""
    from igny8_assets.clustering.embedding import embed

    texts = body["input"]
    data = [
        {"object": "embedding", "index": place, "embedding": vector}
        for place, vector in reversed(list(enumerate(embed(texts).tolist())))
    ]
    if fault and fault.kind == "other_items":
        data = data[1:]
    tokens = sum(len(text.split()) for text in texts)
    return {
        "object": "list",
        "model": body["model"],
        "data": data,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def about_other_items(text: str) -> str:
    """The same answer about ids and roles that were not asked for."""
    answer = json.loads(text)
    for cluster in answer.get("clusters", []):
        cluster["id"] += 1_000_000
    for idea in answer.get("ideas", []):
        idea["keyword_ids"] = [one + 1_000_000 for one in idea["keyword_ids"]]
    for part in (*answer.get("joins", []), *answer.get("groups", [])):
        part["keyword_ids"] = [one + 1_000_000 for one in part["keyword_ids"]]
    for image in answer.get("images", []):
        image["role"] = "in_article_9"
    return json.dumps(answer)
