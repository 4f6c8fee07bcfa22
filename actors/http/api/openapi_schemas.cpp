// The shapes of bodies: what is asked, and what is answered.
#include "actors/http/api/openapi.hpp"

namespace reckoner::http::api {

const std::string_view kOpenapiSchemas = R"json({
  "Problem": {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
      "type": {"type": "string"},
      "title": {"type": "string"},
      "status": {"type": "integer"},
      "detail": {"type": "string"},
      "code": {"type": "string", "description": "Stable, for programs"}
    }
  },
  "UsageEvent": {
    "type": "object",
    "required": ["customer_id", "tokens", "operation"],
    "properties": {
      "customer_id": {"type": "string", "minLength": 1, "maxLength": 255},
      "tokens": {"type": "integer", "minimum": 0, "maximum": 1000000000000},
      "operation": {"type": "string", "minLength": 1, "maxLength": 64},
      "idempotency_key": {"type": "string", "minLength": 1, "maxLength": 255},
      "timestamp": {"type": "string", "format": "date-time"},
      "metadata": {"type": "object"}
    }
  },
  "UsageEvents": {
    "type": "object",
    "required": ["events"],
    "properties": {
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/UsageEvent"}}
    }
  },
  "PeriodSums": {
    "type": "object",
    "required": ["start", "end", "tokens", "requests", "cost_usd"],
    "properties": {
      "start": {"type": "string", "format": "date-time"},
      "end": {"type": "string", "format": "date-time"},
      "tokens": {"type": "integer"},
      "requests": {"type": "integer"},
      "cost_usd": {"type": "string", "description": "Exact, without trailing zeros: \"0.0022\""}
    }
  },
  "UsageAnswer": {
    "type": "object",
    "required": ["status", "customer_id", "tier", "cost_usd", "period", "accrued_usd"],
    "properties": {
      "status": {"type": "string", "enum": ["accepted", "duplicate", "conflict"]},
      "customer_id": {"type": "string"},
      "tier": {"type": "string"},
      "cost_usd": {"type": "string", "description": "Exact, without trailing zeros: )json"
                                         R"json(\"0.0022\""},
      "period": {"$ref": "#/components/schemas/PeriodSums"},
      "accrued_usd": {"type": "string", "description": "Exact, without trailing zeros: )json"
                                         R"json(\"0.0022\""}
    }
  },
  "RejectedEvent": {
    "type": "object",
    "required": ["index", "code", "detail"],
    "properties": {
      "index": {"type": "integer"},
      "code": {"type": "string"},
      "detail": {"type": "string"}
    }
  },
  "BatchAnswer": {
    "type": "object",
    "required": ["accepted", "duplicates", "conflicts", "rejected"],
    "properties": {
      "accepted": {"type": "integer"},
      "duplicates": {"type": "integer"},
      "conflicts": {"type": "integer"},
      "rejected": {"type": "array", "items": {"$ref": "#/components/schemas/RejectedEvent"}}
    }
  },
  "WebhookAnswer": {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["success", "duplicate"]}}
  },
  "CustomerFields": {
    "type": "object",
    "required": [],
    "properties": {
      "customer_id": {"type": "string", "minLength": 1, "maxLength": 255},
      "email": {"type": "string", "minLength": 1, "maxLength": 255},
      "name": {"type": "string", "minLength": 1, "maxLength": 255},
      "company": {"type": "string", "minLength": 1, "maxLength": 255},
      "billing_day": {"type": "integer", "minimum": 1, "maximum": 31},
      "polar_customer_id": {"type": "string", "minLength": 1, "maxLength": 255},
      "create_at_polar": {"type": "boolean", "const": false}
    },
    "description": "customer_id is required to register; elsewhere the path names it."
  },
  "CustomerSummary": {
    "type": "object",
    "required": [
      "customer_id",
      "polar_customer_id",
      "tier",
      "billing_day",
      "accrued_usd",
      "unbilled_tokens",
      "blocked",
      "set_aside",
      "email",
      "name",
      "company",
      "status"
    ],
    "properties": {
      "customer_id": {"type": "string"},
      "polar_customer_id": {"type": ["string", "null"]},
      "tier": {"type": "string"},
      "billing_day": {"type": "integer"},
      "accrued_usd": {"type": "string", "description": "Exact, without trailing zeros: )json"
                                         R"json(\"0.0022\""},
      "unbilled_tokens": {"type": "integer"},
      "blocked": {"type": "boolean"},
      "set_aside": {"type": "boolean"},
      "email": {"type": ["string", "null"]},
      "name": {"type": ["string", "null"]},
      "company": {"type": ["string", "null"]},
      "status": {"type": "string", "enum": ["active", "past_due", "blocked", "set_aside"]}
    }
  },
  "Charge": {
    "type": "object",
    "required": [
      "id",
      "number",
      "at",
      "amount_usd",
      "tokens",
      "reason",
      "description",
      "status"
    ],
    "properties": {
      "id": {"type": "string"},
      "number": {"type": "integer"},
      "at": {"type": "string", "format": "date-time"},
      "amount_usd": {"type": "string", "description": "With two decimals: \"29.00\""},
      "tokens": {"type": "integer"},
      "reason": {"type": "string", "enum": ["threshold", "cycle"]},
      "description": {"type": "string"},
      "status": {
        "type": "string",
        "enum": ["pending", "held", "unknown", "submitted", "paid", "failed", "written_off"]
      },
      "polar_charge_id": {"type": "string"}
    }
  },
  "Subscription": {
    "type": "object",
    "required": ["id", "product_id", "status", "entitles"],
    "properties": {
      "id": {"type": "string"},
      "product_id": {"type": ["string", "null"]},
      "status": {
        "type": "string",
        "enum": [
          "incomplete",
          "incomplete_expired",
          "trialing",
          "active",
          "past_due",
          "canceled",
          "unpaid",
          "paused"
        ]
      },
      "entitles": {"type": "boolean"},
      "past_due_since": {"type": "string", "format": "date-time"},
      "grace_end": {"type": "string", "format": "date-time"}
    }
  },
  "Customer": {
    "allOf": [
      {"$ref": "#/components/schemas/CustomerSummary"},
      {
        "type": "object",
        "required": ["periods", "charges", "subscriptions"],
        "properties": {
          "periods": {"type": "array", "items": {"$ref": "#/components/schemas/PeriodSums"}},
          "charges": {"type": "array", "items": {"$ref": "#/components/schemas/Charge"}},
          "subscriptions": {"type": "array", "items": {"$ref": )json"
                                         R"json("#/components/schemas/Subscription"}}
        }
      }
    ]
  },
  "CustomerPage": {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
      "items": {"type": "array", "items": {"$ref": "#/components/schemas/CustomerSummary"}},
      "next": {
        "type": ["string", "null"],
        "description": "`cursor` of the next page; null after the last"
      }
    }
  },
  "Entitlement": {
    "type": "object",
    "required": [
      "tier",
      "status",
      "tokens_used",
      "tokens_limit",
      "tokens_remaining",
      "rate_limit",
      "over_limit",
      "period"
    ],
    "properties": {
      "tier": {"type": "string"},
      "status": {"type": "string", "enum": ["active", "past_due", "blocked", "set_aside"]},
      "tokens_used": {"type": "integer"},
      "tokens_limit": {"type": "integer"},
      "tokens_remaining": {"type": "integer"},
      "rate_limit": {"type": "integer", "description": "Requests a minute"},
      "over_limit": {"type": "boolean"},
      "period": {
        "type": "object",
        "required": ["start", "end"],
        "properties": {
          "start": {"type": "string", "format": "date-time"},
          "end": {"type": "string", "format": "date-time"}
        }
      }
    }
  },
  "AuthorizeRequest": {
    "type": "object",
    "required": [],
    "properties": {"tokens": {"type": "integer", "minimum": 0, "maximum": 1000000000000}}
  },
  "Authorization": {
    "type": "object",
    "required": ["allowed"],
    "properties": {
      "allowed": {"type": "boolean"},
      "reason": {
        "type": "string",
        "enum": [
          "rate_limited",
          "allowance_exceeded",
          "payment_required",
          "unknown_customer"
        ]
      },
      "retry_after": {"type": "integer", "description": "Seconds"}
    }
  },
  "CustomersCharge": {
    "allOf": [
      {"$ref": "#/components/schemas/Charge"},
      {
        "type": "object",
        "required": ["customer_id"],
        "properties": {"customer_id": {"type": "string"}}
      }
    ]
  },
  "ChargePage": {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
      "items": {"type": "array", "items": {"$ref": "#/components/schemas/CustomersCharge"}},
      "next": {
        "type": ["string", "null"],
        "description": "`cursor` of the next page; null after the last"
      }
    }
  },
  "Totals": {
    "type": "object",
    "required": [
      "customers",
      "requests",
      "tokens",
      "cost_usd",
      "charges",
      "charged_usd",
      "accrued_usd"
    ],
    "properties": {
      "customers": {"type": "integer"},
      "requests": {"type": "integer"},
      "tokens": {"type": "integer"},
      "cost_usd": {"type": "string", "description": "Exact, without trailing zeros: )json"
                                         R"json(\"0.0022\""},
      "charges": {"type": "integer"},
      "charged_usd": {"type": "string", "description": "With two decimals: \"29.00\""},
      "accrued_usd": {"type": "string", "description": "Exact, without trailing zeros: )json"
                                         R"json(\"0.0022\""}
    }
  },
  "Hashes": {
    "type": "object",
    "required": ["at", "state_hash", "money_hash", "totals"],
    "properties": {
      "at": {"type": "string", "format": "date-time"},
      "state_hash": {"type": "string"},
      "money_hash": {"type": "string"},
      "totals": {"$ref": "#/components/schemas/Totals"}
    }
  },
  "Health": {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["ok"]}}
  },
  "Ready": {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"type": "string", "enum": ["ready"]}}
  },
  "Description": {
    "type": "object",
    "required": ["openapi", "info", "security", "paths", "components"],
    "properties": {
      "openapi": {"type": "string"},
      "info": {"type": "object"},
      "security": {"type": "array", "items": {"type": "object"}},
      "paths": {"type": "object"},
      "components": {"type": "object"}
    }
  }
})json";

}  // namespace reckoner::http::api
