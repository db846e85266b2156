"""The table of docs/pictures.md through every interface: what is kept of each kind of file."""

from pathlib import PurePosixPath

from tests import picture_files as files
from tests.contract.exceptions import Invalid
from tests.contract.test_pictures import stored
from tests.domain.test_picture_files import name_of, rows
from tests.pictures import upload

# Those decode in milliseconds; `tests/domain/test_picture_files.py` has the others, too.
LARGE = {kind for kind in files.KINDS if "megapixels" in kind or "10000" in kind or "3840" in kind}
SMALL = [kind for kind in files.KINDS if kind not in LARGE]


def test_each_kind_of_file_becomes_the_same_in_every_interface(interface, alice, settings):
    settings.LIMITS = settings.LIMITS | {"image": "1000/minute", "post": "1000/minute"}
    outcomes = {}
    for kind in SMALL:
        try:
            shown = interface(alice).publish(kind, upload(files.KINDS[kind](), "a.bin"))
        except Invalid as error:
            outcomes[kind] = error.fields
        else:
            assert PurePosixPath(shown.image).suffix in (".jpg", ".png", ".webp")
            outcomes[kind] = name_of(stored(shown.image))
    assert outcomes == {
        kind: {"image"} if rows()[kind].startswith("“") else rows()[kind] for kind in SMALL
    }
