"""What is asked of a service that speaks the OpenAI API: the bodies of requests."""

import json
from typing import Any

from igny8_assets.ai.json_schema import strict_schema, without_bounds
from igny8_assets.ai.provider import LimitParameter, SchemaDialect, TextRequest
from igny8_assets.settings import Settings


def chat_body(request: TextRequest, settings: Settings) -> dict[str, Any]:
    """The body of a request for text: the user's messages are JSON objects, the form of the answer is told as the
    request's dialect has it.
    """  # noqa: D205 - one sentence
    system = request.system
    schema = request.schema or strict_schema(request.answer)
    body: dict[str, Any] = {"model": request.model}
    if request.dialect in {SchemaDialect.FULL, SchemaDialect.STRICT}:
        told = schema if request.dialect is SchemaDialect.FULL else without_bounds(schema)
        named = {"name": request.function, "strict": True, "schema": told}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    else:
        system += "\n\nAnswer with one JSON object and nothing else. It has to fit this JSON schema:\n"
        system += json.dumps(schema, ensure_ascii=False)
        if request.dialect is SchemaDialect.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
    body["messages"] = [{"role": "system", "content": system}, {"role": "user", "content": request.user}]
    if request.repair is not None:
        task = "Answer again, with the whole JSON object, so that what `error` says is mended."
        mended = json.dumps({"error": request.repair.complaint, "task": task}, ensure_ascii=False)
        body["messages"] += [
            {"role": "assistant", "content": request.repair.answer},
            {"role": "user", "content": mended},
        ]
    if settings.text_temperature is not None:
        body["temperature"] = settings.text_temperature
    if request.most_tokens is not None and request.limit is not LimitParameter.NONE:
        body[request.limit.value] = request.most_tokens
    return body


def image_options(model: str, size: str, quality: str) -> dict[str, str]:
    """Size and quality in the words of the model: `gpt-image…` says low, medium, high; `dall-e-3` standard, hd.

    Any other model is told the quality only if it is not `standard`, since many know no such field.
    """
    if model.startswith(("gpt-image", "chatgpt-image")):
        return {"size": size, "quality": "high" if quality == "high" else "medium"}
    if model.startswith("dall-e-3"):
        return {"size": size, "quality": "hd" if quality == "high" else "standard"}
    return {"size": size} if quality == "standard" else {"size": size, "quality": quality}
