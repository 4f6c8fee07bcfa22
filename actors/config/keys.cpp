#include "actors/config/keys.hpp"

#include <algorithm>

#include "actors/config/nearest.hpp"
#include "actors/config/text_checks.hpp"

namespace reckoner::config {
namespace {

using Config = Configuration;

constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr std::string_view kFile = "the path of a file", kHttpUrl = "a URL, as https://host/path";

// The field that holds a choice, by the number of its name.
template <class Enum>
std::size_t choose(Enum& field, const std::size_t* to) {
  if (to != nullptr) field = static_cast<Enum>(*to);
  return static_cast<std::size_t>(field);
}

std::vector<Key> server_keys() {
  return {
      {"server.listen", "RECKONER_LISTEN", "",
       "Where to listen. Port 0: any that is free. Keep it on this machine, behind a proxy, or use "
       "TLS",
       AddressKind{[](Config & c) -> auto& {return c.server.listen;
}
}  // namespace
}  // namespace reckoner::config
, {"server.tls_certificate", "", "none: plain HTTP",
   "Certificate and its chain, PEM. Together with server.tls_key",
   TextKind{[](Config & c) -> auto& {return c.server.tls_certificate;
}
, kFile
}
}
, {"server.tls_key", "", "none: plain HTTP", "The certificate's private key, PEM",
   TextKind{[](Config & c) -> auto& {return c.server.tls_key;
}
, kFile
}
}
, {"server.max_body", "", "", "The largest body of a request; beyond it 413",
   SizeKind{[](Config & c) -> auto& {return c.server.max_body;
}
, 1024, kGiB
}
}
, {"server.max_batch", "", "", "Events in one request; beyond it 413",
   CountKind{[](Config & c) -> auto& {return c.server.max_batch;
}
, 1, 1'000'000
}
}
, {"server.request_timeout", "", "", "For a request's body to arrive, and for its answer",
   DurationKind{[](Config & c) -> auto& {return c.server.request_timeout;
}
, 100ms, 1h
}
}
, {"server.idle_timeout", "", "", "How long a connection may wait for its next request",
   DurationKind{[](Config & c) -> auto& {return c.server.idle_timeout;
}
, 100ms, 24h
}
}
, {"server.stop_timeout", "", "",
   "How long a stop waits for what is in flight. Let whatever stops the service wait longer",
   DurationKind{[](Config & c) -> auto& {return c.server.stop_timeout;
}
, 0ms, 1h
}
}
, {"server.threads", "", "", "Threads that serve connections",
   CountKind{[](Config & c) -> auto& {return c.server.threads;
}
, 1, 256
}
}
, {"server.max_connections", "", "", "Connections at a time; more wait to be accepted",
   CountKind{[](Config & c) -> auto& {return c.server.max_connections;
}
, 1, 1'000'000
}
}
, {"server.max_in_flight_events", "", "",
   "Events taken in and not yet answered; beyond it 429. At least server.max_batch",
   CountKind{[](Config & c) -> auto& {return c.server.max_in_flight_events;
}
, 1, 100'000'000
}
}
, {"server.max_in_flight_bytes", "", "",
   "Bodies of usage not yet answered: beyond it 429. And, counted apart, what has come of bodies "
   "that are arriving: beyond it 503. At least server.max_body",
   SizeKind{[](Config & c) -> auto& {return c.server.max_in_flight_bytes;
}
, 1024, 1024 * kGiB
}
}
,
}
;
}

std::vector<Key> engine_keys() {
  return {{"engine.threads", "", "", "Threads that customers run in. 0: as many as there are cores",
           CountKind{[](Config & c) -> auto& {return c.engine.threads;
}
, 0, 256
}
}
, {"engine.awake_customers", "", "", "Customers in memory; beyond it the longest idle go to sleep",
   CountKind{[](Config & c) -> auto& {return c.engine.awake_customers;
}
, 1, 100'000'000
}
}
, {"engine.idle", "", "", "How long a customer without events stays in memory",
   DurationKind{[](Config & c) -> auto& {return c.engine.idle;
}
, 1s, 24h
}
}
, {"engine.tick", "", "", "How often the clock looks for what falls due",
   DurationKind{[](Config & c) -> auto& {return c.engine.tick;
}
, 10ms, 1h
}
}
,
}
;
}

std::vector<Key> storage_keys() {
  return {{"storage.url", "RECKONER_STORAGE_URL", "",
           "The store. A path is from the working folder",
           TextKind{[](Config & c) -> auto& {return c.storage.url;
}
, "sqlite:PATH or postgres://…", is_storage_url
}
}
, {"storage.plugin_dir", "", "plugins, beside the program's folder",
   "The folder of storage plugins", TextKind{[](Config & c) -> auto& {return c.storage.plugin_dir;
}
, "the path of a folder"
}
}
,
}
;
}

std::vector<Key> polar_keys() {
  return {
      {"polar.settlement", "RECKONER_SETTLEMENT", "",
       "How money is collected. orders and meters are not built yet",
       ChoiceKind{{"charges", "orders", "meters"},
                  [](Config& c, const std::size_t* to) { return choose(c.polar.settlement, to); }}},
      {"polar.base_url", "POLAR_BASE_URL",
       "by settlement: https://api.polar.sh/api/v1 for charges, else https://api.polar.sh/v1",
       "Where Polar's API is", TextKind{[](Config & c) -> auto& {return c.polar.base_url;
}
, kHttpUrl, is_http_url
}
}
, {"polar.api_key", "POLAR_API_KEY", "none: charges wait, reconciliation is off",
   "Our key at Polar", SecretKind{[](Config & c) -> auto& {return c.polar.api_key;
}
, "a key of printable characters without spaces", is_api_key
}
}
, {"polar.webhook_secret", "POLAR_WEBHOOK_SECRET", "none: webhooks are refused with 503",
   "What webhooks are signed with. Several, with commas between, are valid at once: for "
   "changing it",
   SecretKind{[](Config & c) -> auto& {return c.polar.webhook_secret;
}
, "secrets of 8 bytes or more, separated by commas", are_webhook_secrets
}
}
,
    {"polar.webhook_scheme", "", "", "Which signatures are taken",
     ChoiceKind{
         {"any", "standard", "guide"},
         [](Config& c, const std::size_t* to) { return choose(c.polar.webhook_scheme, to); }}},
    {"polar.webhook_url", "POLAR_WEBHOOK_URL", "none",
     "The endpoint that Polar sends webhooks to, as Polar knows it",
     TextKind{[](Config & c) -> auto& {return c.polar.webhook_url;
}
, kHttpUrl, is_http_url
}
}
, {"polar.version", "", "", "The version of Polar's API that is asked for",
   TextKind{[](Config & c) -> auto& {return c.polar.version;
}
, "letters, digits, dots and dashes, as 2026-10", is_token
}
}
, {"polar.requests_per_minute", "", "", "Requests to Polar a minute, at most",
   CountKind{[](Config & c) -> auto& {return c.polar.requests_per_minute;
}
, 1, 1'000'000
}
}
, {"polar.request_timeout", "", "", "For one request to Polar",
   DurationKind{[](Config & c) -> auto& {return c.polar.request_timeout;
}
, 100ms, 10min
}
}
, {"polar.concurrency", "", "", "Requests to Polar under way at a time",
   CountKind{[](Config & c) -> auto& {return c.polar.concurrency;
}
, 1, 256
}
}
,
    {"polar.link_by_email", "", "", "Whether an e-mail address alone links to a Polar customer",
     SettingKind{SettingKind::flag}},
}
;
}

std::vector<Key> billing_keys() {
  return {
      {"billing.threshold_usd", "BILLING_THRESHOLD_USD", "",
       "A customer is charged as soon as so much has accrued", SettingKind{SettingKind::money}},
      {"billing.billing_day", "MONTHLY_BILLING_DAY", "",
       "Day of the month on which periods begin, of customers registered without one",
       SettingKind{SettingKind::count}},
      {"billing.minimum_charge_usd", "", "", "No charge is smaller",
       SettingKind{SettingKind::money}},
      {"billing.grace_days", "", "", "How long a subscription still entitles once it is past due",
       SettingKind{SettingKind::count}},
      {"billing.hold_charge_usd", "", "", "A charge above it waits for an operator. 0: none does",
       SettingKind{SettingKind::money}},
      {"billing.enforce_allowance", "", "",
       "Whether authorize refuses what goes beyond the tier's tokens of the month",
       FlagKind{[](Config & c) -> auto& {return c.billing.enforce_allowance;
}
}
}
, {"billing.prices", "", "the built-in book", "The price book, JSON",
   TextKind{[](Config & c) -> auto& {return c.billing.prices;
}
, "the path of a price book"
}
}
,
}
;
}

std::vector<Key> other_keys() {
  return {
      {"usage.max_age_days", "", "", "Older usage is rejected", SettingKind{SettingKind::count}},
      {"usage.max_future_seconds", "", "", "Usage further ahead of the clock is rejected",
       SettingKind{SettingKind::count}},
      {"usage.unknown_customer", "", "", "What usage of an unknown customer does",
       SettingKind{SettingKind::word}},
      {"usage.require_idempotency_key", "", "", "Whether usage without a key is rejected",
       SettingKind{SettingKind::flag}},
      {"reconcile.every", "", "", "How often to compare with Polar. Not built yet",
       DurationKind{[](Config & c) -> auto& {return c.reconcile.every;
}
, 1s, 24h * 30
}
}
,
    {"reconcile.repair", "", "", "Whether differences are mended or only told. Not built yet",
     ChoiceKind{{"auto", "report"},
                [](Config& c, const std::size_t* to) { return choose(c.reconcile.repair, to); }}},
    {"log.level", "", "", "The least that is logged",
     ChoiceKind{{"debug", "info", "warning", "error"},
                [](Config& c, const std::size_t* to) { return choose(c.log.level, to); }}},
    {"log.format", "", "", "The form of a line",
     ChoiceKind{{"text", "json"},
                [](Config& c, const std::size_t* to) { return choose(c.log.format, to); }}},
}
;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> out;
    for (const auto& part :
         {server_keys(), engine_keys(), storage_keys(), polar_keys(), billing_keys(), other_keys()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

const Key* find_key(std::string_view name) {
  const auto found = std::ranges::find(keys(), name, &Key::name);
  return found == keys().end() ? nullptr : &*found;
}

const Key& nearest_key(std::string_view name) {
  return *std::ranges::min_element(keys(), {},
                                   [name](const Key& key) { return difference(name, key.name); });
}

std::string default_text(const Key& key) {
  if (key.secret()) return std::string(key.none);
  const std::string value = value_text(Configuration{}, key.kind, key.name);
  return value.empty() ? std::string(key.none) : value;
}

const std::vector<UnitPriceVariable>& unit_price_variables() {
  static const std::vector<UnitPriceVariable> all = {
      {"COST_PER_TOKEN_FREE", "free"},
      {"COST_PER_TOKEN_STARTER", "starter"},
      {"COST_PER_TOKEN_PROFESSIONAL", "professional"},
      {"COST_PER_TOKEN_ENTERPRISE", "enterprise"},
  };
  return all;
}

}  // namespace reckoner::config
