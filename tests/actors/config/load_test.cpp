// Values from every source, which one wins, and what is said of wrong ones.
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>

#include "actors/config/keys.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::config {
namespace {

using Catch::Contains;
using Catch::StartsWith;

// Of the environment, the file and --set, each may be empty.
Result<Configuration> load_of(const std::string& toml,
                              std::map<std::string, std::string, std::less<>> environment = {},
                              std::vector<std::string> settings = {}) {
  const support::TemporaryFolder folder;
  Sources sources;
  sources.file = folder.write("r.toml", toml);
  sources.environment = std::move(environment);
  sources.settings = std::move(settings);
  return load(sources);
}

std::string error_of(const Result<Configuration>& loaded) {
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.error().code == "invalid_configuration");
  CHECK(loaded.error().detail.find('\n') == std::string::npos);
  return loaded.error().detail;
}

std::string fault(const std::string& toml) {
  return error_of(load_of(toml));
}

std::string threshold(const std::string& written) {
  const auto loaded = load_of("[billing]\nthreshold_usd = " + written + "\n");
  return loaded ? format_money(loaded->book.settings.threshold) : loaded.error().detail;
}

}  // namespace

TEST_CASE("config: what is not given has its default", "[config]") {
  const auto loaded = load_of("");
  REQUIRE(loaded);
  CHECK(loaded->server.listen == Address{"127.0.0.1", 8080});
  CHECK(loaded->polar.base_url == "https://api.polar.sh/api/v1");
  CHECK(loaded->polar.api_key.empty());
  CHECK(loaded->book.settings == Settings{});
  CHECK(loaded->origins.empty());
  CHECK(loaded->notes.empty());
}

TEST_CASE("config: a later source wins, and it is known which", "[config]") {
  const std::string toml = "[server]\nlisten = 'a:1'\n[storage]\nurl = 'sqlite:f.db'\n";
  const auto file = load_of(toml);
  REQUIRE(file);
  CHECK(file->server.listen.port == 1);
  CHECK_THAT(file->origins.at("server.listen"), Catch::EndsWith("r.toml, line 2"));
  const auto environment = load_of(toml, {{"RECKONER_LISTEN", "b:2"}});
  REQUIRE(environment);
  CHECK(environment->server.listen.port == 2);
  CHECK(environment->storage.url == "sqlite:f.db");
  CHECK(environment->origins.at("server.listen") == "environment RECKONER_LISTEN");
  const auto set =
      load_of(toml, {{"RECKONER_LISTEN", "b:2"}}, {"server.listen=c:3", "server.listen=d:4"});
  REQUIRE(set);
  CHECK(address_text(set->server.listen) == "d:4");
  CHECK(set->origins.at("server.listen") == "--set");
}

TEST_CASE("config: the file in the working folder is read if it is there", "[config]") {
  const support::TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.file(""));
  const auto without = load({});
  folder.write("reckoner.toml", "[log]\nlevel = 'error'\n");
  const auto with = load({});
  Sources explicitly;
  explicitly.file = "other.toml";
  const auto missing = load(explicitly);
  std::filesystem::current_path(before);
  REQUIRE((without && with));
  CHECK(without->log.level == log::Level::info);
  CHECK(with->log.level == log::Level::error);
  CHECK(with->origins.at("log.level") == "reckoner.toml, line 2");
  CHECK(error_of(missing) == "--config is 'other.toml', which is not there; it takes a TOML file");
}

// --- money ------------------------------------------------------------------------------------

TEST_CASE("config: money is read exactly, however it is written", "[config]") {
  CHECK(threshold("20.00") == "20");
  CHECK(threshold("20") == "20");
  CHECK(threshold("'20.00'") == "20");
  CHECK(threshold("+1_0.2_5 # and a comment 3.7") == "10.25");
  // No double has these digits.
  CHECK(threshold("9007199254740993.000000000001").starts_with("9007199254740993.000000000001"));
  CHECK(threshold("123456789.123456789012") == "123456789.123456789012");
  CHECK(threshold("0.1") == "0.1");
  CHECK(threshold("1e1") == "10");
  for (const std::string wrong : {"-1.0", "nan", "inf", "0.1234567890123", "true", "[1.0]",
                                  "2026-01-05", "'1,00'", "' 1.00'", "''"}) {
    INFO(wrong);
    CHECK_THAT(threshold(wrong), StartsWith("billing.threshold_usd is ") &&
                                     Contains("; it takes an amount in USD, 0 or more"));
  }
}

TEST_CASE("config: money is found in its line, whatever stands before it", "[config]") {
  const std::string before = "grace_days = 7, prices = 'ä€😀.json', ";
  CHECK_THAT(fault("billing = { " + before + "threshold_usd = -2.5 }"),
             Contains("billing.threshold_usd is '-2.5'"));
  CHECK_THAT(fault("\xEF\xBB\xBF[billing]\r\nthreshold_usd   =   -2.5\r\n"),
             Contains("is '-2.5';") && Contains("line 2"));
  CHECK_THAT(fault("billing.threshold_usd=-2.5"), Contains("is '-2.5';"));
}

// --- faults -----------------------------------------------------------------------------------

TEST_CASE("config: unknown keys are errors that name the nearest", "[config]") {
  CHECK_THAT(fault("[server]\nlisen = 'a:1'"),
             StartsWith("there is no key server.lisen; the nearest is server.listen (") &&
                 Catch::EndsWith("r.toml, line 2)"));
  CHECK_THAT(fault("[servr]\nlisten = 'a:1'"),
             StartsWith("there is no section servr; the nearest is server ("));
  CHECK_THAT(fault("[bilingg]\n"),
             StartsWith("there is no section bilingg; the nearest is billing"));
  CHECK_THAT(fault("listen = 'a:1'"), StartsWith("there is no key listen; the nearest is "));
  CHECK_THAT(fault("'server.listen' = 'a:1'"),
             StartsWith("there is no key 'server.listen' in quotes"));
  CHECK_THAT(fault("[server.listen]\nport = 1"), StartsWith("server.listen is a table; it takes"));
  CHECK_THAT(error_of(load_of("", {}, {"log.levl=info"})),
             StartsWith("there is no key log.levl; the nearest is log.level (--set)"));
  CHECK(load_of("[server]\n[log]\n"));  // empty ones that are known
}

TEST_CASE("config: wrong types and values are named, with what is taken and where", "[config]") {
  CHECK_THAT(fault("[server]\nthreads = '4'"),
             StartsWith("server.threads is '4'; it takes a whole number from 1 to 256, without "
                        "quotes ("));
  CHECK_THAT(fault("[server]\nthreads = 4.0"), StartsWith("server.threads is '4.0'; it takes"));
  CHECK_THAT(fault("[server]\nlisten = 80"),
             StartsWith("server.listen is '80'; it takes ") && Contains(", in quotes ("));
  CHECK_THAT(fault("[log]\nlevel = ['info']"), StartsWith("log.level is an array; it takes"));
  CHECK_THAT(fault("\n\n[engine]\nidle = '10'"), StartsWith("engine.idle is '10'; it takes a time "
                                                            "as 500ms, 10s, 15m or 2h, from 1s to "
                                                            "1d (") &&
                                                     Contains("line 4"));
  CHECK_THAT(error_of(load_of("", {{"MONTHLY_BILLING_DAY", "32"}})),
             StartsWith("billing.billing_day is '32'; it takes a day of the month, 1 to 31 "
                        "(environment MONTHLY_BILLING_DAY)"));
  CHECK_THAT(error_of(load_of("", {}, {"log.format=xml"})),
             StartsWith("log.format is 'xml'; it takes text or json (--set)"));
  CHECK_THAT(error_of(load_of("", {}, {"log.format"})),
             StartsWith("--set is 'log.format'; it takes key=value"));
  CHECK_THAT(error_of(load_of("", {}, {"log.format=a\nb"})), StartsWith("log.format is 'a\\nb'"));
  // A wrong value is wrong also where a later source has another.
  CHECK_FALSE(load_of("[log]\nlevel = 'loud'", {}, {"log.level=info"}));
}

TEST_CASE("config: what cannot be read as TOML says where", "[config]") {
  CHECK_THAT(fault("[server]\nlisten = a:1\n"), Contains("r.toml': line 2, column 10 cannot be "));
  CHECK_THAT(fault("[log]\nlevel = 'info'\nlevel = 'info'\n"),
             Contains("line 3") && Contains("'level'"));
  CHECK_THAT(fault("[log"), Contains("line 1, column 5 cannot be read"));
  // What the library's parser asserts.
  for (const std::string odd : {"[&", "[[=", "[[[a]]]"})
    CHECK_THAT(fault(odd), Contains("cannot be read"));
  // Where it is undefined.
  for (const std::string odd : {"level = 'info' ä", "lével = 'info'", "level = \xC3"})
    CHECK_THAT(fault("[log]\n" + odd), Contains("line 2 has a letter beyond ASCII where only"));
  for (const std::string odd : {"a=1\"é", "a=1=\"é", "a=[1=\"é", "a=1.\"é", "a=\"b\"\"é"})
    CHECK_THAT(fault(odd), Contains("line 1"));
  CHECK_THAT(fault("[log]\nlevel = { 'ä~€' = 1, b = ?"), Contains("line 2, column 26 cannot"));
  CHECK_THAT(fault("[log]\nlevel = 'ä~~C3'"), StartsWith("log.level is 'ä~~C3'; it takes"));
  CHECK_THAT(fault("[log]\nlevel = \"\\u007E41\""), Contains("it takes ~ itself"));
  CHECK_THAT(fault("[log]\n'lével' = ''"), StartsWith("there is no key log.lével; the nearest"));
  CHECK(load_of("# ä\n[storage] # ä\nurl = 'sqlite:ä' # ä\nplugin_dir = \"\\\"ä\" # ä\n"));
  CHECK(load_of("[storage]\nurl = '''sqlite:ä'ä'''''# ä\nplugin_dir = \"\"\"\\\"ä\"\"\"\"\n"));
  const support::TemporaryFolder folder;
  Sources sources;
  sources.file = folder.file("");
  CHECK_THAT(error_of(load(sources)), Contains("which cannot be read: Is a directory"));
}

TEST_CASE("config: keys that belong together", "[config]") {
  CHECK_THAT(
      fault("[server]\ntls_key = 'k.pem'"),
      StartsWith("server.tls_key is given without server.tls_certificate; TLS takes both ("));
  CHECK(load_of("[server]\ntls_key = 'k.pem'\ntls_certificate = 'c.pem'"));
  CHECK_THAT(fault("[server]\nmax_batch = 50\nmax_in_flight_events = 49"),
             StartsWith("server.max_in_flight_events is 49; it takes no less than "
                        "server.max_batch, which is 50 ("));
  // A default makes room by itself.
  const auto larger = load_of("[server]\nmax_batch = 500000\nmax_body = '1GiB'");
  REQUIRE(larger);
  CHECK(larger->server.max_in_flight_events == 500'000);
  CHECK(larger->server.max_in_flight_bytes == 1024 * kMiB);
}

TEST_CASE("config: where Polar is depends on how money is collected", "[config]") {
  CHECK(load_of("", {{"RECKONER_SETTLEMENT", "orders"}})->polar.base_url ==
        "https://api.polar.sh/v1");
  const auto given = load_of("", {{"POLAR_BASE_URL", "http://127.0.0.1:9000/api/v1/"}});
  CHECK(given->polar.base_url == "http://127.0.0.1:9000/api/v1");
  for (const std::string wrong : {"api.polar.sh", "ftp://a/b", "https://", "https://u:p@host/",
                                  "https://host/?a=b", "https://host:99999", "https://ho st"})
    CHECK_FALSE(load_of("", {{"POLAR_BASE_URL", wrong}}));
}

TEST_CASE("config: what has no effect yet, or is unsafe, is told", "[config]") {
  const auto notes = [](const std::string& toml) { return load_of(toml)->notes; };
  CHECK(notes("[reconcile]\nevery = '5m'").size() == 1);
  CHECK(notes("[polar]\nsettlement = 'meters'").size() == 1);
  CHECK(notes("[polar]\nbase_url = 'http://example.com'").size() == 1);
  CHECK(notes("[polar]\nbase_url = 'http://localhost:1'").empty());
}

TEST_CASE("config: a file that anybody may read should hold no secret", "[config]") {
  const support::TemporaryFolder folder;
  Sources sources;
  sources.file = folder.write("r.toml", "[polar]\napi_key = 'key_of_ours'\n");
  namespace fs = std::filesystem;
  fs::permissions(*sources.file, fs::perms::others_read, fs::perm_options::add);
  REQUIRE(load(sources)->notes.size() == 1);
  CHECK_THAT(load(sources)->notes[0], Contains("everybody on this machine may read it"));
  fs::permissions(*sources.file, fs::perms::others_read, fs::perm_options::remove);
  CHECK(load(sources)->notes.empty());
}

TEST_CASE("config: an empty variable is as one that is not set, unless it is a secret",
          "[config]") {
  CHECK(load_of("", {{"RECKONER_LISTEN", ""}, {"COST_PER_TOKEN_FREE", ""}}));
  for (const std::string variable : {"POLAR_API_KEY", "POLAR_WEBHOOK_SECRET"})
    CHECK_THAT(error_of(load_of("", {{variable, ""}})),
               Contains(" is empty; it takes ") && Contains("(environment " + variable + ")"));
}

// --- prices -----------------------------------------------------------------------------------

namespace {

std::string pricing_of(const Configuration& configuration, const std::string& plan) {
  const auto& model = configuration.book.prices.find(plan)->pricing.model;
  return format_money(std::get<PerUnit>(model).unit_price);
}

constexpr const char* kTeamOnly = R"({"plans":[{"id":"team","product_ids":[],"price_usd":"1.00",
  "tokens_per_month":1,"rate_limit":1,"pricing":{"model":"per_unit","unit_price_usd":"0.5"}},
  {"id":"free","product_ids":[],"price_usd":"1.00","tokens_per_month":1,"rate_limit":1,
  "pricing":{"model":"package","package_size":10,"package_price_usd":"0.5"}}]})";

}  // namespace

TEST_CASE("config: a price book from a file", "[config]") {
  const support::TemporaryFolder folder;
  const std::string good = folder.write("p.json", kTeamOnly);
  const std::string bad = folder.write("bad.json", R"({"plans":[{"id":"x"}]})");
  const auto loaded = load_of("", {}, {"billing.prices=" + good});
  REQUIRE(loaded);
  CHECK(pricing_of(*loaded, "team") == "0.5");
  CHECK_THAT(error_of(load_of("", {}, {"billing.prices=" + bad})),
             StartsWith("billing.prices is '" + bad + "': ") && Catch::EndsWith(" (--set)"));
  CHECK_THAT(fault("[billing]\nprices = 'none.json'"),
             StartsWith("billing.prices is 'none.json', which is not there; it takes a price book "
                        "("));
  CHECK_THAT(error_of(load_of("", {{"COST_PER_TOKEN_STARTER", "0.1"}}, {"billing.prices=" + good})),
             StartsWith("COST_PER_TOKEN_STARTER is set, but the price book has no plan 'starter'"));
  CHECK_THAT(error_of(load_of("", {{"COST_PER_TOKEN_FREE", "0.1"}}, {"billing.prices=" + good})),
             StartsWith("COST_PER_TOKEN_FREE is set, but the price book has no plan 'free' that is "
                        "priced per unit"));
}

TEST_CASE("config: unit prices from the environment", "[config]") {
  const auto loaded = load_of("", {{"COST_PER_TOKEN_FREE", "0.0003"},
                                   {"COST_PER_TOKEN_STARTER", "0"},
                                   {"COST_PER_TOKEN_PROFESSIONAL", "0.000000000001"},
                                   {"COST_PER_TOKEN_ENTERPRISE", "1"}});
  REQUIRE(loaded);
  CHECK(pricing_of(*loaded, "free") == "0.0003");
  CHECK(pricing_of(*loaded, "starter") == "0");
  CHECK(pricing_of(*loaded, "professional") == "0.000000000001");
  CHECK(pricing_of(*loaded, "enterprise") == "1");
  CHECK(pricing_of(*load_of(""), "free") == "0.0002");
  for (const std::string wrong : {"-0.1", "cheap", "1000001", "0.0000000000001"})
    CHECK_THAT(error_of(load_of("", {{"COST_PER_TOKEN_FREE", wrong}})),
               StartsWith("COST_PER_TOKEN_FREE is '" + wrong + "'; it takes the price of a token"));
}

}  // namespace reckoner::config
