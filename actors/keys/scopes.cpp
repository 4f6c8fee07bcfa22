#include "actors/keys/scopes.hpp"

namespace reckoner::keys {
namespace {

struct Named {
  std::string_view name;
  bool Scopes::*scope;
  std::uint8_t bit;
};
constexpr Named kScopes[] = {
    {"usage", &Scopes::usage, 1}, {"read", &Scopes::read, 2}, {"admin", &Scopes::admin, 4}};

bool add_scope(std::string_view name, Scopes& scopes) {
  for (const Named& each : kScopes) {
    if (each.name != name) continue;
    scopes.*each.scope = true;
    return true;
  }
  return false;
}

}  // namespace

Result<Scopes> parse_scopes(std::string_view text) {
  Scopes out;
  for (std::size_t from = 0;;) {
    const std::size_t comma = text.find(',', from);
    if (!add_scope(text.substr(from, comma - from), out))
      return invalid("'" + std::string(text) +
                     "'; it takes usage, read and admin, with commas between them");
    if (comma == std::string_view::npos) return out;
    from = comma + 1;
  }
}

std::string scopes_text(Scopes scopes) {
  std::string out;
  for (const Named& each : kScopes)
    if (scopes.*each.scope) out.append(out.empty() ? "" : ",").append(each.name);
  return out;
}

std::uint8_t scope_bits(Scopes scopes) {
  unsigned bits = 0;
  for (const Named& each : kScopes)
    if (scopes.*each.scope) bits |= each.bit;
  return static_cast<std::uint8_t>(bits);
}

Scopes scopes_of_bits(std::uint8_t bits) {
  Scopes out;
  for (const Named& each : kScopes) out.*each.scope = (bits & each.bit) != 0;
  return out;
}

}  // namespace reckoner::keys
