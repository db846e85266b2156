"""Why a file is not acceptable, in sentences for the user who sent it."""

UNKNOWN = "This is not a picture that can be shown: use JPEG, PNG, WebP, GIF or AVIF."
DAMAGED = "The picture is damaged: not all of it can be read. Please send it again."
VIDEO = "This is a video. Only pictures can be posted."
PDF = "This is a PDF document. Only pictures can be posted: save the page as PNG."
SVG = "This is an SVG drawing, which can contain programs: save it as PNG."
HEIC = (
    "This site cannot read HEIC pictures. Save it as JPEG; an iPhone takes JPEG pictures when "
    "Settings, Camera, Formats is set to Most Compatible."
)
TOO_COSTLY = "The picture is too large to be read. Save it in a smaller size, or as JPEG."


class NotAcceptable(Exception):
    """The image is not acceptable; the message says why."""


class PixelLimitExceeded(NotAcceptable):
    def __init__(self, limit: float) -> None:
        super().__init__(
            f"The picture has more than {limit // 10**6:.0f} megapixels. Save it in a smaller "
            "size, or as JPEG."
        )
