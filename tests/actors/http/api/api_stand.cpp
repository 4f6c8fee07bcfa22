#include "tests/actors/http/api/api_stand.hpp"

#include <future>

#include "actors/keys/api_key.hpp"
#include "engine/polar/signature.hpp"
#include "storage/driver/opened.hpp"
#include "tests/actors/http/api/openapi_check.hpp"

namespace reckoner::http::api {

std::optional<keys::Scopes> NamedKeys::scopes_of(std::string_view key) const {
  if (key == "usage") return keys::Scopes{true, false, false};
  if (key == "read") return keys::Scopes{false, true, false};
  if (key == "admin") return keys::Scopes{false, false, true};
  if (key == "all" || keys::split_api_key(key)) return keys::Scopes{true, true, true};
  return std::nullopt;
}

Instant instant(std::string_view text) {
  const auto at = parse_instant(text);
  REQUIRE(at.has_value());
  return *at;
}

std::string ApiAnswer::at(std::string_view pointer) const {
  boost::json::error_code failure;
  const boost::json::value* found = json.find_pointer(pointer, failure);
  if (found == nullptr) return "(none)";
  return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
}

ApiStand::ApiStand(StandOptions options) : store_(std::make_unique<support::TestStore>("memory")) {
  const auto now = [] { return *parse_instant(kNow); };
  FrontDoorOptions door = std::move(options.door);
  if (door.webhook_secrets.empty()) door.webhook_secrets = kSecret;
  door.now = [now, behind = options.door_behind] { return now() - behind; };
  door.on_access = [this](const AccessRecord& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
  };
  auto made = FrontDoor::make(std::move(door));
  REQUIRE(made.ok());
  door_ = std::move(made).value();
  storage::DriverOptions opening;
  opening.book = std::move(options.book);
  opening.owner = "a test";
  storage::OpenedStore opened;
  REQUIRE_FALSE(storage::open_store_to_work(store_->open_store(), std::move(opening), opened));
  actors::EngineOptions engine;
  engine.now = now;
  engine_ = std::make_unique<actors::Engine>(std::move(opened), engine, actors::EngineEvents{});
  if (options.ready) be_ready();
}

ApiStand::~ApiStand() {
  CHECK_FALSE(engine_->stop());
}

void ApiStand::be_ready() {
  door_->ready(*engine_, keys_);
}

std::vector<AccessRecord> ApiStand::records() {
  const std::lock_guard lock(mutex_);
  return records_;
}

ApiAnswer ApiStand::ask(const std::string& what, std::string body, const std::string& key,
                        std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  const std::size_t space = what.find(' '), question = std::min(what.find('?'), what.size());
  request.method = what.substr(0, space);
  request.path = what.substr(space + 1, question - space - 1);
  if (question < what.size()) request.query = what.substr(question + 1);
  request.headers = std::move(headers);
  if (!key.empty()) request.headers.emplace_back("authorization", "Bearer " + key);
  request.body = std::move(body);
  request.remote = "127.0.0.1:1";
  request.id = "request-1";
  const auto promise = std::make_shared<std::promise<Response>>();
  std::future<Response> future = promise->get_future();
  door_->handler()(std::move(request),
                   [promise](Response response) { promise->set_value(std::move(response)); });
  Response response = future.get();
  ApiAnswer out{response.status,
                std::move(response.content_type),
                std::move(response.body),
                std::move(response.headers),
                {}};
  INFO(what << " was answered " << out.status << ' ' << out.text);
  out.json = boost::json::parse(out.text);
  const std::string_view route = records().back().route;
  if (!route.empty() && !what.starts_with("HEAD"))
    CHECK(openapi_fault(what.substr(0, space), route, out.status, out.content_type, out.text) ==
          "");
  CHECK((out.status != 503 && out.status != 429) == out.header("Retry-After").empty());
  return out;
}

ApiAnswer ApiStand::webhook(const std::string& body) {
  polar::HmacKey key(kSecret);
  return ask("POST /api/v1/webhooks/polar", body, "",
             {{"x-polar-signature", polar::sign_guide(key, body)}});
}

ApiAnswer ApiStand::done(const std::string& what, std::string body) {
  ApiAnswer answer = ask(what, std::move(body));
  INFO(what << " was answered " << answer.text);
  CHECK(answer.status == 200);
  return answer;
}

}  // namespace reckoner::http::api
