// What the paths of the description refer to, but for schemas.
#include "actors/http/api/openapi.hpp"

namespace reckoner::http::api {

const std::string_view kOpenapiComponents = R"json({
  "securitySchemes": {
    "bearer": {"type": "http", "scheme": "bearer"},
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}
  },
  "parameters": {
    "customer_id": {
      "name": "customer_id",
      "in": "path",
      "required": true,
      "schema": {"type": "string", "minLength": 1, "maxLength": 255}
    },
    "charge_id": {
      "name": "charge_id",
      "in": "path",
      "required": true,
      "description": "<customer_id>:<number>, percent-encoded",
      "schema": {"type": "string"}
    },
    "cursor": {
      "name": "cursor",
      "in": "query",
      "required": false,
      "description": "`next` of the page before",
      "schema": {"type": "string"}
    },
    "limit": {
      "name": "limit",
      "in": "query",
      "required": false,
      "description": "Items of a page",
      "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    },
    "tier": {
      "name": "tier",
      "in": "query",
      "required": false,
      "description": "Only those on this plan",
      "schema": {"type": "string"}
    },
    "unlinked": {
      "name": "unlinked",
      "in": "query",
      "required": false,
      "description": "Only those without a Polar customer",
      "schema": {"type": "boolean"}
    },
    "blocked": {
      "name": "blocked",
      "in": "query",
      "required": false,
      "description": "Only those with a failed or held charge",
      "schema": {"type": "boolean"}
    },
    "status": {
      "name": "status",
      "in": "query",
      "required": false,
      "description": "Only charges in this status",
      "schema": {
        "type": "string",
        "enum": ["pending", "held", "unknown", "submitted", "paid", "failed", "written_off"]
      }
    },
    "of_customer": {
      "name": "customer_id",
      "in": "query",
      "required": false,
      "description": "Only charges of this customer",
      "schema": {"type": "string"}
    },
    "at": {
      "name": "at",
      "in": "query",
      "required": false,
      "description": "An instant from now back; not given: now",
      "schema": {"type": "string", "format": "date-time"}
    },
    "X-Polar-Signature": {
      "name": "X-Polar-Signature",
      "in": "header",
      "required": false,
      "description": "sha256= and hex HMAC-SHA256 of the body",
      "schema": {"type": "string"}
    },
    "webhook-id": {
      "name": "webhook-id",
      "in": "header",
      "required": false,
      "description": "The webhook's id",
      "schema": {"type": "string"}
    },
    "webhook-timestamp": {
      "name": "webhook-timestamp",
      "in": "header",
      "required": false,
      "description": "Seconds since 1970, at most 300 away from now",
      "schema": {"type": "string"}
    },
    "webhook-signature": {
      "name": "webhook-signature",
      "in": "header",
      "required": false,
      "description": "v1, and base64 HMAC-SHA256 of id.timestamp.body; several, with spaces",
      "schema": {"type": "string"}
    }
  },
  "responses": {
    "Problem": {
      "description": "What was wrong; 429 and 503 carry Retry-After",
      "content": {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
      }
    }
  }
})json";

}  // namespace reckoner::http::api
