// Settlement by the guide's API (`polar.settlement = charges`): POST {base}/charges with an
// Idempotency-Key, GET {base}/charges?idempotency_key= to look one up.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "actors/polar/settlement_adapter.hpp"

namespace reckoner::http {
class Client;
}

namespace reckoner::polar {

class ChargesApi : public SettlementAdapter {
 public:
  // `base_url` as "https://api.polar.sh/api/v1", with or without a slash at its end.
  ChargesApi(std::shared_ptr<http::Client> client, std::string base_url, std::string api_key);

  void send(const ChargeOrder& order, OnOutcome on_outcome) override;
  void look_up(const ChargeOrder& order, OnOutcome on_outcome) override;

 private:
  std::shared_ptr<http::Client> client_;
  std::string charges_url_;
  std::string authorization_;
};

// The charge's id as a header can carry it: as it is, but a space or % in front as %20 or %25, for
// a receiver strips the space, and " a:1" is not "a:1".
std::string idempotency_key(std::string_view charge_id);
// The body of POST /charges.
std::string charge_body(const ChargeOrder& order);

}  // namespace reckoner::polar
