// The table of keys: each by each source, and the docs and the sample that must have them all.
#include "actors/config/keys.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "actors/config/shown_keys.hpp"
#include "engine/books/settings.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::config {
namespace {

// A value of each key that is not its default; as it is shown.
const std::map<std::string, std::string, std::less<>>& other_values() {
  static const std::map<std::string, std::string, std::less<>> values = {
      {"server.listen", "[::1]:9"},
      {"server.tls_certificate", "c.pem"},
      {"server.tls_key", "k.pem"},
      {"server.max_body", "3MiB"},
      {"server.max_batch", "7"},
      {"server.request_timeout", "3s"},
      {"server.idle_timeout", "4s"},
      {"server.stop_timeout", "5s"},
      {"server.threads", "2"},
      {"server.max_connections", "3"},
      {"server.max_in_flight_events", "300000"},
      {"server.max_in_flight_bytes", "1GiB"},
      {"engine.threads", "3"},
      {"engine.awake_customers", "5"},
      {"engine.idle", "2m"},
      {"engine.tick", "250ms"},
      {"storage.url", "memory:"},
      {"storage.plugin_dir", "/a b"},
      {"polar.settlement", "meters"},
      {"polar.base_url", "https://example.com:1/a"},
      {"polar.api_key", "key-of-ours"},
      {"polar.webhook_secret", "secret-of-ours,another-one"},
      {"polar.webhook_scheme", "guide"},
      {"polar.webhook_url", "https://example.com/w"},
      {"polar.version", "2027-01"},
      {"polar.requests_per_minute", "9"},
      {"polar.request_timeout", "9s"},
      {"polar.concurrency", "2"},
      {"polar.link_by_email", "false"},
      {"billing.threshold_usd", "20.50"},
      {"billing.billing_day", "31"},
      {"billing.minimum_charge_usd", "0.125"},
      {"billing.grace_days", "7"},
      {"billing.hold_charge_usd", "0.00"},
      {"billing.enforce_allowance", "true"},
      {"billing.prices", "p.json"},
      {"usage.max_age_days", "1"},
      {"usage.max_future_seconds", "0"},
      {"usage.unknown_customer", "reject"},
      {"usage.require_idempotency_key", "true"},
      {"reconcile.every", "1d"},
      {"reconcile.repair", "report"},
      {"log.level", "debug"},
      {"log.format", "json"},
  };
  return values;
}

// With files for the keys that name one.
class Values {
 public:
  Values() {
    prices_ = folder_.write("p.json", R"({"plans":[{"id":"free","product_ids":[],
        "price_usd":"0","tokens_per_month":1,"rate_limit":1,
        "pricing":{"model":"per_unit","unit_price_usd":"1"}}]})");
  }
  std::string of(const Key& key) const {
    return key.name == "billing.prices" ? prices_ : other_values().at(std::string(key.name));
  }
  // What goes with a key so that it is good by itself.
  static std::vector<std::string> beside(const Key& key) {
    if (key.name == "server.tls_key") return {"server.tls_certificate=c.pem"};
    if (key.name == "server.tls_certificate") return {"server.tls_key=k.pem"};
    return {};
  }
  std::string file(std::string_view text) const { return folder_.write("r.toml", text); }

 private:
  support::TemporaryFolder folder_;
  std::string prices_;
};

std::string toml_of(const Key& key, const std::string& value) {
  const std::size_t dot = key.name.find('.');
  const std::string quote = takes_shape(key.kind, Shape::text) ? "'" : "";
  return "[" + std::string(key.name.substr(0, dot)) + "]\n" +
         std::string(key.name.substr(dot + 1)) + " = " + quote + value + quote + "\n";
}

void check_holds(const Sources& sources, const Key& key, const std::string& value,
                 const std::string& source) {
  const auto loaded = load(sources);
  INFO(key.name << " " << (loaded ? "" : loaded.error().detail));
  REQUIRE(loaded);
  if (const auto* secret = std::get_if<SecretKind>(&key.kind)) {
    Configuration copy = *loaded;
    CHECK(secret->field(copy).reveal() == value);
  } else {
    CHECK(value_text(*loaded, key.kind, key.name) == value);
  }
  CHECK(loaded->origins.at(std::string(key.name)).find(source) != std::string::npos);
}

std::string row_of(const Key& key) {
  const auto code = [](std::string_view text) {
    return text.empty() ? std::string() : "`" + std::string(text) + "`";
  };
  const bool described = key.secret() || default_text(key) == key.none;
  return "| " + code(key.name) + " | " + (described ? default_text(key) : code(default_text(key))) +
         " | " + code(key.variable) + " | " + takes_text(key.kind, key.name) + " | " +
         std::string(key.help) + " |\n";
}

std::string doc(const std::string& name) {
  return support::read_file(support::source_folder() / "docs" / "operations" / name);
}

}  // namespace

TEST_CASE("config: every key by every source", "[config]") {
  const Values values;
  for (const Key& key : keys()) {
    const std::string value = values.of(key);
    CHECK(value != default_text(key));
    Sources set, file, environment;
    set.file = file.file = environment.file = values.file("");
    set.settings = file.settings = environment.settings = Values::beside(key);
    set.settings.push_back(std::string(key.name) + "=" + value);
    check_holds(set, key, value, "--set");
    file.file = values.file(toml_of(key, value));
    check_holds(file, key, value, "r.toml, line 2");
    if (key.variable.empty()) continue;
    environment.file = values.file("");
    environment.environment[std::string(key.variable)] = value;
    check_holds(environment, key, value, "environment " + std::string(key.variable));
  }
}

TEST_CASE("config: the table has all settings of the book, and no name twice", "[config]") {
  for (const SettingKey& setting : setting_keys()) {
    INFO(setting.key);
    const Key* key = find_key(setting.key);
    REQUIRE(key != nullptr);
    CHECK(std::holds_alternative<SettingKind>(key->kind));
  }
  std::set<std::string_view> names, variables;
  for (const Key& key : keys()) {
    CHECK(names.insert(key.name).second);
    CHECK((key.variable.empty() || variables.insert(key.variable).second));
    CHECK(std::ranges::count(key.name, '.') == 1);
    CHECK_FALSE(key.help.empty());
    CHECK_FALSE(default_text(key).empty());
    CHECK(&nearest_key(key.name) == &key);
  }
}

TEST_CASE("config: no value is taken that is not written as it will be shown", "[config]") {
  for (const Key& key : keys()) {
    if (key.secret()) continue;
    Configuration configuration;
    for (const std::string junk :
         {"", " ", "-1", "x\n", "999999999999999999999", "\xff", "1.2.3"}) {
      if (!set_value(configuration, key.kind, key.name, junk)) continue;
      INFO(key.name << " takes " << junk);
      CHECK(value_text(configuration, key.kind, key.name) == junk);
    }
  }
}

TEST_CASE("config: the page has a row of every key", "[config]") {
  const std::string page = doc("configuration.md");
  for (const Key& key : keys()) {
    INFO("docs/operations/configuration.md lacks: " << row_of(key));
    CHECK(page.find(row_of(key)) != std::string::npos);
  }
  for (const UnitPriceVariable& named : unit_price_variables())
    CHECK(page.find("`" + std::string(named.variable) + "`") != std::string::npos);
}

TEST_CASE("config: the sample loads, has every key, and differs where it recommends", "[config]") {
  const std::string sample = doc("reckoner.sample.toml");
  Sources sources;
  sources.file = support::source_folder() / "docs" / "operations" / "reckoner.sample.toml";
  const auto loaded = load(sources);
  INFO((loaded ? "" : loaded.error().detail));
  REQUIRE(loaded);
  for (const Key& key : keys()) {
    const std::size_t dot = key.name.find('.');
    const std::size_t section = sample.find("[" + std::string(key.name.substr(0, dot)) + "]\n");
    REQUIRE(section != std::string::npos);
    const std::string part = sample.substr(section, sample.find("\n[", section) - section);
    const std::string line = std::string(key.name.substr(dot + 1)) + " = ";
    INFO(key.name);
    const bool given = part.find("\n" + line) != std::string::npos;
    CHECK((given || part.find("\n# " + line) != std::string::npos));
    if (key.name == "billing.threshold_usd" || key.name == "billing.grace_days") continue;
    if (given) CHECK(value_text(*loaded, key.kind, key.name) == default_text(key));
  }
  CHECK(loaded->book.settings.threshold == Money::of_cents(2'000));
  CHECK(loaded->book.settings.grace_days == 7);
  CHECK(loaded->notes.empty());  // each would be a warning in the log at every start
}

}  // namespace reckoner::config
