// Everything that can be configured, as one value: contracts.md's table and keys of our own. What
// a key takes, its default and its help stand in keys.cpp; docs/operations/configuration.md is for
// people.
//
// Sources, later ones win: the defaults below, a TOML file, the environment, `--set key=value`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/config/quantities.hpp"
#include "actors/config/secret.hpp"
#include "actors/log/options.hpp"
#include "engine/basics/result.hpp"
#include "engine/books/books.hpp"

namespace reckoner::config {

using namespace std::chrono_literals;

inline constexpr std::uint64_t kMiB = 1024 * 1024;

enum class SettlementKind : std::uint8_t { charges, orders, meters };
enum class WebhookScheme : std::uint8_t { any, standard, guide };
enum class Repair : std::uint8_t { automatic, report };

struct ServerConfiguration {
  Address listen{"127.0.0.1", 8080};
  std::string tls_certificate, tls_key;  // files, both or none
  std::uint64_t max_body = 4 * kMiB;
  std::uint64_t max_batch = 10'000;  // events in a request
  Milliseconds request_timeout = 10s;
  Milliseconds idle_timeout = 60s;  // of a connection
  Milliseconds stop_timeout = 30s;  // for what is in flight
  std::uint64_t threads = 1;
  std::uint64_t max_connections = 4'096;
  std::uint64_t max_in_flight_events = 200'000;    // at least max_batch
  std::uint64_t max_in_flight_bytes = 256 * kMiB;  // at least max_body
};

struct EngineConfiguration {
  std::uint64_t threads = 0;  // 0: as many as there are cores
  std::uint64_t awake_customers = 100'000;
  Milliseconds idle = 60s;
  Milliseconds tick = 1s;
};

struct StorageConfiguration {
  std::string url = "sqlite:reckoner.db";
  std::string plugin_dir;  // empty: storage::default_plugin_dir()
};

struct PolarConfiguration {
  SettlementKind settlement = SettlementKind::charges;
  std::string base_url;   // never empty after load: the default goes by settlement
  Secret api_key;         // empty: charges wait
  Secret webhook_secret;  // comma-separated, as SignatureVerifier::of_secrets reads it; empty: none
  WebhookScheme webhook_scheme = WebhookScheme::any;
  std::string webhook_url;  // of our endpoint, as Polar knows it; may be empty
  std::string version = "2026-10";
  std::uint64_t requests_per_minute = 300;
  Milliseconds request_timeout = 10s;
  std::uint64_t concurrency = 8;  // requests under way
};

struct BillingConfiguration {
  std::string prices;  // the file that the book's prices come from; empty: the built-in ones
  bool enforce_allowance = false;
};

struct ReconcileConfiguration {
  Milliseconds every = 15min;
  Repair repair = Repair::automatic;
};

struct LogConfiguration {
  log::Level level = log::Level::info;
  log::Format format = log::Format::text;
};

struct Configuration {
  ServerConfiguration server;
  EngineConfiguration engine;
  StorageConfiguration storage;
  PolarConfiguration polar;
  BillingConfiguration billing;
  ReconcileConfiguration reconcile;
  LogConfiguration log;
  // Prices and the settings that change a result (engine/books/settings.hpp). Checked.
  Book book;

  // By key, where its value comes from ("reckoner.toml, line 3"); only of keys that were given.
  std::map<std::string, std::string, std::less<>> origins;
  // For people, a line each: what has no effect yet, what is unsafe.
  std::vector<std::string> notes;
};

inline constexpr const char* kDefaultFile = "reckoner.toml";

struct Sources {
  // Must be there. Empty: `reckoner.toml` in the working folder, if it is there.
  std::optional<std::string> file;
  std::map<std::string, std::string, std::less<>> environment;
  std::vector<std::string> settings;  // "key=value"
};

// What the process's environment has of the variables that are read here.
std::map<std::string, std::string, std::less<>> environment_of_process();

// The error (`invalid_configuration`) is one line: the key, what it got (not of a secret), what it
// takes, and where that stands.
Result<Configuration> load(const Sources& sources);

}  // namespace reckoner::config
