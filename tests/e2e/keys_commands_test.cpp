// Keys as a shell makes, lists and revokes them: on a stopped store, and beside a process that
// holds the store and commits.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

constexpr const char* kHistory =
    R"({"at":"2026-01-05T10:06:00Z","kind":"usage","customer_id":"u1","tokens":123,"operation":"x"}
)";

struct Stored : Programs {
  Stored() {
    folder().write("h.jsonl", kHistory);
    const Ran ran = reckoner("import --history h.jsonl --url sqlite:reckoner.db");
    INFO(ran.said);
    REQUIRE(ran.code == 0);
  }
};

std::string id_of(const std::string& key) {
  return key.substr(3, 8);
}

// The line of a key in the list; empty: it is not there.
std::string listed(const Programs& programs, const std::string& id) {
  const Ran ran = programs.reckoner("keys list");
  CHECK(ran.code == 0);
  const std::size_t at = ran.out.find(id + ' ');
  return at == std::string::npos ? "" : ran.out.substr(at, ran.out.find('\n', at) - at);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  support::each_line(text, [&](std::string_view line) { out.emplace_back(line); });
  return out;
}

}  // namespace

TEST_CASE("programs: a key is made, listed and revoked on a stopped store", "[e2e]") {
  const Stored programs;
  CHECK(programs.reckoner("keys list").out == "there are no keys\n");
  const Ran made = programs.reckoner("keys create --scope usage --scope admin --name 'the shop'");
  REQUIRE(made.code == 0);
  CHECK(made.said == "");
  REQUIRE(made.out.size() == 46);
  CHECK_THAT(made.out, StartsWith("rk_") && EndsWith("\n"));
  const std::string id = id_of(made.out), secret = made.out.substr(12, 33);
  CHECK(programs.reckoner("keys create --scope read,usage").code == 0);

  const Ran list = programs.reckoner("keys list");
  const std::vector<std::string> lines = lines_of(list.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "id        scopes       created                      revoked  name");
  CHECK_THAT(lines[1], StartsWith(id + "  usage,admin  20") && EndsWith("Z  -        the shop"));
  CHECK_THAT(lines[2], Contains("  usage,read   20") && EndsWith("Z  -"));
  CHECK(list.out.find(secret) == std::string::npos);

  const Ran revoked = programs.reckoner("keys revoke " + id);
  CHECK(revoked.code == 0);
  CHECK(revoked.said == "reckoner: the key " + id + " is revoked\n");
  CHECK_THAT(listed(programs, id), !Contains(" - ") && EndsWith("the shop"));
  const Ran again = programs.reckoner("keys revoke " + made.out.substr(0, 45));
  CHECK(again.code == 0);
  CHECK_THAT(again.said, Contains("was revoked already, at 20"));
  CHECK(again.said.find(secret) == std::string::npos);
  // What the store holds of the secret does not say what it is.
  CHECK(programs.read("reckoner.db").find(secret) == std::string::npos);
  CHECK(programs.reckoner("storage verify").code == 0);
}

TEST_CASE("programs: keys that are not there, and flags that say nothing", "[e2e]") {
  const Stored programs;
  const Ran unknown = programs.reckoner("keys revoke ABCDEFGH");
  CHECK(unknown.code == 1);
  CHECK_THAT(unknown.said, Contains("there is no key ABCDEFGH; `reckoner keys list` shows"));
  // Most of a key, which is not to be shown again.
  const Ran mangled = programs.reckoner("keys revoke rk_ABCDEFGH_0123456789");
  CHECK(mangled.code == 2);
  CHECK_THAT(mangled.said, Contains("ID is not the id of a key; it takes the 8 letters"));
  CHECK(mangled.said.find("0123456789") == std::string::npos);
  for (const std::string scope : {"all", "''", "usage,", "'usage read'"}) {
    INFO(scope);
    const Ran ran = programs.reckoner("keys create --scope " + scope);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK_THAT(ran.said, StartsWith("reckoner: --scope is '") &&
                             Contains("; it takes usage, read and admin"));
  }
  CHECK(programs.reckoner("keys create").code == 2);
  CHECK(programs.reckoner("keys").code == 2);
  CHECK(programs.reckoner("keys revoke").code == 2);
  CHECK_THAT(programs.reckoner("keys create --scope read --name \"$(printf 'a\\nb')\"").said,
             StartsWith("reckoner: --name "));
  CHECK(programs.reckoner("keys list").out == "there are no keys\n");
}

TEST_CASE("programs: keys need a store, and say who makes it", "[e2e]") {
  const Programs programs;
  for (const std::string command :
       {"keys create --scope usage", "keys list", "keys revoke ABCDEFGH"}) {
    for (const std::string url : {"", "--url sqlite:none.db", "--url memory:"}) {
      INFO(command << ' ' << url);
      const Ran ran = programs.reckoner(command + ' ' + url);
      CHECK(ran.code == 2);
      CHECK(ran.out == "");
      CHECK_THAT(ran.said, StartsWith("reckoner: --url: ") &&
                               Contains("; `reckoner serve` makes the store: start it first"));
      CHECK(lines_of(ran.said).size() == 1);
    }
  }
  CHECK(programs.folder().names().empty());
}

TEST_CASE("programs: a key that nobody could read is told", "[e2e]") {
  const Stored programs;
  const Ran ran = programs.reckoner("keys create --scope usage >/dev/full");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.said, Contains("is made and nobody has it: `reckoner keys revoke "));
  CHECK(lines_of(programs.reckoner("keys list").out).size() == 2);
}

// An import from a pipe that nobody closes holds the store until then.
TEST_CASE("programs: keys are made and revoked while another process holds the store", "[e2e]") {
  const Programs programs;
  programs.folder().write("h.jsonl", kHistory);
  const std::string reckoner = "'" RECKONER_PROGRAM "' ";
  const Ran ran = programs.run(
      "mkfifo pipe; " + reckoner +
      "import --history pipe & import=$!; exec 3>pipe; cat h.jsonl >&3; until " + reckoner +
      "export --history out.jsonl 2>&1 | grep -q 'did not come to its end'; do " +
      "kill -0 $import || exit 9; sleep 0.02; done; " + reckoner +
      "keys create --scope usage --name kept >made; echo create $?; " + reckoner +
      "keys create --scope read --name dropped >gone; echo create $?; " + reckoner +
      "keys revoke $(cut -c 4-11 gone); echo revoke $?; " + reckoner + "storage migrate; " +
      "echo held $?; " + reckoner + "keys list; " +
      "cat h.jsonl >&3; exec 3>&-; wait $import; echo import $?");
  INFO(ran.said);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out,
             StartsWith("create 0\ncreate 0\nrevoke 0\nheld 2\n") && EndsWith("import 0\n"));
  const std::string made = programs.read("made"), gone = programs.read("gone");
  REQUIRE(made.size() == 46);
  REQUIRE(gone.size() == 46);
  CHECK_THAT(ran.out, Contains(id_of(made)) && Contains(id_of(gone)));
  CHECK_THAT(listed(programs, id_of(made)),
             Contains("  usage  ") && EndsWith("-                            kept"));
  CHECK_THAT(listed(programs, id_of(gone)), Contains("  read ") && EndsWith("Z  dropped"));
  CHECK(programs.reckoner("storage verify").code == 0);
}

}  // namespace reckoner::e2e
