"""Which addresses are pages of a site, and in which form they are kept."""

import pytest

from igny8_assets.pages.addresses import NotAPage, has_login, page_address, title_of

DOMAIN = "www.Bean-Shop.example"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://bean-shop.example/a", "https://bean-shop.example/a"),
        ("HTTPS://WWW.Bean-Shop.Example/A?b=C#d", "https://www.bean-shop.example/A?b=C"),
        ("http://blog.bean-shop.example:8080/", "http://blog.bean-shop.example:8080/"),
        ("https://bean-shop.example.:443/", "https://bean-shop.example/"),
        ("https://bean-shop.example/a@b", "https://bean-shop.example/a@b"),
        ("https://bean-shop.example:8080/@b", "https://bean-shop.example:8080/@b"),
        ("https://bücher.bean-shop.example/", "https://xn--bcher-kva.bean-shop.example/"),
    ],
)
def test_a_page_of_the_site_is_kept_in_one_form(text: str, kept: str) -> None:
    assert page_address(text, DOMAIN) == kept


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "there is no address"),
        ("https://other.example/", "is not on the site's domain www.Bean-Shop.example"),
        ("https://evilbean-shop.example/", "is not on the site's domain"),
        ("https://bean-shop.example.evil.example/", "is not on the site's domain"),
        ("https://evil.example\\.bean-shop.example/", "signs that no address has"),
        ("https://evil.example%2f.bean-shop.example/", "names no host that can exist"),
        ("https://bean-shop.example:99999/", "has a port that can't exist"),
        ("https://bean-shop.example:0/", "has a port that can't exist"),
        ("https://bean-shop.example:x/", "has a port that can't exist"),
        ("https://[::1", "is not an address"),
        ("/blog/", "is not an http(s) address"),
        ("javascript:alert(1)", "is not an http(s) address"),
        ("https://bean-shop.example/a b", "signs that no address has"),
        ("https://bean-shop.example/\ufffd", "signs that no address has"),
        ("https://bean-shop.example/" + "a" * 2000, "2,026 characters, 2,000 are allowed"),
    ],
)
def test_what_is_no_page_of_the_site_is_rejected_with_its_reason(text: str, complaint: str) -> None:
    with pytest.raises(NotAPage) as told:
        page_address(text, DOMAIN)
    assert complaint in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://ada:secret@bean-shop.example/",
        "https://ada@bean-shop.example/",
        "//ada:secret@bean-shop.example/",
        "https:ada:secret@bean-shop.example/",
        "https:\\\\ada:secret@bean-shop.example/",
        "https://ada:sec#ret@bean-shop.example/",
        " https://ada:secret@[::1/",
    ],
)
def test_an_address_with_a_login_is_refused_without_showing_it(address: str) -> None:
    assert has_login(address)
    with pytest.raises(NotAPage) as told:
        page_address(address, DOMAIN)
    assert "ada" not in str(told.value)


def test_the_home_page_is_called_like_the_site_and_that_of_a_subdomain_like_its_host() -> None:
    assert title_of("https://www.bean-shop.example/", DOMAIN, "The Bean Shop") == "The Bean Shop"
    assert title_of("https://www.bean-shop.example/", DOMAIN, " ") == "bean-shop.example"
    assert title_of("https://blog.bean-shop.example/", DOMAIN, "The Bean Shop") == "blog.bean-shop.example"
    assert title_of("https://bean-shop.example/-/", DOMAIN, "The Bean Shop") == "The Bean Shop"


def test_without_a_known_domain_a_sites_pages_may_stand_anywhere() -> None:
    assert page_address("https://Other.example/tents", "") == "https://other.example/tents"
