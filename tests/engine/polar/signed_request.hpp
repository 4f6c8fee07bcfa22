// For the tests of signatures: a request, signed or not, and the verdict on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/polar/signature.hpp"

namespace reckoner::polar {

inline constexpr std::int64_t kNow = 1'790'000'000;
inline constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
inline constexpr std::string_view kOtherSecret = "a merchant's own secret";
inline constexpr std::string_view kBody =
    R"({"id":"evt_1","type":"customer.created","data":{"id":"p"}})";

// A request as it came. What is not set is not there.
struct Request {
  std::string body{kBody};
  std::optional<std::string> polar_signature, id, timestamp, signature;

  SignatureHeaders headers() const { return {polar_signature, id, timestamp, signature}; }
};

// "valid", or the code of the answer; "no secrets" where the secrets are none.
inline std::string verdict_of(const Request& request, std::string_view secrets,
                              std::int64_t now = kNow, Scheme scheme = Scheme::any) {
  auto verifier = SignatureVerifier::of_secrets(secrets);
  if (!verifier) return "no secrets";
  return std::string(verdict_code(verifier->verify(request.headers(), request.body, now, scheme)));
}

inline Request standard_request(std::string_view key,
                                std::string timestamp = std::to_string(kNow)) {
  Request request;
  request.id = "msg_1";
  request.timestamp = std::move(timestamp);
  HmacKey hmac(key);
  request.signature = sign_standard(hmac, *request.id, *request.timestamp, request.body);
  return request;
}

// With a timestamp that is signed as it should be, but is none.
inline std::string verdict_on_timestamp(std::string_view timestamp) {
  return verdict_of(standard_request(kSecret, std::string(timestamp)), kSecret);
}

inline Request guide_request(std::string_view key) {
  Request request;
  HmacKey hmac(key);
  request.polar_signature = sign_guide(hmac, request.body);
  return request;
}

inline Request both_requests(std::string_view guide_key, std::string_view standard_key) {
  Request request = standard_request(standard_key);
  request.polar_signature = guide_request(guide_key).polar_signature;
  return request;
}

}  // namespace reckoner::polar
