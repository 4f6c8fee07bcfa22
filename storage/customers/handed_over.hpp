// What a customer hands over to be written, all of it in one commit: rows, and sums that are added
// to what is stored. Made where the customer lives, written where the store is.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "storage/format/rows.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::storage {

struct HandedOver {
  struct Operation {
    Table table;
    std::string key, value;
    bool erase = false;
  };

  std::uint64_t position = 0;  // up to which entry it is good for
  bool first = true;           // nothing of this customer was written before
  std::vector<Operation> rows;
  std::vector<std::pair<std::string, DailyUsage>> usage;  // by key of usage_daily

  void put(Table table, std::string key, std::string value) {
    rows.push_back({table, std::move(key), std::move(value)});
  }
  void erase(Table table, std::string key) { rows.push_back({table, std::move(key), {}, true}); }

  // Into a batch; what was handed over before is committed.
  StoreStatus add_to(Batch& batch, FreshReader& reader) const;
};

}  // namespace reckoner::storage
