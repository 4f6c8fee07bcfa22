// What the engine is asked, and what it answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/basics/result.hpp"
#include "engine/customer/customer_state.hpp"
#include "engine/customer/effects.hpp"
#include "engine/identity/identity.hpp"
#include "engine/ledger/report.hpp"
#include "storage/intake/verdict.hpp"

namespace reckoner::actors {

// A customer as somebody may look at it, only during the call that hands it out.
struct CustomerView {
  const CustomerState& state;  // brought forward to `now`
  const Books& books;
  Instant now;

  const Plan& tier() const {
    const BookInForce& book = books.at(now);
    return book.plan(state.timeline.latest(book.default_plan()));
  }
};

// Totals after an event, as its answer says them.
struct UsageTotals {
  std::string tier;
  Money cost;     // of this event; 0 if it was not counted
  Period period;  // of the event's timestamp
  std::int64_t tokens = 0, requests = 0;
  Money period_cost;
  Money accrued;
};

// Events of one request, of any number of customers. Filled by whoever sends it; then the engine's
// until `on_done`.
struct UsageBatch {
  std::string body;  // what the events' views point into
  std::vector<storage::UsageEvent> events;
  bool wants_totals = false;  // of each event, as a single one's answer gives
  std::optional<Instant> at;  // instead of the clock's: the simulator's

  std::vector<storage::Verdict> verdicts;  // by event
  std::vector<UsageTotals> totals;         // by event, where they are wanted
  std::function<void(UsageBatch& batch, const Error* error)> on_done;

  std::atomic<std::uint32_t> waiting{0};  // the engine's
};

struct WebhookAnswer {
  storage::Verdict verdict;
};
// The body was read (engine/polar/body.hpp) and its signature found good.
struct WebhookRequest {
  std::string id;  // empty: nothing is a duplicate of it
  std::string body;
  PolarEvent event;
  std::optional<Instant> at;
  std::function<void(Result<WebhookAnswer>)> on_done;
};

struct CustomerAnswer {
  bool registered;  // by this request
  const CustomerView& view;
};
struct CustomerRequest {
  CustomerLine line;
  bool must_exist = false;
  std::optional<Instant> at;
  std::function<void(Result<const CustomerAnswer*>)> on_done;
};

// An operator's act, or what the settlement found out; by the charge's number.
struct ChargeAnswer {
  Charge charge;  // after it
  const CustomerView& view;
};
template <class Body>
struct ChargeRequest {
  std::string customer_id;
  Body body;
  std::optional<Instant> at;
  std::function<void(Result<const ChargeAnswer*>)> on_done;
};

// The error's code where the customer's record cannot be read: the store is well, and asking again
// helps only once it is mended.
inline constexpr std::string_view kRecordDamaged = "record_damaged";

using OnView = std::function<void(Result<const CustomerView*>)>;

struct CustomerDetails {
  const CustomerView& view;
  const ClosedRows::Rows& closed;
};
using OnShow = std::function<void(Result<const CustomerDetails*>)>;

struct Authorization {
  bool allowed = true;
  std::string reason;                    // "rate_limited", "payment_required", "allowance_exceeded"
  std::int64_t retry_after_seconds = 0;  // where rate_limited
};
using OnAuthorized = std::function<void(Result<Authorization>)>;

// A charge and whose it is.
struct CustomersCharge {
  std::string customer_id;
  std::string polar_customer_id;  // linked to now; empty: none
  Charge charge;
};
using ChargeNews = CustomersCharge;

struct CustomersQuery {
  std::string after;  // by bytes of id; empty: from the first
  std::size_t limit = 100;
  std::string tier;                        // empty: any
  bool unlinked = false, blocked = false;  // only those
};
// Each is handed out in turn, by bytes of id; `next` is empty after the last.
struct CustomersPage {
  std::vector<CustomerState> customers;  // brought forward to `now`
  const Books& books;
  Instant now;
  std::string next;
};
using OnCustomers = std::function<void(Result<const CustomersPage*>)>;

struct ChargesQuery {
  std::optional<ChargeStatus> status;
  std::string customer_id;  // empty: everybody's
  std::string after;        // as `next` of the page before
  std::size_t limit = 100;
};
struct ChargesPage {
  std::vector<CustomersCharge> charges;  // newest first
  std::string next;                      // empty after the last
};
using OnCharges = std::function<void(Result<ChargesPage>)>;

struct Hashes {
  Instant at;
  std::string state_hash, money_hash;  // hex
  ReportTotals totals;
};
using OnHashes = std::function<void(Result<Hashes>)>;

}  // namespace reckoner::actors
