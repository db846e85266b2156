"""Litestar with msgspec and SQLAlchemy: structs, converted from the rows by their attributes."""

from datetime import datetime

import msgspec
from litestar import Litestar, get
from litestar.di import Provide
from sqlalchemy.orm import Session

from bench.peers.tables import newest, session


class AuthorOut(msgspec.Struct):
    username: str
    display_name: str


class PostOut(msgspec.Struct):
    id: int
    body: str
    image: str
    image_alt: str
    image_width: int | None
    image_height: int | None
    created_by: AuthorOut | None
    created_on: datetime
    modified_on: datetime
    like_count: int


@get("/posts/", sync_to_thread=True)
def posts(database: Session) -> list[PostOut]:
    return msgspec.convert(database.scalars(newest()).all(), list[PostOut], from_attributes=True)


application = Litestar([posts], dependencies={"database": Provide(session)})
