// reckoner config check|show as a shell runs them: exit codes, the one line, and no secret.
#include <catch2/catch.hpp>
#include <string>

#include "tests/e2e/programs.hpp"
#include "tests/support/certificate.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;
using Catch::StartsWith;

// Nothing of the environment that the tests run in.
constexpr const char* kClean = "env -i";

std::string line_of(const std::string& table, const std::string& key) {
  const std::size_t at = table.find("\n" + key + " ");
  return at == std::string::npos ? "" : table.substr(at + 1, table.find('\n', at + 1) - at - 1);
}

}  // namespace

TEST_CASE("programs: config check says that it is good, or what is wrong, in one line", "[e2e]") {
  const Programs programs;
  const Ran none = programs.reckoner("config check", kClean);
  CHECK(none.code == 0);
  CHECK(none.out == "the configuration is good\n");
  CHECK(none.said.empty());
  programs.folder().write("good.toml",
                          "[billing]\nthreshold_usd = 20.00\n[reconcile]\n"
                          "every = '1h'\n");
  const Ran good = programs.reckoner("config check --config good.toml", kClean);
  CHECK(good.code == 0);
  CHECK(good.out ==
        "the configuration is good\n"
        "note: reconcile.every has no effect yet: reconciliation is not built yet\n");
  programs.folder().write("reckoner.toml", "[server]\nlisten = 8080\n");
  struct Wrong {
    std::string arguments, environment, said;
  };
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"", "",
            "server.listen is '8080'; it takes address:port, as 127.0.0.1:8080 or "
            "[::1]:8080, in quotes (reckoner.toml, line 2)"},
           {" --config none.toml", "",
            "--config is 'none.toml', which is not there; it takes a TOML file"},
           {" --config good.toml --set usage.max_age=3", "",
            "there is no key usage.max_age; the nearest is usage.max_age_days (--set)"},
           {" --config good.toml --set log", "", "--set is 'log'; it takes key=value"},
           {" --config good.toml", "MONTHLY_BILLING_DAY=0",
            "billing.billing_day is '0'; it takes a day of the month, 1 to 31 (environment "
            "MONTHLY_BILLING_DAY)"},
           {" --config good.toml", "POLAR_WEBHOOK_SECRET=",
            "polar.webhook_secret is empty; it takes secrets of 8 bytes or more, separated by "
            "commas (environment POLAR_WEBHOOK_SECRET)"}}) {
    for (const std::string command : {"config check", "config show"}) {
      const Ran ran = programs.reckoner(command + wrong.arguments,
                                        std::string(kClean) + ' ' + wrong.environment);
      CHECK(ran.code == 2);
      CHECK(ran.out.empty());
      CHECK(ran.said == "reckoner: " + wrong.said + "\n");
    }
  }
}

TEST_CASE("programs: config check opens the certificate and its key", "[e2e]") {
  const Programs programs;
  support::make_certificate(programs.folder());
  const auto check = [&programs](const std::string& certificate, const std::string& key) {
    return programs.reckoner(
        "config check --set server.tls_certificate=" + certificate + " --set server.tls_key=" + key,
        kClean);
  };
  CHECK(check("certificate.pem", "key.pem").out == "the configuration is good\n");
  const Ran none = check("none.pem", "key.pem");
  CHECK(none.code == 2);
  CHECK(none.out.empty());
  CHECK_THAT(none.said, StartsWith("reckoner: server.tls_certificate is 'none.pem': "));
  const Ran no_key = check("certificate.pem", "certificate.pem");
  CHECK(no_key.code == 2);
  CHECK_THAT(no_key.said, StartsWith("reckoner: server.tls_key is 'certificate.pem': "));
}

TEST_CASE("programs: config show has every value with its source, and no secret", "[e2e]") {
  const Programs programs;
  programs.folder().write("reckoner.toml",
                          "[billing]\nthreshold_usd = 20.00\n[log]\nlevel = 'debug'\n");
  const std::string environment =
      std::string(kClean) + " POLAR_WEBHOOK_SECRET=seen_by_nobody,seen_by_nobody_either" +
      " POLAR_API_KEY=seen_by_nobody RECKONER_STORAGE_URL=postgres://u:seen_by_nobody@h/d" +
      " COST_PER_TOKEN_FREE=0.5";
  const Ran table = programs.reckoner("config show --set log.level=error", environment);
  CHECK(table.code == 0);
  CHECK_THAT(table.out, StartsWith("key "));
  CHECK_THAT(line_of(table.out, "billing.threshold_usd"),
             Contains(" 20.00 ") && Contains(" reckoner.toml, line 2 "));
  CHECK_THAT(line_of(table.out, "log.level"), Contains(" error ") && Contains(" --set "));
  CHECK_THAT(line_of(table.out, "polar.api_key"),
             Contains(" ******** ") && Contains(" environment POLAR_API_KEY "));
  CHECK_THAT(line_of(table.out, "storage.url"), Contains(" postgres://u:***@h/d "));
  CHECK_THAT(line_of(table.out, "billing.prices"),
             Contains(" the built-in book, with COST_PER_TOKEN_FREE "));
  CHECK_THAT(line_of(table.out, "server.listen"),
             Contains(" 127.0.0.1:8080 ") && Contains(" default "));
  const Ran json = programs.reckoner("config show --json --set log.level=error", environment);
  CHECK(json.code == 0);
  CHECK_THAT(json.out, Contains(R"("log.level":{"value":"error","source":"--set",)"));
  CHECK_THAT(json.out, Contains(R"("polar.webhook_secret":{"value":"********",)"));
  CHECK_THAT(json.out, Contains(R"("server.tls_key":{"value":null,"source":"default",)"));
  for (const Ran& ran : {table, json}) CHECK_THAT(ran.out, !Contains("seen_by_nobody"));
}

TEST_CASE("programs: config commands end like the others on wrong usage", "[e2e]") {
  const Programs programs;
  for (const std::string arguments : {"config", "config chek", "config check --jsn"}) {
    const Ran ran = programs.reckoner(arguments, kClean);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.said, StartsWith("reckoner: "));
  }
  CHECK(programs.reckoner("config show >/dev/full", kClean).code == 1);
}

}  // namespace reckoner::e2e
