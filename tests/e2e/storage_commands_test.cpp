// The programs' commands on stores of SQLite: exit codes, what they say, what they leave behind.
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {
namespace {

using Catch::Contains;
using Catch::StartsWith;

std::string history() {
  return support::read_file(support::golden_folder() / "01-guide-basics.history.jsonl");
}

// With a history, h.jsonl, and the store made of it, a.db.
struct Imported : Programs {
  Imported() {
    folder().write("h.jsonl", history());
    const Ran ran = reckoner("import --history h.jsonl --url sqlite:a.db");
    INFO(ran.said);
    REQUIRE(ran.code == 0);
  }
};

void change(const std::string& path, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(sqlite3_changes(db) > 0);
  sqlite3_close(db);
}

constexpr const char* kHalfDone =
    " did not come to its end; unless it still runs, remove the store and import again\n";

bool leaves(const Programs& programs, const std::string& beginning) {
  return std::ranges::any_of(programs.folder().names(),
                             [&](const std::string& name) { return name.starts_with(beginning); });
}

}  // namespace

TEST_CASE("programs: a store goes out and comes in again", "[e2e]") {
  const Imported programs;
  CHECK_THAT(programs.reckoner("storage info --url sqlite:a.db").out, Contains("entries    11\n"));
  const Ran verified = programs.reckoner("storage verify --url sqlite:a.db");
  CHECK(verified.code == 0);
  CHECK(programs.reckoner("export --history out.jsonl --url sqlite:a.db").code == 0);
  const Ran replayed = programs.simulator("replay out.jsonl --storage sqlite:b.db");
  CHECK(replayed.code == 0);
  const std::size_t hash = verified.out.find("state hash");
  REQUIRE(hash != std::string::npos);
  CHECK(programs.reckoner("storage verify --url sqlite:b.db").out.substr(hash) ==
        verified.out.substr(hash));
  const Ran printed = programs.reckoner("export --history - --url sqlite:b.db");
  CHECK(printed.out == programs.read("out.jsonl"));
}

TEST_CASE("programs: verify of a damaged store fails, and says where", "[e2e]") {
  const Imported programs;
  change(programs.folder().file("a.db"), "DELETE FROM usage_daily");
  const Ran ran = programs.reckoner("storage verify --url sqlite:a.db");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.out, Contains("differences"));
  CHECK_THAT(ran.said, Contains("usage_daily"));
}

// --- what is said of the flags, before anything is made ---------------------------------------

TEST_CASE("programs: a history that cannot be read makes no store", "[e2e]") {
  const Programs programs;
  programs.folder().write("packed.gz", "this is not packed");
  for (const std::string name : {"typo.jsonl", "packed.gz", "."}) {
    INFO(name);
    const Ran imported = programs.reckoner("import --url sqlite:a.db --history " + name);
    CHECK(imported.code == 2);
    CHECK_THAT(imported.said, StartsWith("reckoner: --history: "));
    CHECK_THAT(imported.said, Contains(name + ": ") && Contains("; it takes a history (JSON"));
    for (const std::string storage : {"", " --storage sqlite:a.db"}) {
      const Ran replayed = programs.simulator("replay " + name + storage);
      CHECK(replayed.code == 2);
      CHECK_THAT(replayed.said, StartsWith("reckoner-sim: HISTORY: "));
      CHECK_THAT(replayed.said, Contains(name + ": ") && Contains("; it takes a history (JSON"));
    }
  }
  CHECK_FALSE(leaves(programs, "a.db"));
}

TEST_CASE("programs: as many shards as a store takes", "[e2e]") {
  const Programs programs;
  programs.folder().write("h.jsonl", history());
  const std::string import = "import --history h.jsonl --url sqlite:a.db --shards ";
  for (const std::string shards : {"0", "400", "1x"}) {
    const Ran ran = programs.reckoner(import + shards);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.said,
               Contains("--shards is '" + shards + "'; it takes a whole number from 1 to 399"));
    CHECK_FALSE(leaves(programs, "a.db"));
  }
  CHECK_THAT(programs.reckoner("import --help").out, Contains("1 to 399"));
  CHECK(programs.reckoner(import + "399").code == 0);
  CHECK(programs.reckoner("storage verify --url sqlite:a.db").code == 0);
}

TEST_CASE("programs: a URL that leads to no store is wrong usage", "[e2e]") {
  const Programs programs;
  const std::string history_file = programs.folder().write("h.jsonl", history());
  const std::vector<std::string> commands = {"storage info", "storage verify", "storage migrate",
                                             "export --history out.jsonl"};
  for (const std::string url : {"sqlite:", "sqlite:none.db", "sqlite:.", "sqlite:no/a.db",
                                "mysql:x", "a.db", "memory:nobody"}) {
    for (const std::string& command : commands) {
      INFO(command << " on " << url);
      const Ran flag = programs.reckoner(command + " --url " + url);
      CHECK(flag.code == 2);
      CHECK_THAT(flag.said, StartsWith("reckoner: --url: "));
      const Ran variable = programs.reckoner(command, "RECKONER_STORAGE_URL=" + url);
      CHECK(variable.code == 2);
      CHECK_THAT(variable.said, StartsWith("reckoner: RECKONER_STORAGE_URL: "));
    }
  }
  for (const std::string url : {"sqlite:", "sqlite:.", "sqlite:no/a.db", "mysql:x"}) {
    INFO(url);
    CHECK(programs.reckoner("import --history h.jsonl --url " + url).code == 2);
    const Ran ran = programs.simulator("replay h.jsonl --storage " + url);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.said, StartsWith("reckoner-sim: --storage: "));
  }
  // A file that is no store is there, and stays as it is.
  CHECK(programs.reckoner("storage info --url sqlite:h.jsonl").code == 1);
  CHECK(programs.reckoner("import --history h.jsonl --url sqlite:h.jsonl").code == 1);
  CHECK(support::read_file(history_file) == history());
  CHECK(programs.folder().names() == std::vector<std::string>{"h.jsonl"});
}

// --- stores that are there, or half there -----------------------------------------------------

TEST_CASE("programs: a store that is there is refused as it is", "[e2e]") {
  const Imported programs;
  const std::string before = programs.read("a.db"), lock = programs.read("a.db-lock");
  const Ran imported = programs.reckoner("import --history h.jsonl --url sqlite:a.db");
  const Ran replayed = programs.simulator("replay h.jsonl --storage sqlite:a.db");
  for (const Ran& ran : {imported, replayed}) {
    CHECK(ran.code == 1);
    CHECK_THAT(ran.said, Contains("a.db is there already and holds 11 entries"));
  }
  CHECK(programs.read("a.db") == before);
  CHECK(programs.read("a.db-lock") == lock);
  CHECK((!leaves(programs, "a.db-wal") || programs.read("a.db-wal").empty()));
  // What is there without being a store yet may become one.
  programs.folder().write("empty.db", "");
  CHECK(programs.reckoner("import --history h.jsonl --url sqlite:empty.db").code == 0);
}

TEST_CASE("programs: what an import leaves half done is told, and opened by nothing", "[e2e]") {
  const Programs programs;
  programs.folder().write("h.jsonl", history());
  programs.folder().write("bad.jsonl", history() + "no JSON\n");
  const std::string where = "bad.jsonl: line 9: ";
  const std::string half = "; the store is not finished: remove it before another import\n";
  const Ran imported = programs.reckoner("import --history bad.jsonl --url sqlite:a.db");
  CHECK(imported.code == 1);
  CHECK_THAT(imported.said, Contains(where) && Catch::EndsWith(half));
  const Ran replayed = programs.simulator("replay bad.jsonl --storage sqlite:b.db");
  CHECK(replayed.code == 1);
  CHECK_THAT(replayed.said, Contains(where) && Catch::EndsWith(half));
  for (const std::string store : {"a.db", "b.db"}) {
    const std::string url = "sqlite:" + store;
    for (const Ran& ran : {programs.reckoner("import --history h.jsonl --url " + url),
                           programs.simulator("replay h.jsonl --storage " + url),
                           programs.reckoner("export --history out.jsonl --url " + url),
                           programs.reckoner("storage verify --url " + url)}) {
      CHECK(ran.code == 1);
      CHECK_THAT(ran.said, Contains(store + kHalfDone));
    }
  }
  CHECK_FALSE(leaves(programs, "out.jsonl"));
}

// It reads from a pipe that nobody closes, so it has not come to its end when it is killed.
TEST_CASE("programs: an import that is broken off leaves nothing that opens", "[e2e]") {
  const Programs programs;
  programs.folder().write("h.jsonl", history());
  const std::string reckoner = "'" RECKONER_PROGRAM "' ";
  const Ran ran = programs.run(
      "mkfifo pipe; " + reckoner +
      "import --history pipe --url sqlite:a.db & import=$!; exec 3>pipe; cat h.jsonl >&3; " +
      "until " + reckoner + "export --history out.jsonl --url sqlite:a.db 2>&1 | " +
      "grep -q 'did not come to its end'; do kill -0 $import || exit 9; sleep 0.02; done; " +
      "kill -TERM $import; wait $import 2>/dev/null; exec " + reckoner +
      "import --history h.jsonl --url sqlite:a.db");
  CHECK(ran.code == 1);
  CHECK_THAT(ran.said, Contains(kHalfDone));
}

// --- files of the store -----------------------------------------------------------------------

TEST_CASE("programs: what is written never takes the place of a store's file", "[e2e]") {
  const Imported programs;
  const auto file = [&](const std::string& name) { return programs.folder().file(name); };
  std::filesystem::create_symlink("a.db", file("link"));
  std::filesystem::create_hard_link(file("a.db-lock"), file("hard"));
  std::filesystem::create_directory_symlink(".", file("here"));
  const std::string before = programs.read("a.db");
  for (const std::string name : {"a.db", "a.db-wal", "a.db-shm", "a.db-keys", "a.db-lock",
                                 "a.db-journal", "./a.db", "here/a.db", "link", "hard"}) {
    for (const std::string store : {"a.db", "link", "here/link"}) {
      INFO(name << " of " << store);
      const Ran ran = programs.reckoner("export --history " + name + " --url sqlite:" + store);
      CHECK(ran.code == 2);
      CHECK_THAT(ran.said, StartsWith("reckoner: --history is " + name + ", a file of the store"));
    }
  }
  CHECK(programs.reckoner("export --history - --url sqlite:a.db >>a.db-lock").code == 2);
  const Ran out = programs.simulator("replay h.jsonl --storage sqlite:new.db --out new.db");
  CHECK(out.code == 2);
  CHECK_THAT(out.said, StartsWith("reckoner-sim: --out is new.db, a file of the store"));
  CHECK_FALSE(leaves(programs, "new.db"));
  CHECK(programs.read("a.db") == before);
  // Other files may be replaced, whatever they are called.
  programs.folder().write("a.db-history", "old");
  CHECK(programs.reckoner("export --history a.db-history --url sqlite:a.db").code == 0);
  CHECK(programs.read("a.db-history").size() > 100);
}

}  // namespace reckoner::e2e
