"""FastAPI with SQLAlchemy: a list of posts as its documentation has it."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from bench.peers.tables import Post, newest, session


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


application = FastAPI()


@application.get("/posts/", response_model=list[PostOut])
def posts(database: Annotated[Session, Depends(session)]) -> list[Post]:
    return list(database.scalars(newest()))
