// The paths of the description; where a line of it is too long, it goes on in a second literal.
#include "actors/http/api/openapi.hpp"

namespace reckoner::http::api {

const std::string_view kOpenapiPaths =
    R"json({
  "/api/v1/usage": {
    "post": {
      "operationId": "postUsage",
      "summary": "Count one usage event",
      "description": "422 with the code of the rule that refuses it: invalid_tokens, )json"
    R"json(invalid_field, missing_idempotency_key, invalid_timestamp, )json"
    R"json(timestamp_in_future, timestamp_too_old, unknown_customer.",
      "x-scope": "usage",
      "requestBody": {
        "required": true,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/UsageEvent"}}}
      },
      "responses": {
        "200": {
          "description": "Durable and applied, or counted before",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/UsageAnswer"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/usage/batch": {
    "post": {
      "operationId": "postUsageBatch",
      "summary": "Count many usage events",
      "description": "A bad event stops no other.",
      "x-scope": "usage",
      "requestBody": {
        "required": true,
        "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/UsageEvents"}},
          "application/x-ndjson": {
            "schema": {
              "type": "string",
              "description": "A usage event a line; blank lines are passed over and do not count."
            }
          }
        }
      },
      "responses": {
        "200": {
          "description": "Each event is durable and applied, counted before, or in `rejected`",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/BatchAnswer"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/webhooks/polar": {
    "post": {
      "operationId": "postPolarWebhook",
      "summary": "Take a webhook of Polar",
      "description": "Signed by the guide's scheme (X-Polar-Signature) or by Standard )json"
    R"json(Webhooks; one that carries both must pass both. 400 missing_signature, )json"
    R"json(invalid_signature, timestamp_out_of_tolerance, invalid_json, invalid_field.",
      "security": [],
      "parameters": [
        {"$ref": "#/components/parameters/X-Polar-Signature"},
        {"$ref": "#/components/parameters/webhook-id"},
        {"$ref": "#/components/parameters/webhook-timestamp"},
        {"$ref": "#/components/parameters/webhook-signature"}
      ],
      "requestBody": {
        "required": true,
        "content": {"application/json": {"schema": {"type": "object"}}}
      },
      "responses": {
        "200": {
          "description": "Durable, or taken before",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/WebhookAnswer"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/customers": {
    "post": {
      "operationId": "postCustomer",
      "summary": "Register a customer, or change the fields that are given",
      "description": "409 polar_customer_taken where another customer has that Polar customer.",
      "x-scope": "admin",
      "requestBody": {
        "required": true,
        "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/CustomerFields"}}
        }
      },
      "responses": {
        "200": {
          "description": "It was there already",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomerSummary"}}
          }
        },
        "201": {
          "description": "Registered",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomerSummary"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    },
    "get": {
      "operationId": "listCustomers",
      "summary": "List customers, by bytes of id",
      "x-scope": "read",
      "parameters": [
        {"$ref": "#/components/parameters/cursor"},
        {"$ref": "#/components/parameters/limit"},
        {"$ref": "#/components/parameters/tier"},
        {"$ref": "#/components/parameters/unlinked"},
        {"$ref": "#/components/parameters/blocked"}
      ],
      "responses": {
        "200": {
          "description": "A page",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomerPage"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/customers/{customer_id}": {
    "get": {
      "operationId": "getCustomer",
      "summary": "Show a customer",
      "x-scope": "read",
      "parameters": [{"$ref": "#/components/parameters/customer_id"}],
      "responses": {
        "200": {
          "description": "As of now",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Customer"}}}
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    },
    "patch": {
      "operationId": "patchCustomer",
      "summary": "Change the fields that are given",
      "x-scope": "admin",
      "parameters": [{"$ref": "#/components/parameters/customer_id"}],
      "requestBody": {
        "required": true,
        "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/CustomerFields"}}
        }
      },
      "responses": {
        "200": {
          "description": "As it is now",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomerSummary"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/customers/{customer_id}/entitlement": {
    "get": {
      "operationId": "getEntitlement",
      "summary": "What a customer may use",
      "x-scope": "read",
      "parameters": [{"$ref": "#/components/parameters/customer_id"}],
      "responses": {
        "200": {
          "description": "As of now",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Entitlement"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/customers/{customer_id}/authorize": {
    "post": {
      "operationId": "postAuthorize",
      "summary": "May this request go ahead?",
      "x-scope": "usage",
      "parameters": [{"$ref": "#/components/parameters/customer_id"}],
      "requestBody": {
        "required": false,
        "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/AuthorizeRequest"}}
        }
      },
      "responses": {
        "200": {
          "description": "Yes or no; yes counts against the rate limit",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Authorization"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/charges": {
    "get": {
      "operationId": "listCharges",
      "summary": "List charges, newest first",
      "x-scope": "read",
      "parameters": [
        {"$ref": "#/components/parameters/cursor"},
        {"$ref": "#/components/parameters/limit"},
        {"$ref": "#/components/parameters/status"},
        {"$ref": "#/components/parameters/of_customer"}
      ],
      "responses": {
        "200": {
          "description": "A page",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ChargePage"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/charges/{charge_id}/retry": {
    "post": {
      "operationId": "retryCharge",
      "summary": "Send a failed charge again",
      "description": "404 unknown_charge; 409 wrong_status where its status takes no such act.",
      "x-scope": "admin",
      "parameters": [{"$ref": "#/components/parameters/charge_id"}],
      "responses": {
        "200": {
          "description": "The charge after it",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomersCharge"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/charges/{charge_id}/release": {
    "post": {
      "operationId": "releaseCharge",
      "summary": "Let a held charge go out",
      "description": "404 unknown_charge; 409 wrong_status where its status takes no such act.",
      "x-scope": "admin",
      "parameters": [{"$ref": "#/components/parameters/charge_id"}],
      "responses": {
        "200": {
          "description": "The charge after it",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomersCharge"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/charges/{charge_id}/write-off": {
    "post": {
      "operationId": "writeOffCharge",
      "summary": "Give a charge up",
      "description": "404 unknown_charge; 409 wrong_status where its status takes no such act.",
      "x-scope": "admin",
      "parameters": [{"$ref": "#/components/parameters/charge_id"}],
      "responses": {
        "200": {
          "description": "The charge after it",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/CustomersCharge"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/api/v1/hashes": {
    "get": {
      "operationId": "getHashes",
      "summary": "Hashes and totals over all customers",
      "description": "Heavy: reads everybody. One at a time.",
      "x-scope": "admin",
      "parameters": [{"$ref": "#/components/parameters/at"}],
      "responses": {
        "200": {
          "description": "As of `at`, or now",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Hashes"}}}
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/healthz": {
    "get": {
      "operationId": "getHealthz",
      "summary": "Is the process alive?",
      "security": [],
      "responses": {
        "200": {
          "description": "Yes",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/readyz": {
    "get": {
      "operationId": "getReadyz",
      "summary": "Does it take requests?",
      "security": [],
      "responses": {
        "200": {
          "description": "Yes; no is 503 with the reason",
          "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ready"}}}
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  },
  "/openapi.json": {
    "get": {
      "operationId": "getOpenapi",
      "summary": "This description",
      "security": [],
      "responses": {
        "200": {
          "description": "OpenAPI 3.1",
          "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Description"}}
          }
        },
        "default": {"$ref": "#/components/responses/Problem"}
      }
    }
  }
})json";

}  // namespace reckoner::http::api
