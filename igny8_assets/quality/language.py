"""Whether a text is in the language of its site, told by the words that every text of a language is full of.

Own lists instead of a library: even a small one (py3langid) costs each process 80 MB and half a second, and a draft of
250 words has about a hundred of these words.
"""

from collections.abc import Mapping, Sequence

from igny8_assets.quality.blocks import Body
from igny8_assets.quality.draft import DraftToCheck
from igny8_assets.quality.report import Finding, Verdict
from igny8_assets.quality.words import folded, words_of

LEAST_WORDS = 50
_LEAST_SHARE = 0.08
"""Less than this share of common words no text of a language has: in tables and lists, they are a fifth."""
_CLEARLY_ENGLISH = 0.3
_MARGIN = 1.5
_NAMES = {
    "en": "English",
    "es": "Spanish",
    "de": "German",
    "ja": "Japanese",
    "fr": "French",
    "pt": "Portuguese",
    "ru": "Russian",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
}
_COMMON: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to a in is it you that he was for on are with as his they be at this have from or "
        "had by but what some we can out other were all there when up your how their if will each about "
        "many then them these so would her him has more could no than been its who not which do into an "
        "our should",
        "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha "
        "me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta "
        "desde está mi porque qué sólo han yo hay puede todos así nos ni parte tiene uno donde bien "
        "tiempo cada otro estos estas tu tus hacer",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an "
        "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war "
        "haben nur oder aber vor zur bis mehr durch man sein wurde sei kann wenn ihre ihr ich wir was "
        "keine diese dieser dieses eines ohne ihnen sollte sollten können damit alle beim unter sehr "
        "schon",
        "fr": "de la le les et des en un une du est que dans qui pour au l d a il sur par plus ne se pas ce "
        "avec sont ou son s c n qu elle ils nous vous on mais ont cette ces être leur même aux comme si "
        "sa ses peut tout tous aussi été fait sans entre bien y deux très votre vos où quand avant après "
        "chaque donc il faut",
        "pt": "de a que o e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das "
        "tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era "
        "depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas "
        "meu às minha têm numa pelos elas seja qual são pode este esta cada",
        "ru": "и в не на что я с он как это а по но из у к за от так же для вы то его о бы все она мы до или "
        "если при они только ее их когда уже был была было были есть может чтобы после также этот эта "
        "эти того без можно нет под во со тем который которые которая ещё еще более через между каждый "
        "где вас вам ваш свой",
        "it": "di e il la che in a per un è l del non una i con si da le sono della come ma più al dei nel "
        "alla o gli lo anche dell all delle ha su questo se ci degli quando essere nella tra era dal "
        "molto questa quello fra loro ogni così dopo sul può senza ne suo sua hanno tutto tutti perché "
        "dalla negli nelle ai agli alle cui solo due",
        "nl": "de het een van en in is dat op te zijn met voor niet die aan er om ook als maar dan bij nog uit "
        "door over je ze zich hij wordt worden naar heeft hebben u kan kunnen meer geen deze dit of tot "
        "wat was had haar hun zo al wel we wij uw jij moet zonder onder tegen na veel elke alle waar hoe "
        "wanneer omdat",
        "pl": "w i na z się do nie jest to że o jak za od po a ale przez co dla oraz czy tylko już tym lub ma "
        "być może są był była było były ich jego jej ze które który która tego tej przy gdy jeśli także "
        "bardzo można u pod nad bez każdy każda każdego więc tak jako ten ta te innych swoje aby przed "
        "między pan pani",
    }.items()
}


def check_language(draft: DraftToCheck, body: Body) -> Finding:
    """Warn if the text does not seem to be in the language of its site."""
    words = [word for word in words_of(folded(body.text).replace("'", " ")) if word.isalpha()]
    wanted = draft.language_code
    if len(words) < LEAST_WORDS:
        return _not_checked(f"fewer than {LEAST_WORDS} words")
    shares = shares_of(words)
    likeliest = max(shares, key=lambda language: shares[language])
    seems = _told(shares, likeliest)
    if wanted not in shares:
        # No other language has so many words of English.
        if shares["en"] < _CLEARLY_ENGLISH:
            return _not_checked(f"there is no list of common words of {wanted or 'no language'}")
        return _warning(f"the text seems to be in English, its site is in {wanted}: {seems}")
    own = _told(shares, wanted)
    if shares[likeliest] > max(_MARGIN * shares[wanted], _LEAST_SHARE):
        which = f"{_NAMES[likeliest]}, its site is in {_NAMES[wanted]}"
        return _warning(f"the text seems to be in {which}: {seems}, {own}")
    if shares[wanted] < _LEAST_SHARE:
        return _warning(f"the text does not seem to be in {_NAMES[wanted]}: {own}")
    return Finding("language", Verdict.PASS, own)


def _told(shares: Mapping[str, float], language: str) -> str:
    return f"{round(100 * shares[language])} % of the words are common in {_NAMES[language]}"


def _warning(evidence: str) -> Finding:
    return Finding("language", Verdict.WARN, evidence)


def shares_of(words: Sequence[str]) -> dict[str, float]:
    """Which part of the words (in lower case) is common in each language; Japanese is told by its kana."""
    number = max(1, len(words))
    shares = {language: sum(word in common for word in words) / number for language, common in _COMMON.items()}
    shares["ja"] = sum("\u3040" <= word[0] <= "\u30ff" for word in words) / number
    return shares


def _not_checked(reason: str) -> Finding:
    return Finding("language", Verdict.PASS, f"not checked: {reason}")
