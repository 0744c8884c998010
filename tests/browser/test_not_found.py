"""Who follows a broken link is helped on."""

import pytest
from playwright.sync_api import Page

from tests.browser.site_server import SiteServer
from tests.browser.watch import watch


@pytest.mark.parametrize("address", ["none.html", "tutorials/there/is/none.html"])
def test_an_unknown_address_gets_a_page_that_leads_on(
    address: str, page: Page, server: SiteServer
) -> None:
    server.served.clear()
    other_hosts, failures = watch(page, server)
    response = page.goto(server.address(address))
    assert response is not None
    assert response.status == 404
    assert page.locator("article h1").count() == 1
    answers = {each.path: each.status for each in server.served}
    del answers[f"/{address}"]
    assert set(answers.values()) == {200}, answers  # style, scripts and font are found
    assert other_hosts == failures == []
    with page.expect_response(
        lambda answer: answer.request.is_navigation_request()
    ) as led:
        page.locator("article a:not(.headerlink)").first.click()
    assert led.value.status == 200
