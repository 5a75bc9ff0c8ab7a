"""Lists of any length that resemble a keyword export: what is sold, with what people add before and after it."""

import random

SEEDS = tuple(
    f"{kind} {thing}".strip()
    for things, kinds in (
        ("sofa|armchair|bookcase|desk|bed frame|wardrobe|dining table|bar stool", "|leather|oak|small|vintage|corner"),
        ("tent|sleeping bag|backpack|camping stove|hiking boots|headlamp|kayak", "|ultralight|waterproof|winter"),
        ("laptop|monitor|keyboard|headphones|webcam|router|printer|tablet", "|gaming|wireless|budget|business|4k"),
        ("coffee machine|blender|air fryer|toaster|kettle|rice cooker", "|compact|stainless steel|italian|automatic"),
        ("car insurance|mortgage|credit card|savings account|business loan|pension", "|joint|fixed rate|student"),
        ("crm software|invoicing app|payroll service|project tracker|email marketing tool", "|free|enterprise|cloud"),
        ("yoga class|dental implant|back pain|vitamin d|eye test|running plan", "|beginner|private|chronic|daily"),
        ("dog food|cat litter|aquarium filter|bird cage|puppy training|hamster wheel", "|grain free|organic|large"),
        ("city break|beach holiday|river cruise|ski trip|airport parking|travel visa", "|last minute|family|luxury"),
        ("solar panel|heat pump|roof repair|bathroom tile|garden fence|wood stain", "|diy|commercial|outdoor|grey"),
        ("wedding dress|trail shoes|rain jacket|wool jumper|sunglasses|wrist watch", "|petite|handmade|mens|designer"),
    )
    for thing in things.split("|")
    for kind in kinds.split("|")
)  # fmt: skip
"""Some three hundred."""
BEFORE = (
    "|best|cheap|top 10|how to choose a|how to clean a|how to repair|what is a|affordable|premium|where to buy|used|"
    "new|is a|do i need a|types of|compare|find|cost of|average price of|alternatives to|problems with|benefits of|"
    "history of|how long does|can you return a|why buy|most popular|highest rated|local|same day|refurbished|"
    "lightweight|custom|rent a|sell my|how much is a|guide to|pros and cons of|ideas for|sustainable|professional|"
    "difference between|how to use|beginners guide to|best value|top rated|low cost|high end|who makes|when to buy|"
    "should i buy|questions about|discount|clearance|wholesale|imported|made in usa|recommended|good|easy"
).split("|")
AFTER = (
    "|for kids|for beginners|near me|reviews|price|in london|in berlin|in new york|for small spaces|for women|for men|"
    "for seniors|online|with free delivery|on sale|under 100|under 500|2026|vs rental|size guide|checklist|brands|"
    "accessories|storage|for travel|for home|for office|for students|with warranty|reddit|youtube|comparison|deals|"
    "black friday|installation|maintenance|tips|parts|manual|set up|at walmart|on amazon|ideas|pictures|dimensions|"
    "weight|colors|for couples|for professionals|for winter|for summer|trial|calculator|requirements|"
    "warranty|explained|statistics|trends|tax|delivery time|contact number"
).split("|")

_PER_SEED = 50


def make_keywords(count: int) -> list[str]:
    """Make a list, the same for the same length on every machine.

    Args:
        count: keywords, all different; a short list is of few seeds, about fifty keywords each, as exports are.

    Raises:
        ValueError: more than all that can be combined.
    """
    seeds = SEEDS[:: max(1, len(SEEDS) * _PER_SEED // count)]
    if count > len(seeds) * len(BEFORE) * len(AFTER):
        raise ValueError(f"{count:,} keywords are more than these words make")
    places = random.Random(count).sample(range(len(seeds) * len(BEFORE) * len(AFTER)), count)
    return [_keyword(seeds, place) for place in places]


def _keyword(seeds: tuple[str, ...], place: int) -> str:
    rest, seed = divmod(place, len(seeds))
    before, after = divmod(rest, len(AFTER))
    return " ".join(f"{BEFORE[before]} {seeds[seed]} {AFTER[after]}".split())
