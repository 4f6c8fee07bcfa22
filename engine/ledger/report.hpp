// What a replay came to: the figures of contracts.md, Replay report.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/ledger/ledger.hpp"

namespace reckoner {

// How many events of a history were what.
struct HistoryCounts {
  std::int64_t events = 0;
  std::int64_t accepted = 0;
  std::int64_t duplicates = 0;  // conflicts among them
  std::int64_t conflicts = 0;
  std::int64_t rejected = 0;
  std::int64_t stale = 0;
  std::int64_t parked = 0;
  std::map<std::string, std::int64_t, std::less<>> rejected_by_code;
  std::optional<Instant> from, until;
};

// What has left the customers' states on the way, and belongs into a report all the same.
class ClosedRows {
 public:
  struct Rows {
    std::vector<ClosedUsage> usage;
    std::vector<Charge> charges;
  };

  // Takes over what one entry closed.
  void keep(const CustomerState& state, const Effects& effects);
  // What closed earlier, read back from where it was kept.
  void keep(std::string_view customer_id, const ClosedUsage& usage);
  void keep(std::string_view customer_id, const Charge& charge);
  // Null: nothing of this customer.
  const Rows* find(std::string_view customer_id) const;

 private:
  std::map<std::string, Rows, std::less<>> rows_;
};

struct PeriodReport {
  Period period;
  std::int64_t tokens = 0;
  std::int64_t requests = 0;
  Money cost;
};

struct CustomerReport {
  const CustomerState* state = nullptr;
  std::string tier;
  std::vector<PeriodReport> periods;  // by start; those with a request
  std::vector<Charge> charges;        // by number
};

struct ReportTotals {
  std::int64_t customers = 0, requests = 0, tokens = 0, charges = 0;
  Money cost, charged, accrued;
};

struct RevenueReport {
  Money total;
  std::map<std::string, Money> by_product;  // "unknown" where there is none
  std::int64_t transactions = 0;
};

struct Report {
  HistoryCounts history;
  std::vector<CustomerReport> customers;  // by bytes of id
  ReportTotals totals;
  RevenueReport revenue;
  Money conservation_gap;              // zero, or something is very wrong
  std::string state_hash, money_hash;  // hex
  std::int64_t set_aside = 0;          // customers
};

// One customer's part of it, as of how far the state has been brought. `closed`: what has left the
// state; null: nothing. The report refers to the state.
CustomerReport report_customer(const CustomerState& state, const ClosedRows::Rows* closed,
                               const Books& books);

// Brings everybody forward to `counts.until` (if there is one) and gathers the figures. The
// report refers to the ledger's customers.
Report make_report(Ledger& ledger, ClosedRows& closed, const HistoryCounts& counts);

}  // namespace reckoner
