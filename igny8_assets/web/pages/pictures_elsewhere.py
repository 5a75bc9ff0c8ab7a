"""Pictures that a text takes from elsewhere: the page shows none of them, so it says where they are."""

import html
import re

# As sanitising writes it: values in double quotes, which are escaped within.
_PICTURE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_SOURCE = re.compile(r' src="([^"]*)"')


def told(text: str, words: str) -> str:
    """Sanitised HTML with words and the address in the place of each picture."""

    def tell(picture: re.Match[str]) -> str:
        source = _SOURCE.search(picture[1])
        address = html.escape(html.unescape(source[1])) if source else ""
        return f'<span class="note">[{html.escape(words)} {address}]</span>'

    return _PICTURE.sub(tell, text)
