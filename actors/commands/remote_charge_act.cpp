// The act by the API of a running engine.
#include <boost/json.hpp>
#include <future>
#include <memory>
#include <utility>

#include "actors/commands/charge_act.hpp"
#include "actors/console/failure.hpp"
#include "actors/http/client.hpp"
#include "actors/http/client_url.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;

// What the engine says of its refusal (RFC 9457), on one line; empty: it says nothing.
std::string detail_of(const std::string& body) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse(body, failed);
  if (failed || !parsed.is_object()) return {};
  const boost::json::value* detail = parsed.get_object().if_contains("detail");
  if (detail == nullptr || !detail->is_string()) return {};
  std::string out(detail->get_string());
  for (char& byte : out)
    if (static_cast<unsigned char>(byte) < 0x20) byte = ' ';
  return out;
}

Result<http::ClientResponse> send(http::Client& client, http::ClientRequest request) {
  // Shared: the answer may be set after this has gone on.
  const auto answer = std::make_shared<std::promise<Result<http::ClientResponse>>>();
  auto answered = answer->get_future();
  client.send(std::move(request), [answer](Result<http::ClientResponse> response) {
    answer->set_value(std::move(response));
  });
  return answered.get();
}

int end_with_answer(const http::ClientResponse& response, const ChargeAct& act) {
  const std::string what =
      std::string(decision_name(act.act.decision)) + " of the charge " + act.charge();
  if (response.status / 100 == 2) return end_with(kDone, what + ": done");
  const std::string detail = detail_of(response.body);
  const bool is_key = response.status == 401 || response.status == 403;
  return end_with(
      is_key ? kWrongUsage : kFailed,
      what + ": the engine answered " + std::to_string(response.status) +
          (detail.empty() ? "" : ": " + detail) +
          (is_key ? "; --api-key (or RECKONER_API_KEY) takes a key of scope admin" : ""));
}

}  // namespace

int act_on_engine(const std::string& target, const std::string& api_key, const ChargeAct& act) {
  const std::string base = target.ends_with('/') ? target.substr(0, target.size() - 1) : target;
  http::ClientRequest request;
  request.method = "POST";
  request.url = base + "/api/v1/charges/" + http::percent_encoded(act.charge()) + '/' +
                std::string(decision_name(act.act.decision));
  if (!http::parse_url(request.url))
    return end_with(kWrongUsage, "--target is '" + target +
                                     "'; it takes the address of an engine, as "
                                     "http://127.0.0.1:8080");
  request.headers = {{"Authorization", "Bearer " + api_key}, {"Accept", "application/json"}};
  auto client = http::Client::start({});
  if (!client) return end_with(kFailed, client.error().detail);
  const auto response = send(**client, std::move(request));
  if (response) return end_with_answer(*response, act);
  const bool unknown = response.error().retry == Retry::unknown;
  return end_with(kFailed,
                  "--target: " + response.error().detail +
                      (unknown ? "; it may have been done: `reckoner charges list` shows it" : ""));
}

}  // namespace reckoner::commands
