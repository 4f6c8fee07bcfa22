#include "sim/drive/target.hpp"

#include <algorithm>
#include <cctype>

namespace reckoner::sim {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

}  // namespace

std::string Target::authority() const {
  const std::string name = host.find(':') == host.npos ? host : '[' + host + ']';
  return port == "80" ? name : name + ':' + port;
}

Result<Target> read_target(std::string_view flag, std::string_view url) {
  const Error wrong = invalid(std::string(flag) + " is '" + std::string(url) +
                              "'; it takes a URL like http://127.0.0.1:8080");
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return wrong;
  const std::string_view rest = url.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (authority.find_first_of("@?# ") != authority.npos) return wrong;
  Target out;
  out.path = rest.substr(authority.size());
  if (out.path.find_first_of("?# ") != out.path.npos) return wrong;
  while (out.path.ends_with('/')) out.path.pop_back();
  std::string_view host = authority, behind;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == authority.npos) return wrong;
    host = authority.substr(1, end - 1);
    behind = authority.substr(end + 1);
  } else if (const std::size_t colon = authority.find(':'); colon != authority.npos) {
    host = authority.substr(0, colon);
    behind = authority.substr(colon);
  }
  if (host.empty() || (!behind.empty() && !behind.starts_with(':'))) return wrong;
  out.host = host;
  out.port = behind.empty() ? "80" : behind.substr(1);
  if (!is_digits(out.port)) return wrong;
  return out;
}

std::string path_part(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

}  // namespace reckoner::sim
