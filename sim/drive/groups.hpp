// Which lines can have to do with each other: those that name the same customer, Polar customer,
// e-mail or webhook, directly or by way of others. Lines of different groups may be sent in any
// order, and mean the same.
//
// Subscriptions, orders and invoices need no place here: each belongs to the Polar customer that
// its webhooks name, and a webhook that names none changes nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/json/history.hpp"
#include "engine/polar/body.hpp"

namespace reckoner::sim {

class Groups {
 public:
  using Number = std::uint32_t;

  // Takes the next line in. Its number is how many came before it.
  void add(const json::HistoryLine& line);

  std::size_t lines() const { return parent_.size(); }
  // Two lines have the same if they are of one group.
  Number group(std::size_t line);

 private:
  // Keeps a hash of the name: should two share one, groups are larger than they need to be.
  void name(char kind, std::string_view name);
  Number root(Number node);

  std::unordered_map<std::uint64_t, Number> nodes_;
  std::vector<Number> parent_;  // by line
  Number line_ = 0;
  polar::BodyReader bodies_;
};

// Deals groups out to `connections`, so that each has about as many lines: which connection each
// line goes to.
std::vector<std::uint32_t> deal_out(Groups& groups, std::size_t connections);

}  // namespace reckoner::sim
