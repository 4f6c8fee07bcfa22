// The bytes of the requests that drive sends.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/polar/signature.hpp"
#include "sim/drive/moved_line.hpp"
#include "sim/drive/target.hpp"

namespace reckoner::sim {

struct Access {
  std::string api_key;         // empty: the header is left out
  std::string webhook_secret;  // not empty
  WebhookScheme scheme = WebhookScheme::standard;
};

// Each call writes a whole request over what `out` held.
class Requests {
 public:
  Requests(const Target& target, const Access& access);

  // `now` is in seconds since 1970: that of a webhook's signature.
  void line(std::string& out, const MovedLine& line, std::int64_t now);
  void batch(std::string& out, std::span<const MovedLine* const> usage);
  void get(std::string& out, std::string_view path_and_query);

 private:
  void begin(std::string& out, std::string_view method, std::string_view path);
  void end(std::string& out, std::string_view content_type, std::string_view body);
  void webhook(std::string& out, const MovedLine& line, std::int64_t now);

  std::string path_, headers_, authorization_;
  WebhookScheme scheme_;
  polar::HmacKey key_;
  std::string body_;
};

}  // namespace reckoner::sim
