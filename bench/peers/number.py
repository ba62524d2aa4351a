"""The peer with Flask, as an introduction to Flask writes it."""

from random import randint

from flask import Flask

app = Flask(__name__)


@app.get("/number")
def number():
    return {"number": randint(1, 180)}
