"""The admin API's own description (OpenAPI 3.1), made of the forms that it answers in."""

from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.directory.answer import OrganisationStatus, Refusal, SipDomains, Status
from bot.directory.issuer import ALGORITHMS

Json = dict[str, Any]

ROOT = "/admin/v1"
USER = ROOT + "/users/{sip}/pic-status"
ORGANISATION = ROOT + "/org/pic-status"
DOMAINS = ROOT + "/sip-domains"
DOCUMENT = ROOT + "/openapi.json"

FORMS = (Status, OrganisationStatus, SipDomains, Refusal)
REFUSALS = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""How any question may be refused."""
SIP = {
    "name": "sip",
    "in": "path",
    "required": True,
    "description": "The user's SIP address, with or without `sip:`, percent-encoded.",
    "schema": {"type": "string", "maxLength": 258},
    "example": "lync.user@fabrikam.com",
}
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token that the operator gave the caller.",
}
JWT = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": f"A JWT of the operator's issuer, signed with {' or '.join(ALGORITHMS)}. "
    "503: the issuer does not answer, so it cannot be checked.",
}


def document() -> Json:
    """The description of every path."""
    _, schemas = models_json_schema(
        [(form, "serialization") for form in FORMS],
        ref_template="#/components/schemas/{model}",
    )
    user = _get("Whether a user may talk to Skype users", "user", Status)
    user["parameters"] = [SIP]
    user["responses"] |= _refused((HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND))
    return {
        "openapi": "3.1.0",
        "info": {"title": "PIC directory", "version": "1", "description": __doc__},
        "paths": {
            USER: {"get": user},
            ORGANISATION: {"get": _get("What needs no user", "organisation", OrganisationStatus)},
            DOMAINS: {"get": _get("The SIP domains", "sipDomains", SipDomains)},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": TOKEN, "jwt": JWT},
        },
        "security": [{"token": []}, {"jwt": []}],
    }


def _get(summary: str, operation: str, form: type) -> Json:
    found = {
        "description": summary,
        "content": {"application/json": {"schema": _ref(form)}},
    }
    return {
        "summary": summary,
        "operationId": operation,
        "responses": {"200": found} | _refused(REFUSALS),
    }


def _refused(statuses: tuple[HTTPStatus, ...]) -> Json:
    content = {"application/problem+json": {"schema": _ref(Refusal)}}
    return {str(int(s)): {"description": s.phrase, "content": content} for s in statuses}


def _ref(form: type) -> Json:
    return {"$ref": f"#/components/schemas/{form.__name__}"}
