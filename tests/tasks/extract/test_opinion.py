from lxml.html import HtmlElement, fromstring
from trafilatura import xpaths

from newsmill.tasks.extract.opinion import RememberedXPath, remember_expressions

PAGE = """<html><body><div class="page"><nav class="menu"><a href="/">Start</a></nav>
<article class="entry-content" id="main"><h1>Bridge opens</h1>
<p>The bridge over the river opened to traffic on Monday after two years of work and three delays.</p>
<div class="social-share">Share this</div><p class="photo-caption" style="color:red">The bridge</p>
<div class="teaser-box"><p>Also read this</p></div><span aria-hidden="true">x</span><o:p class="hidden">y</o:p>
<p>Drivers had used the ferry until now, which will run for another month, the county said in a statement.</p></article>
<section id="comments"><p>First!</p></section><ul class="comment-list"><li>Second!</li></ul></div></body></html>"""


def elements(path: str, tree: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Those that lxml finds, and those of the remembered expression, which is asked twice."""
    remembered = RememberedXPath(path)
    first = remembered(tree)
    assert remembered(tree) == first
    plain: list[HtmlElement] = tree.xpath(path, namespaces={"re": xpaths.REGEXP_NS})
    return plain, first


def test_remembered_expressions_find_what_lxml_finds() -> None:
    tree = fromstring(PAGE)
    found = 0
    for paths in (
        xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
        xpaths.OVERALL_DISCARD_XPATH,
        xpaths.TEASER_DISCARD_XPATH,
        xpaths.DISCARD_IMAGE_ELEMENTS,
    ):
        for path in paths:
            plain, remembered = elements(path.path, tree)
            assert remembered == plain
            found += len(plain)
    assert found >= 6


def test_the_first_that_an_expression_for_the_body_finds_is_lxmls() -> None:
    tree = fromstring(PAGE)
    for path in xpaths.BODY_XPATH:
        plain, remembered = elements(path.path, tree)
        assert remembered[:1] == plain[:1]


def test_remembering_again_changes_nothing() -> None:
    remember_expressions()
    paths = [path.path for path in xpaths.OVERALL_DISCARD_XPATH]
    remember_expressions()
    assert [path.path for path in xpaths.OVERALL_DISCARD_XPATH] == paths
