"""The tables of the product in SQLAlchemy, for the peers that use it."""

import os
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ForeignKey, Select, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(URL, pool_size=4, max_overflow=0)


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "accounts_customuser"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    display_name: Mapped[str]


class Post(Base):
    __tablename__ = "blog_post"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]
    image: Mapped[str]
    image_alt: Mapped[str]
    image_width: Mapped[int | None]
    image_height: Mapped[int | None]
    created_on: Mapped[datetime]
    modified_on: Mapped[datetime]
    like_count: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_customuser.id"))
    created_by: Mapped[Author | None] = relationship()


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


def newest() -> "Select[tuple[Post]]":
    """Return the query of the newest twenty posts with their authors."""
    posts = select(Post).options(joinedload(Post.created_by))
    return posts.order_by(Post.created_on.desc(), Post.id.desc()).limit(20)
