#include "storage/store/loader.hpp"

#include <catch2/catch.hpp>

#include "storage/memory/memory_plugin.hpp"
#include "storage/sdk/plugin.hpp"
#include "storage/store/secrets.hpp"
#include "tests/support/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reckoner::storage {
namespace {

using Catch::Contains;

StoreError error_of(const std::string& url, const std::filesystem::path& plugin_dir = {}) {
  StoreOptions options;
  options.url = url;
  options.plugin_dir = plugin_dir;
  options.create = true;
  options.shards = 1;
  std::unique_ptr<Store> store;
  const StoreStatus status = open_store(options, store);
  REQUIRE(status);
  CHECK(store == nullptr);
  return *status;
}

// The folder of one of the plugins that are made from odd_plugins/odd_plugin.c.
std::filesystem::path odd(const std::string& name) {
  return std::filesystem::path(RECKONER_ODD_PLUGINS) / name;
}

StoreError odd_error(const std::string& name) {
  const StoreError error = error_of("sqlite:here", odd(name));
  INFO(error.detail);
  if (name != "unreachable") CHECK(error.fault == Fault::fatal);
  return error;
}

}  // namespace

TEST_CASE("loader: a URL without a scheme, or with one that there is not", "[loader]") {
  for (const std::string url : {"", "store.db", "/var/lib/store.db", ":", ":memory:", "Sqlite:x",
                                "/var/lib:x", "host=h password=hunter2"}) {
    INFO(url);
    const StoreError error = error_of(url);
    CHECK(error.fault == Fault::fatal);
    CHECK(error.code == "no_scheme");
    CHECK_THAT(error.detail, Contains("memory:") && Contains("sqlite:PATH") &&
                                 Contains("postgres://") && !Contains("hunter2"));
  }
  const StoreError error = error_of("mysql://user:hunter2@host/db");
  CHECK(error.code == "unknown_scheme");
  CHECK_THAT(error.detail, Contains("'mysql'") && Contains("sqlite:PATH") && !Contains("hunter2"));
}

TEST_CASE("loader: a plugin whose file is not there, or is no plugin", "[loader]") {
  const support::TemporaryFolder folder;
  const StoreError missing = error_of("sqlite:store.db", folder.file(""));
  CHECK(missing.code == "plugin_missing");
  CHECK_THAT(missing.detail, Contains(folder.file("reckoner_storage_sqlite.so")));
  for (const std::string scheme : {"postgres", "postgresql"}) {
    const StoreError postgres = error_of(scheme + "://user:hunter2@host/db", folder.file(""));
    CHECK(postgres.code == "plugin_missing");
    CHECK_THAT(postgres.detail,
               Contains(folder.file("reckoner_storage_postgres.so")) && !Contains("hunter2"));
  }
  const std::string file = folder.write("reckoner_storage_sqlite.so", "this is no library");
  const StoreError text = error_of("sqlite:store.db", folder.file(""));
  CHECK(text.code == "plugin_unloadable");
  CHECK_THAT(text.detail, Contains(file) && Contains("can not be loaded"));
}

TEST_CASE("loader: plugins that do not keep to the contract", "[loader]") {
  const StoreError no_symbol = odd_error("no_symbol");
  CHECK(no_symbol.code == "plugin_symbol");
  CHECK_THAT(no_symbol.detail, Contains("reckoner_storage_plugin_v1") &&
                                   Contains("no_symbol/reckoner_storage_sqlite.so"));

  const StoreError refusing = odd_error("refusing");
  CHECK(refusing.code == "contract_version");
  CHECK_THAT(refusing.detail, Contains("refusing/reckoner_storage_sqlite.so") &&
                                  Contains("it speaks version 41, the program version 0"));

  const StoreError wrong_version = odd_error("wrong_version");
  CHECK(wrong_version.code == "contract_version");
  CHECK_THAT(wrong_version.detail,
             Contains("version 7 of the storage contract") && Contains("the program version 0"));

  CHECK(odd_error("unversioned").code == "contract_version");

  const StoreError incomplete = odd_error("incomplete");
  CHECK(incomplete.code == "plugin_incomplete");
  CHECK_THAT(incomplete.detail, Contains("lacks the function 'lock'"));

  const StoreError silent = odd_error("silent");
  CHECK(silent.code == "fatal");
  CHECK_THAT(silent.detail, Contains("status 42"));
}

TEST_CASE("loader: what a plugin says of a store that it can not open", "[loader]") {
  const StoreError error = odd_error("unreachable");
  CHECK(error.fault == Fault::retry);
  CHECK(error.code == "connection_failed");
  CHECK(error.detail == "no way to sqlite:here");
}

TEST_CASE("loader: no password is ever shown", "[loader]") {
  for (const std::string url :
       {"sqlite://ann:hunter2@host/db", "sqlite://host/db?password=hunter2&x=y",
        "sqlite://ann:hun%74er2@host/db", "sqlite://ann:hunter2@more@host/db"}) {
    const StoreError error = error_of(url, odd("unreachable"));
    INFO(error.detail);
    CHECK_THAT(error.detail, Contains("***") && Contains("host/db"));
    CHECK_THAT(error.detail, !Contains("hunter2") && !Contains("hun%74er2") && !Contains("@more"));
  }
  const auto shown = [](const std::string& url, const std::string& text) {
    return without_secrets(text, secrets_in(url));
  };
  CHECK(shown("postgres://ann:a%20b@h/d", "user ann, password 'a b'") ==
        "user ann, password '***'");
  CHECK(shown("postgres://ann@h:5432/d", "h:5432") == "h:5432");
  CHECK(shown("postgres://h:5432/d", "h:5432 5432") == "h:5432 5432");
  CHECK(shown("postgres://ann:@h/d", "plain") == "plain");
  CHECK(shown("sqlite:/a:b@c", "/a:b@c") == "/a:b@c");
  CHECK(shown("postgres://h/d?password=p&user=u", "p and u") == "*** and u");
}

TEST_CASE("loader: a plugin's function that is linked in", "[loader]") {
  StoreOptions options;
  options.url = "memory:";
  options.create = true;
  options.shards = 2;
  std::unique_ptr<Store> store;
  REQUIRE_OK(open_store(reckoner_storage_memory, options, store));
  StoreInfo info;
  REQUIRE_OK(store->info(info));
  CHECK(info.shards == 2);
  CHECK(info.engine == "memory");
  CHECK_FALSE(info.bytes_free);
}

TEST_CASE("loader: where plugins are by default", "[loader]") {
  CHECK(default_plugin_dir().filename() == "plugins");
  CHECK(std::filesystem::exists(default_plugin_dir().parent_path() / "bin" / "storage_tests"));
}

TEST_CASE("sdk: a plugin refuses a program of another version, naming both", "[loader]") {
  reckoner_storage_plugin table{};
  reckoner_error error{};
  CHECK(reckoner_storage_memory(5, &table, &error) == RECKONER_FATAL);
  CHECK(std::string(error.code) == "contract_version");
  CHECK_THAT(std::string(error.detail), Contains("version 5") && Contains("version 0"));
}

TEST_CASE("store: errors as the rest of the program takes them", "[loader]") {
  const auto retry = [](Fault fault) { return StoreError{fault, "c", "d"}.as_error().retry; };
  for (const Fault never : {Fault::fenced, Fault::fatal, Fault::wrong_sequence, Fault::held})
    CHECK(retry(never) == Retry::never);
  CHECK(retry(Fault::full) == Retry::later);
  CHECK(retry(Fault::retry) == Retry::now);
  CHECK(retry(Fault::in_doubt) == Retry::unknown);
  const Error error = StoreError{Fault::full, "disk_full", "no room on /"}.as_error();
  CHECK(error.code == "disk_full");
  CHECK(error.detail == "no room on /");
}

TEST_CASE("store: each table has a name of its own", "[loader]") {
  std::vector<std::string_view> names;
  for (const Table table : kTables) names.push_back(table_name(table));
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(table_name(Table::billing_events) == "billing_events");
  CHECK(table_name(static_cast<Table>(0)) == "unknown");
}

}  // namespace reckoner::storage
