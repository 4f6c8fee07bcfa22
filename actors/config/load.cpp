// From the sources to a configuration.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "actors/config/book_sources.hpp"
#include "actors/config/configuration.hpp"
#include "actors/config/keys.hpp"
#include "actors/config/text_checks.hpp"
#include "actors/config/toml_file.hpp"
#include "actors/config/whole_file.hpp"
#include "actors/log/escape.hpp"

namespace reckoner::config {
namespace {

Error wrong(std::string detail) {
  return {"invalid_configuration", std::move(detail)};
}

std::string in_brackets(const std::string& origin) {
  return " (" + origin + ")";
}

std::string unquoted(std::string_view text) {
  const std::string quoted = log::shown(text);
  return quoted.substr(1, quoted.size() - 2);
}

Error unknown_key(std::string_view name, const std::string& origin) {
  return wrong("there is no key " + unquoted(name) + "; the nearest is " +
               std::string(nearest_key(name).name) + in_brackets(origin));
}

Error unknown_section(std::string_view name, const std::string& origin) {
  const std::string_view nearest = nearest_key(std::string(name) + ".").name;
  return wrong("there is no section " + unquoted(name) + "; the nearest is " +
               std::string(nearest.substr(0, nearest.find('.'))) + in_brackets(origin));
}

// What came, for the message; of a secret nothing.
std::string came_text(const Key& key, std::string_view text, Shape shape) {
  if (key.secret()) return text.empty() ? "is empty" : "has a value that is not shown";
  if (shape == Shape::other) return "is " + std::string(text);
  return "is " + log::shown(without_password(text));
}

Error wrong_value(const Key& key, std::string_view text, Shape shape, const std::string& origin,
                  const std::string& how = {}) {
  return wrong(std::string(key.name) + " " + came_text(key, text, shape) + "; it takes " +
               takes_text(key.kind, key.name) + how + in_brackets(origin));
}

Status set_key(Configuration& configuration, const Key& key, std::string_view text, Shape shape,
               const std::string& origin) {
  if (!set_value(configuration, key.kind, key.name, text))
    return wrong_value(key, text, shape, origin);
  configuration.origins[std::string(key.name)] = origin;
  return Done{};
}

// --- the file ---------------------------------------------------------------------------------

bool is_section(std::string_view name) {
  return std::ranges::any_of(
      keys(), [&](const Key& key) { return key.name.substr(0, key.name.find('.')) == name; });
}

Status take(Configuration& configuration, const std::string& path, const Given& given) {
  const std::string origin = unquoted(path) + ", line " + std::to_string(given.line);
  if (!given.section.empty() && !is_section(given.section))
    return unknown_section(given.section, origin);
  if (given.name.empty()) return Done{};
  if (given.name.find('.') != std::string::npos)  // "server.listen" in quotes is no section's
    return wrong("there is no key " + log::shown(given.name) + " in quotes; it takes [section] " +
                 "and key = value" + in_brackets(origin));
  const Key* key = find_key(given.key());
  if (key == nullptr) return unknown_key(given.key(), origin);
  if (takes_shape(key->kind, given.shape))
    return set_key(configuration, *key, given.text, given.shape, origin);
  const bool without_quotes = !takes_shape(key->kind, Shape::text);
  return wrong_value(*key, given.text, given.shape, origin,
                     without_quotes ? ", without quotes" : ", in quotes");
}

Status take_file(Configuration& configuration, const Sources& sources) {
  const std::string path = sources.file.value_or(kDefaultFile);
  if (!sources.file && access(path.c_str(), F_OK) != 0) return Done{};
  Result<std::string> text = read_whole_file(path);
  const std::string flag = sources.file ? "--config is " : "";
  if (!text)
    return wrong(flag + log::shown(path) + ", " + text.error().detail + "; it takes a TOML file");
  Result<std::vector<Given>> given = read_toml(*text);
  wipe(*text);
  if (!given) return wrong(flag + log::shown(path) + ": " + given.error().detail);
  Status taken = Done{};
  bool has_secret = false;
  for (Given& one : *given) {
    if (taken) taken = take(configuration, path, one);
    const Key* key = find_key(one.key());
    has_secret = has_secret || (key != nullptr && key->secret());
    wipe(one.text);
  }
  if (taken && has_secret && is_readable_by_all(path))
    configuration.notes.push_back(unquoted(path) +
                                  " holds a secret, and everybody on this machine may read it: "
                                  "chmod 640, or give secrets by the environment");
  return taken;
}

// --- the environment and --set ----------------------------------------------------------------

Status take_environment(Configuration& configuration, const Sources& sources) {
  for (const Key& key : keys()) {
    const auto found = sources.environment.find(key.variable);
    if (key.variable.empty() || found == sources.environment.end()) continue;
    // An empty variable is as one that is not set, but an empty secret is a mistake that would
    // switch something off.
    if (found->second.empty() && !key.secret()) continue;
    const std::string origin = "environment " + std::string(key.variable);
    if (Status set = set_key(configuration, key, found->second, Shape::text, origin); !set)
      return set;
  }
  return Done{};
}

Status take_setting(Configuration& configuration, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == assignment.npos) {
    const bool may_be_seen = std::ranges::none_of(
        keys(), [&](const Key& key) { return key.secret() && assignment.starts_with(key.name); });
    return wrong("--set is " + (may_be_seen ? log::shown(assignment) : "not shown") +
                 "; it takes key=value");
  }
  const std::string_view name = assignment.substr(0, equals);
  const Key* key = find_key(name);
  if (key == nullptr) return unknown_key(name, "--set");
  return set_key(configuration, *key, assignment.substr(equals + 1), Shape::text, "--set");
}

// --- what concerns several keys ---------------------------------------------------------------

std::string origin_of(const Configuration& configuration, std::string_view key) {
  const auto found = configuration.origins.find(key);
  return found == configuration.origins.end() ? "default" : found->second;
}

Status check_together(const Configuration& configuration) {
  const ServerConfiguration& server = configuration.server;
  if (server.tls_certificate.empty() != server.tls_key.empty()) {
    const bool no_key = server.tls_key.empty();
    const std::string given = no_key ? "server.tls_certificate" : "server.tls_key";
    return wrong(given + " is given without " +
                 (no_key ? "server.tls_key" : "server.tls_certificate") + "; TLS takes both" +
                 in_brackets(origin_of(configuration, given)));
  }
  for (const auto& [key, limit, request, largest] :
       {std::tuple{"server.max_in_flight_events", server.max_in_flight_events, "server.max_batch",
                   server.max_batch},
        {"server.max_in_flight_bytes", server.max_in_flight_bytes, "server.max_body",
         server.max_body}}) {
    if (limit >= largest || !configuration.origins.contains(key)) continue;
    return wrong(std::string(key) + " is " + value_text(configuration, find_key(key)->kind, key) +
                 "; it takes no less than " + request + ", which is " +
                 value_text(configuration, find_key(request)->kind, request) +
                 in_brackets(origin_of(configuration, key)));
  }
  return Done{};
}

// What a default depends on.
void complete(Configuration& configuration) {
  ServerConfiguration& server = configuration.server;
  server.max_in_flight_events = std::max(server.max_in_flight_events, server.max_batch);
  server.max_in_flight_bytes = std::max(server.max_in_flight_bytes, server.max_body);
  PolarConfiguration& polar = configuration.polar;
  if (polar.base_url.empty())
    polar.base_url = polar.settlement == SettlementKind::charges ? "https://api.polar.sh/api/v1"
                                                                 : "https://api.polar.sh/v1";
  while (polar.base_url.ends_with('/')) polar.base_url.pop_back();
}

void add_notes(Configuration& configuration) {
  std::vector<std::string>& notes = configuration.notes;
  if (configuration.polar.settlement != SettlementKind::charges)
    notes.emplace_back("polar.settlement: only charges is built yet");
  for (const char* key : {"reconcile.every", "reconcile.repair"})
    if (configuration.origins.contains(key))
      notes.push_back(std::string(key) + " has no effect yet: reconciliation is not built yet");
  if (is_readable_on_its_way(configuration.polar.base_url))
    notes.emplace_back("polar.base_url is http: our key goes to another machine unencrypted");
}

}  // namespace

std::map<std::string, std::string, std::less<>> environment_of_process() {
  std::map<std::string, std::string, std::less<>> out;
  const auto look_for = [&out](std::string_view variable) {
    const std::string name(variable);
    const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
    if (value != nullptr) out[name] = value;
  };
  for (const Key& key : keys()) look_for(key.variable);
  for (const UnitPriceVariable& named : unit_price_variables()) look_for(named.variable);
  return out;
}

Result<Configuration> load(const Sources& sources) {
  Configuration configuration;
  if (Status taken = take_file(configuration, sources); !taken) return taken.error();
  if (Status taken = take_environment(configuration, sources); !taken) return taken.error();
  for (const std::string& assignment : sources.settings)
    if (Status taken = take_setting(configuration, assignment); !taken) return taken.error();
  if (Status read = read_prices(configuration, sources); !read) return read.error();
  if (Status good = check_together(configuration); !good) return good.error();
  complete(configuration);
  add_notes(configuration);
  return configuration;
}

}  // namespace reckoner::config
