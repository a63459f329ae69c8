"""An escaped block of the spec holds the characters that its escapes stand for."""

from cmdpoint.spec.rules import read_chapter

CHAPTER = r"""# A chapter

### LEX-1  A title

A statement.

Sources: none.

```dockerfile escaped
FROM probe\r
CMD a\tb\u00a0\xff\\{3}\{3*y}
```
```console
$ docker run IMAGE
["x"]
```
"""


def test_escapes() -> None:
    """One of each."""
    (rule,) = read_chapter("1-x.md", CHAPTER)
    (image,) = rule.examples[0].images
    assert image.name == "image"
    assert image.dockerfile == "FROM probe\r\nCMD a\tb\u00a0\udcff\\{3}yyy\n"
