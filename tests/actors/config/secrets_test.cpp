// What must never be seen, and files full of junk.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>
#include <sstream>
#include <string>

#include "actors/config/keys.hpp"
#include "actors/config/shown_keys.hpp"
#include "actors/config/text_checks.hpp"
#include "actors/config/toml_file.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::config {
namespace {

template <class T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Streams<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

constexpr const char* kSecret = "xqzxqzxqz";

bool is_seen(const std::string& text) {
  return text.find("xqz") != std::string::npos;
}

std::string all_that_is_shown(const Configuration& configuration) {
  std::string out;
  const auto keys = shown_keys(configuration);
  out += keys_table(keys) + keys_json(keys);
  for (const std::string& note : configuration.notes) out += note;
  for (const auto& [key, origin] : configuration.origins) out += key + origin;
  return out;
}

// An error, or what is shown of the configuration.
std::string result_of(const Sources& sources) {
  const auto loaded = load(sources);
  return loaded ? all_that_is_shown(*loaded) : loaded.error().detail;
}

}  // namespace

TEST_CASE("config: a secret is a value like any other, but nothing shows it", "[config]") {
  Secret secret{kSecret};
  const Secret copy = secret;
  const Secret moved = std::move(secret);
  CHECK(copy.reveal() == kSecret);
  CHECK(moved.reveal() == kSecret);
  CHECK(secret.empty());  // NOLINT(bugprone-use-after-move): it is the point
  CHECK(secret.reveal().empty());
  secret = copy;
  CHECK(secret.reveal() == kSecret);
  secret = Secret();
  CHECK(secret.empty());
}

TEST_CASE("config: memory that is wiped holds nothing", "[config]") {
  std::string text = kSecret;
  wipe(text);
  CHECK(text == std::string(text.size(), '\0'));
}

TEST_CASE("config: what is shown of good secrets is that they are there", "[config]") {
  const support::TemporaryFolder folder;
  for (const Key& key : keys()) {
    if (!key.secret()) continue;
    const std::string name(key.name.substr(key.name.find('.') + 1));
    Sources file, set, environment;
    file.file = folder.write("r.toml", "[polar]\n" + name + " = '" + kSecret + "'\n");
    set.settings = {std::string(key.name) + "=" + kSecret};
    environment.environment[std::string(key.variable)] = kSecret;
    for (const Sources& sources : {file, set, environment}) {
      const std::string shown = result_of(sources);
      CHECK_FALSE(is_seen(shown));
      CHECK(shown.find("********") != std::string::npos);
    }
  }
}

TEST_CASE("config: no message shows a secret that is wrong, wherever it stands", "[config]") {
  const support::TemporaryFolder folder;
  const std::string secret = kSecret;
  for (const std::string name : {"api_key", "webhook_secret"}) {
    for (const std::string& toml :
         {name + " = " + secret, name + " = '" + secret, name + " = \"" + secret + "\\q\"",
          name + " = '" + secret + "\n'", name + " = ['" + secret + "']",
          name + " = {a = '" + secret + "'}", name + " = '" + secret + "' '" + secret + "'",
          name + " = '''" + secret + "\n'''", name + " '" + secret + "'", name + " = 'xqz\x01xqz'",
          name + " = '" + secret + "'\n" + name + " = '" + secret + "'", name + " = 'xqz xqz,xqz'",
          name + "s = '" + secret + "'"}) {
      INFO(toml);
      Sources sources;
      sources.file = folder.write("r.toml", "[polar]\n" + toml + "\n");
      const auto loaded = load(sources);
      CHECK_FALSE(loaded);
      CHECK_FALSE(is_seen(result_of(sources)));
    }
    for (const std::string& set :
         {"polar." + name + "=xqz xqz\n", "polar." + name + ":" + secret,
          "polar." + name + "s=" + secret, "polar." + name + "=,xqz\x7f"}) {
      INFO(set);
      Sources sources;
      sources.settings = {set};
      CHECK_FALSE(load(sources));
      CHECK_FALSE(is_seen(result_of(sources)));
    }
  }
  for (const std::string wrong : {"xqz", "xqzxqzxqz,", ",xqzxqzxqz", "xqzxqzxqz,,xqzxqzxqz"}) {
    Sources sources;
    sources.environment["POLAR_WEBHOOK_SECRET"] = wrong;
    CHECK(result_of(sources) ==
          "polar.webhook_secret has a value that is not shown; it takes secrets of 8 bytes or "
          "more, separated by commas (environment POLAR_WEBHOOK_SECRET)");
  }
}

TEST_CASE("config: a password in a URL is not shown", "[config]") {
  CHECK(without_password("postgres://u:xqz@host/db") == "postgres://u:***@host/db");
  CHECK(without_password("postgres://u:x/q@z@host/db?a=b") == "postgres://u:***@host/db?a=b");
  CHECK(without_password("postgres://host/db?user=u&password=xqz&a=b") ==
        "postgres://host/db?user=u&password=***&a=b");
  CHECK(without_password("postgres://host:5432/db") == "postgres://host:5432/db");
  CHECK(without_password("sqlite:a.db") == "sqlite:a.db");
  for (const std::string variable : {"RECKONER_STORAGE_URL", "POLAR_BASE_URL"}) {
    Sources sources;
    sources.environment[variable] = "postgres://u:xqz@host/db";
    CHECK_FALSE(is_seen(result_of(sources)));
  }
}

// --- junk -------------------------------------------------------------------------------------

namespace {

std::string mutated(std::string text, std::mt19937& random) {
  static constexpr std::string_view kBits[] = {"[",    "]",   "=",  "'",   "\"", "\n",
                                               "{",    "}",   ".",  ",",   "#",  "1e9",
                                               "\xff", "\\u", "[[", "'''", "nan"};
  for (int changes = 1 + static_cast<int>(random() % 6); changes > 0; --changes) {
    const std::size_t at = random() % (text.size() + 1);
    switch (random() % 3) {
      case 0:
        text.insert(at, kBits[random() % std::size(kBits)]);
        break;
      case 1:
        text.erase(at, random() % 20);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(random() % 256);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("config: junk is an error of one line, never a crash", "[config]") {
  const support::TemporaryFolder folder;
  const std::string sample =
      support::read_file(support::source_folder() / "docs" / "operations" / "reckoner.sample.toml");
  std::mt19937 random(7);
  int good = 0, bad = 0;
  for (int round = 0; round < 1'500; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    Sources sources;
    sources.file = folder.write("r.toml", round % 3 == 0 ? text : mutated(sample, random));
    const auto loaded = load(sources);
    (loaded ? good : bad) += 1;
    if (loaded) continue;
    INFO(loaded.error().detail);
    CHECK(loaded.error().detail.find_first_of("\n\r\x1b") == std::string::npos);
    CHECK(loaded.error().detail.size() < 1'000);
  }
  CHECK(good > 50);
  CHECK(bad > 500);
}

TEST_CASE("config: values nested without end are an error", "[config]") {
  std::string deep = "a = ";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  CHECK_FALSE(read_toml(deep));
  std::string dots = "a";
  for (int i = 0; i < 2'000; ++i) dots += ".a";
  const auto given = read_toml(dots + " = 1");
  CHECK((!given || given->size() == 1));
}

}  // namespace reckoner::config
