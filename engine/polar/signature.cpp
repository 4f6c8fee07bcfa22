#include "engine/polar/signature.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <charconv>

#include "engine/basics/sha256.hpp"

namespace reckoner::polar {
namespace {

constexpr std::string_view kGuidePrefix = "sha256=";
constexpr std::string_view kStandardPrefix = "v1,";
constexpr std::string_view kSecretPrefix = "whsec_";

bool same_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

bool is_base64_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

// Empty where the text is no base64. Padding may be missing, but not be wrong.
std::string from_base64(std::string_view text) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  const std::size_t letters = padded.find('=');
  const std::size_t count = letters == std::string::npos ? padded.size() : letters;
  if (padded.size() - count > 2) return {};
  for (std::size_t i = 0; i < padded.size(); ++i)
    if (i < count ? !is_base64_letter(padded[i]) : padded[i] != '=') return {};
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0) return {};
  out.resize(static_cast<std::size_t>(size) - (padded.size() - count));
  return out;
}

// Calls `each` with the items of a separated list.
template <class Each>
void each_item(std::string_view list, char separator, Each each) {
  while (true) {
    const std::size_t end = list.find(separator);
    each(list.substr(0, end));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

std::string_view without_spaces_around(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string_view verdict_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::missing_signature:
      return "missing_signature";
    case Verdict::invalid_signature:
      return "invalid_signature";
    case Verdict::timestamp_out_of_tolerance:
      return "timestamp_out_of_tolerance";
    default:
      return "valid";
  }
}

// --- HmacKey --------------------------------------------------------------------------------

// Holds the key once; each message starts from it anew, which costs a quarter of a fresh start.
struct HmacKey::Context {
  EVP_MAC_CTX* held = nullptr;
  ~Context() { EVP_MAC_CTX_free(held); }
};

HmacKey::HmacKey(std::string_view key) : context_(std::make_unique<Context>()) {
  RECKONER_CHECK(!key.empty(), "an empty key signs nothing");
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  context_->held = EVP_MAC_CTX_new(hmac);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end(),
  };
  const int done = EVP_MAC_init(context_->held, reinterpret_cast<const unsigned char*>(key.data()),
                                key.size(), params);
  RECKONER_CHECK(done == 1, "OpenSSL cannot start HMAC-SHA256");
}

HmacKey::~HmacKey() = default;
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;

std::string HmacKey::mac(std::initializer_list<std::string_view> parts) {
  int done = EVP_MAC_init(context_->held, nullptr, 0, nullptr);
  for (const std::string_view part : parts)
    done &= EVP_MAC_update(context_->held, reinterpret_cast<const unsigned char*>(part.data()),
                           part.size());
  std::string out(sizeof(Digest), '\0');
  std::size_t size = 0;
  done &= EVP_MAC_final(context_->held, reinterpret_cast<unsigned char*>(out.data()), &size,
                        out.size());
  RECKONER_CHECK(done == 1 && size == out.size(), "OpenSSL cannot finish HMAC-SHA256");
  return out;
}

std::vector<std::string> keys_of_secret(std::string_view secret) {
  std::vector<std::string> keys;
  if (!secret.empty()) keys.emplace_back(secret);
  std::string_view encoded = secret;
  if (encoded.starts_with(kSecretPrefix)) encoded.remove_prefix(kSecretPrefix.size());
  std::string decoded = from_base64(encoded);
  if (!decoded.empty() && decoded != secret) keys.push_back(std::move(decoded));
  return keys;
}

// --- SignatureVerifier ----------------------------------------------------------------------

Result<SignatureVerifier> SignatureVerifier::of_secrets(std::string_view comma_separated) {
  SignatureVerifier out;
  bool good = true;
  each_item(comma_separated, ',', [&](std::string_view item) {
    const std::string_view secret = without_spaces_around(item);
    if (secret.size() < kShortestSecret) {
      good = false;
      return;
    }
    out.guide_keys_.emplace_back(secret);
    for (const std::string& key : keys_of_secret(secret)) out.standard_keys_.emplace_back(key);
  });
  if (good) return out;
  return Error{"invalid_setting",
               "polar.webhook_secret has an item that is empty or shorter than 8 bytes; it takes "
               "secrets of 8 bytes or more, separated by commas"};
}

bool SignatureVerifier::guide_matches(std::string_view signature, std::string_view body) {
  bool matches = false;
  for (HmacKey& key : guide_keys_)
    matches = same_in_constant_time(sign_guide(key, body), signature) || matches;
  return matches;
}

Verdict SignatureVerifier::verify_standard(const SignatureHeaders& headers, std::string_view body,
                                           std::int64_t now) {
  if (!headers.webhook_id || headers.webhook_id->empty() || !headers.webhook_timestamp)
    return Verdict::missing_signature;
  const auto sent = whole_number(*headers.webhook_timestamp);
  if (!sent) return Verdict::invalid_signature;
  bool matches = false;
  for (HmacKey& key : standard_keys_) {
    const std::string wanted =
        sign_standard(key, *headers.webhook_id, *headers.webhook_timestamp, body);
    each_item(*headers.webhook_signature, ' ', [&](std::string_view signature) {
      matches = same_in_constant_time(signature, wanted) || matches;
    });
  }
  if (!matches) return Verdict::invalid_signature;
  const std::int64_t away = *sent > now ? *sent - now : now - *sent;
  return away > kToleranceSeconds ? Verdict::timestamp_out_of_tolerance : Verdict::valid;
}

Verdict SignatureVerifier::verify(const SignatureHeaders& headers, std::string_view body,
                                  std::int64_t now, Scheme scheme) {
  const bool guide = headers.polar_signature && scheme != Scheme::standard;
  const bool standard = headers.webhook_signature && scheme != Scheme::guide;
  if (!guide && !standard) return Verdict::missing_signature;
  if (guide && !guide_matches(*headers.polar_signature, body)) return Verdict::invalid_signature;
  return standard ? verify_standard(headers, body, now) : Verdict::valid;
}

std::string sign_guide(HmacKey& key, std::string_view body) {
  return std::string(kGuidePrefix) + to_hex(key.mac({body}));
}

std::string sign_standard(HmacKey& key, std::string_view id, std::string_view timestamp,
                          std::string_view body) {
  return std::string(kStandardPrefix) + to_base64(key.mac({id, ".", timestamp, ".", body}));
}

}  // namespace reckoner::polar
