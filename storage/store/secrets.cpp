#include "storage/store/secrets.hpp"

#include <algorithm>
#include <charconv>

namespace reckoner::storage {
namespace {

constexpr std::string_view kHidden = "***";

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    if (text[i] == '%' && digits.size() == 2 &&
        std::from_chars(digits.begin(), digits.end(), value, 16).ptr == digits.end()) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void add(std::vector<std::string>& secrets, std::string_view secret) {
  if (secret.empty()) return;
  secrets.emplace_back(secret);
  if (secret.find('%') != std::string_view::npos) secrets.push_back(percent_decoded(secret));
}

std::string_view password_of_user(std::string_view url) {
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos) return {};
  const std::string_view rest = url.substr(slashes + 3);
  // The last @ before the parameters: a password may hold one, or a slash, that was not escaped.
  const std::string_view user = rest.substr(0, rest.substr(0, rest.find('?')).rfind('@'));
  const std::size_t colon = user.find(':');
  const bool has_user = user.size() < rest.size() && colon != std::string_view::npos;
  return has_user ? user.substr(colon + 1) : std::string_view{};
}

}  // namespace

std::vector<std::string> secrets_in(std::string_view url) {
  constexpr std::string_view kParameter = "password=";
  std::vector<std::string> out;
  add(out, password_of_user(url));
  for (std::size_t at = url.find(kParameter); at != std::string_view::npos;
       at = url.find(kParameter, at + 1)) {
    const std::string_view value = url.substr(at + kParameter.size());
    add(out, value.substr(0, value.find_first_of("& ")));
  }
  // The longest first: one may be part of another.
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return out;
}

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets)
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kHidden.size()))
      text.replace(at, secret.size(), kHidden);
  return text;
}

}  // namespace reckoner::storage
