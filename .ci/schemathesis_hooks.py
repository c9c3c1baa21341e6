"""What no schema can say, so that data which the document allows is also data which the platform takes.

Each of these is said in words in the document. Requests that are wrong on purpose are left as they are.
"""

import datetime
import os

import schemathesis


def whole(value):
    """To JSON Schema 2.0 is an integer. RFC 8259 section 6 leaves it to the reader; the platform refuses it."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def in_words(text):
    """A name has a letter or digit in it, and no white space around it."""
    return text and "ab"[: len(text)] + text[2:].rstrip() + "b" * (len(text[2:]) - len(text[2:].rstrip()))


def of_a_real_tour(case):
    """A booking is of a tour that exists, on a day to come."""
    case.body["tourId"] = os.environ["ESCALE_TOUR"]
    case.body["bookingDate"] = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()


def by_basic_alone(case):
    """An application authenticates in one place, asks for what it is registered for, and says nothing twice."""
    case.body = {"grant_type": "client_credentials", "scope": "tours:read"}


def with_a_strong_password(case):
    """How easy a password is to guess is no pattern. No pseudo can be in this one."""
    case.body["password"] = "éàùçôîêâûëïüœæÿñãõäö"


def of_gina(case):
    """So that a session is begun, and its tokens are looked at."""
    case.body["pseudo"] = "gina"
    case.body["password"] = os.environ["ESCALE_PASSWORD"]


def of_a_tour(case):
    case.body["city"] = in_words(case.body["city"])
    for texts in (case.body["title"], case.body["description"]):
        texts["fr"], texts["en"] = in_words(texts["fr"]), in_words(texts["en"])


def of_a_key(case):
    case.body["name"] = in_words(case.body["name"])


def of_a_list(case):
    """A price range is not upside down."""
    low, high = (case.query.get(name) for name in ("minPriceCents", "maxPriceCents"))
    if low is not None and high is not None and int(low) > int(high):
        case.query["minPriceCents"], case.query["maxPriceCents"] = high, low
    if "city" in case.query:
        case.query["city"] = in_words(case.query["city"])


def of_a_search(case):
    if "q" in case.query:
        case.query["q"] = in_words(case.query["q"])


FITTING = {
    "GET /api/tours": of_a_list,
    "GET /api/tours/search": of_a_search,
    "POST /api/bookings": of_a_real_tour,
    "POST /api/tours": of_a_tour,
    "PUT /api/tours/{id}": of_a_tour,
    "POST /auth/api-keys": of_a_key,
    "POST /auth/login": of_gina,
    "POST /auth/register": with_a_strong_password,
    "POST /oauth/token": by_basic_alone,
}


@schemathesis.hook
def before_call(context, case, kwargs):
    case.body = whole(case.body)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # A cursor is what an answer gave, and nothing that anybody could make up.
    (case.query or {}).pop("cursor", None)
    fit = FITTING.get(case.operation.label)
    if fit is not None:
        fit(case)
