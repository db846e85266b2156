"""FastAPI with SQLAlchemy: a list of posts as its documentation has it."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(URL, pool_size=4)


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


class AuthorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    username: str
    display_name: str


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
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


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


application = FastAPI()


@application.get("/posts/", response_model=list[PostOut])
def posts(database: Annotated[Session, Depends(session)]) -> list[Post]:
    newest = select(Post).options(joinedload(Post.created_by))
    newest = newest.order_by(Post.created_on.desc(), Post.id.desc()).limit(20)
    return list(database.scalars(newest))
