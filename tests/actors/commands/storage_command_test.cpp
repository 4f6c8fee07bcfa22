// The commands on a store: their exit codes, and which store they take.
#include "actors/commands/storage_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "actors/commands/store_flags.hpp"
#include "tests/actors/commands/fake_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::commands {
namespace {

using storage::Fault;
using storage::StoreError;

constexpr const char* kVariable = "RECKONER_STORAGE_URL";

int run(std::vector<std::string> arguments) {
  CLI::App app("test");
  int exit_code = -1;
  add_storage_commands(app, exit_code);
  std::ranges::reverse(arguments);  // as CLI11 takes them
  app.parse(arguments);
  return exit_code;
}

// A store in memory that lives as long as the process.
std::unique_ptr<storage::Store> made(const std::string& url) {
  storage::StoreOptions options;
  options.url = url;
  options.create = true;
  options.shards = 2;
  std::unique_ptr<storage::Store> store;
  CHECK_FALSE(open_store(options, store));
  return store;
}

}  // namespace

TEST_CASE("storage commands: a store that is there", "[commands]") {
  const auto store = made("memory:commands");
  CHECK(run({"storage", "info", "--url", "memory:commands"}) == 0);
  CHECK(run({"storage", "migrate", "--url", "memory:commands"}) == 0);
  REQUIRE_FALSE(store->lock("an engine", false));
  CHECK(run({"storage", "info", "--url", "memory:commands"}) == 0);
  CHECK(run({"storage", "migrate", "--url", "memory:commands"}) == 2);
}

TEST_CASE("storage commands: what is wrong with the flags is no failure of the job", "[commands]") {
  const support::TemporaryFolder folder;
  for (const std::string command : {"info", "migrate"}) {
    INFO(command);
    CHECK(run({"storage", command, "--url", ""}) == 2);
    CHECK(run({"storage", command, "--url", "reckoner.db"}) == 2);
    CHECK(run({"storage", command, "--url", "mysql:x"}) == 2);
    CHECK(run({"storage", command, "--plugin-dir", folder.file("none")}) == 2);
    CHECK(run({"storage", command, "--url", "memory:nobody made it"}) == 2);
    folder.write("reckoner_storage_sqlite.so", "no plugin");
    CHECK(run({"storage", command, "--url", "sqlite:x", "--plugin-dir", folder.file("")}) == 1);
    CHECK_THROWS_AS(run({"storage", command, "--urls", "memory:"}), CLI::ParseError);
  }
  CHECK_THROWS_AS(run({"storage"}), CLI::ParseError);
  CHECK_THROWS_AS(run({"storage", "mend"}), CLI::ParseError);
}

TEST_CASE("storage commands: the flag goes before the environment, which goes before the default",
          "[commands]") {
  REQUIRE(setenv(kVariable, "memory:of the environment", 1) == 0);
  CHECK(store_options({}).url == "memory:of the environment");
  CHECK(store_options({"memory:of the flag", {}}).url == "memory:of the flag");
  REQUIRE(setenv(kVariable, "", 1) == 0);
  CHECK(store_options({}).url == "sqlite:reckoner.db");
  REQUIRE(unsetenv(kVariable) == 0);
  CHECK(store_options({}).url == "sqlite:reckoner.db");
  CHECK(store_options({}).plugin_dir == storage::default_plugin_dir());
  CHECK(store_options({{}, "here"}).plugin_dir == "here");
  CHECK_FALSE(store_options({}).create);
}

TEST_CASE("storage migrate: an older store is brought up to date, under the lock", "[commands]") {
  FakeStore store;
  store.said.schema_version = 1;
  store.said.schema_newest = 3;
  store.schema_after = 3;
  CHECK(migrate_store(store) == 0);
  CHECK(store.said.schema_version == 3);
  CHECK_THAT(store.owner, Catch::StartsWith("reckoner storage migrate, process "));
}

TEST_CASE("storage migrate: what fails is said", "[commands]") {
  FakeStore store;
  store.said.schema_version = 1;
  store.said.schema_newest = 3;
  store.schema_after = 2;
  CHECK(migrate_store(store) == 1);
  store.migrate_fails = StoreError{Fault::full, "disk_full", "no room is left"};
  CHECK(migrate_store(store) == 1);
  store.lock_fails = StoreError{Fault::held, "held", "process 12 holds the store"};
  CHECK(migrate_store(store) == 2);
}

}  // namespace reckoner::commands
