#include "actors/config/text_checks.hpp"

#include <algorithm>

#include "actors/config/quantities.hpp"
#include "engine/basics/ids.hpp"
#include "engine/polar/signature.hpp"

namespace reckoner::config {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";
constexpr std::size_t kMostToken = 64, kMostSecret = 4'096;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "host:port" of an http URL; empty: it is none.
std::string_view authority_of(std::string_view url) {
  for (const std::string_view scheme : {kHttp, kHttps}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    return url.substr(0, url.find_first_of("/?#"));
  }
  return {};
}

}  // namespace

bool is_http_url(std::string_view text) {
  const std::string_view authority = authority_of(text);
  const bool has_port = !authority.ends_with(']') && authority.find(':') != authority.npos;
  const bool good = parse_address(std::string(authority) + (has_port ? "" : ":80")).has_value();
  return good && text.find_first_of("?#") == text.npos &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '\\'; });
}

bool is_storage_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != text.npos && colon > 0 &&
         std::ranges::all_of(text.substr(0, colon), is_letter_or_digit);
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMostToken && std::ranges::all_of(text, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_api_key(std::string_view text) {
  return !text.empty() && text.size() <= kMostSecret &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

bool are_webhook_secrets(std::string_view text) {
  return is_valid_id(text, kMostSecret) && polar::SignatureVerifier::of_secrets(text).ok();
}

std::string without_password(std::string_view url) {
  static constexpr std::string_view kHidden = "***", kParameter = "password=";
  std::string out(url);
  if (const std::size_t start = out.find("://"); start != out.npos) {
    const std::size_t user = start + 3;
    // A password may itself hold an @ or, wrongly, a slash: rather hide too much.
    const std::size_t at = std::min(out.rfind('@'), out.size());
    const std::size_t colon = out.find(':', user);
    if (at != out.size() && colon < at) out.replace(colon + 1, at - colon - 1, kHidden);
  }
  for (std::size_t at = 0; (at = fold_case(out).find(kParameter, at)) != out.npos;) {
    at += kParameter.size();
    out.replace(at, std::min(out.find_first_of("& ", at), out.size()) - at, kHidden);
  }
  return out;
}

bool is_readable_on_its_way(std::string_view http_url) {
  const std::string_view authority = authority_of(http_url);
  return http_url.starts_with(kHttp) && !authority.starts_with("127.") &&
         !authority.starts_with("localhost") && !authority.starts_with("[::1]");
}

}  // namespace reckoner::config
