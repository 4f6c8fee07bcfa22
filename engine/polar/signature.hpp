// Signatures of webhooks, both schemes (contracts.md, Signatures): the guide's, over the body, and
// Polar's, which is Standard Webhooks with two ways of making a key out of a secret.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"

namespace reckoner::polar {

inline constexpr std::int64_t kToleranceSeconds = 300;
inline constexpr std::size_t kShortestSecret = 8;

// Headers as they came; empty optional: the header is not there.
struct SignatureHeaders {
  std::optional<std::string_view> polar_signature;    // X-Polar-Signature
  std::optional<std::string_view> webhook_id;         // webhook-id
  std::optional<std::string_view> webhook_timestamp;  // webhook-timestamp
  std::optional<std::string_view> webhook_signature;  // webhook-signature
};

enum class Scheme : std::uint8_t { any, standard, guide };

enum class Verdict : std::uint8_t {
  valid,
  missing_signature,
  invalid_signature,
  timestamp_out_of_tolerance,
};
// "missing_signature" and so on: the code of the HTTP answer.
std::string_view verdict_code(Verdict verdict);

// HMAC-SHA256 under one key. Not for use by two threads at once.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);  // not empty
  ~HmacKey();
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;

  // 32 bytes.
  std::string mac(std::initializer_list<std::string_view> parts);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The keys that a secret stands for: its UTF-8 bytes; and, where it is base64 (padded or not, with
// or without `whsec_`), the bytes behind that.
std::vector<std::string> keys_of_secret(std::string_view secret);

class SignatureVerifier {
 public:
  // From the comma-separated secrets of the configuration (spaces around one are not
  // part of it), all valid at once. An empty one, or one
  // of under 8 bytes, is an error (which does not print it).
  static Result<SignatureVerifier> of_secrets(std::string_view comma_separated);

  // A request that carries both schemes must pass both; with `scheme` other than `any` only that
  // one is looked at. `now` is in seconds since 1970. Comparisons take constant time. Not for use
  // by two threads at once.
  Verdict verify(const SignatureHeaders& headers, std::string_view body, std::int64_t now,
                 Scheme scheme = Scheme::any);

 private:
  bool guide_matches(std::string_view signature, std::string_view body);
  Verdict verify_standard(const SignatureHeaders& headers, std::string_view body, std::int64_t now);

  std::vector<HmacKey> guide_keys_;     // a secret's own bytes
  std::vector<HmacKey> standard_keys_;  // both keys of each secret
};

// The headers' values, for sending: "sha256=" + hex, and "v1," + base64.
std::string sign_guide(HmacKey& key, std::string_view body);
std::string sign_standard(HmacKey& key, std::string_view id, std::string_view timestamp,
                          std::string_view body);

}  // namespace reckoner::polar
