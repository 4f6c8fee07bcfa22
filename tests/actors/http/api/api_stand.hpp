// The API on a real engine, on a store in memory, without sockets: requests go to the handler.
// Every answer is held against the description.
#pragma once

#include <catch2/catch.hpp>

#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "actors/http/api/front_door.hpp"
#include "tests/support/stores.hpp"

namespace reckoner::http::api {

// Keys are what they may do: "usage", "read", "admin", "all"; and what looks like a real one may do
// all. Any other is none.
class NamedKeys final : public keys::KeyRing {
 public:
  std::optional<keys::Scopes> scopes_of(std::string_view key) const override;
};

inline constexpr std::string_view kSecret = "whsec_a_secret_of_the_tests";
inline constexpr std::string_view kNow = "2026-01-10T12:00:00Z";

struct ApiAnswer {
  unsigned status = 0;
  std::string content_type, text;
  std::vector<std::pair<std::string, std::string>> headers;
  boost::json::value json;

  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers)
      if (key == name) return value;
    return "";
  }
  // Of the member at this JSON pointer; strings without their quotes.
  std::string at(std::string_view pointer) const;
  std::string code() const { return at("/code"); }
  std::string detail() const { return at("/detail"); }
};

struct StandOptions {
  Book book;
  FrontDoorOptions door;
  bool ready = true;
  Micros door_behind = 0;  // its clock, behind the engine's
};

class ApiStand {
 public:
  explicit ApiStand(StandOptions options = {});
  ~ApiStand();

  // "POST /api/v1/usage?x=y". `key` empty: none is sent.
  ApiAnswer ask(const std::string& what, std::string body = "", const std::string& key = "all",
                std::vector<std::pair<std::string, std::string>> headers = {});
  // Signed by the guide's scheme.
  ApiAnswer webhook(const std::string& body);
  // The same, and answered 200.
  ApiAnswer done(const std::string& what, std::string body = "");

  void be_ready();
  FrontDoor& door() { return *door_; }
  actors::Engine& engine() { return *engine_; }
  std::vector<AccessRecord> records();

 private:
  std::unique_ptr<support::TestStore> store_;
  std::unique_ptr<FrontDoor> door_;
  std::unique_ptr<actors::Engine> engine_;
  NamedKeys keys_;
  std::mutex mutex_;
  std::vector<AccessRecord> records_;
};

Instant instant(std::string_view text);

}  // namespace reckoner::http::api
