// The endpoints. Each answers its call, now or later; access was checked and the engine is ready,
// unless its route says otherwise.
#pragma once

#include "actors/http/api/call.hpp"

namespace reckoner::http::api {

// usage_endpoints.cpp
void post_usage(const CallPtr& call);
void post_usage_batch(const CallPtr& call);

// webhook_endpoint.cpp
void post_polar_webhook(const CallPtr& call);

// customer_endpoints.cpp
void post_customer(const CallPtr& call);
void patch_customer(const CallPtr& call);
void get_customer(const CallPtr& call);
void list_customers(const CallPtr& call);
void get_entitlement(const CallPtr& call);
void post_authorize(const CallPtr& call);

// charge_endpoints.cpp
void list_charges(const CallPtr& call);
void retry_charge(const CallPtr& call);
void release_charge(const CallPtr& call);
void write_off_charge(const CallPtr& call);

// status_endpoints.cpp
void get_healthz(const CallPtr& call);
void get_readyz(const CallPtr& call);
void get_openapi(const CallPtr& call);
void get_hashes(const CallPtr& call);

}  // namespace reckoner::http::api
