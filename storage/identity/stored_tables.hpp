// Identity's tables in a store, looked up by index. What an entry changes is staged here and goes
// into the same commit as the entry, so the tables are never behind the identity stream.
//
// The interface that identity's rules are written against has no place for failures, so the first
// one is kept: look at `failed` after each entry, and drop the batch where there is one.
// One thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/identity/memory_tables.hpp"
#include "engine/identity/tables.hpp"
#include "storage/format/rows.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::storage {

class StoredIdentityTables final : public IdentityTables {
 public:
  explicit StoredIdentityTables(FreshReader& reader) : reader_(reader) {}

  // Before the entry with this sequence is folded.
  void begin_entry(std::uint64_t sequence) { sequence_ = sequence; }
  const StoreStatus& failed() const { return failed_; }

  std::optional<PolarCustomer> polar_customer(std::string_view id) override;
  std::optional<KnownCustomer> customer(std::string_view id) override;
  std::string unlinked_with_email(std::string_view email) override;
  std::string remembered_with_email(std::string_view email) override;
  void put(const PolarCustomer& polar) override;
  void put(const KnownCustomer& customer) override;
  void park(const PolarEvent& event) override;
  std::vector<PolarEvent> take_parked(std::string_view polar_customer_id) override;

  // Adds what is staged to the batch that holds the entries; then that batch is committed, or not.
  void write(Batch& batch) const;
  void drop();

 private:
  using Place = std::pair<Table, std::string>;  // and key

  std::optional<std::string> get(Table table, std::string_view key);
  std::vector<Row> scan(Table table, std::string_view prefix);
  std::string first_with(Table table, std::string_view email);
  void stage(Table table, std::string key, std::optional<std::string> value);
  void move_email(Table table, std::string_view id, std::string_view before,
                  std::string_view after);

  FreshReader& reader_;
  std::uint64_t sequence_ = 0;
  std::map<Place, std::optional<std::string>, std::less<>> staged_;  // empty: erased
  StoreStatus failed_;
};

// All of it, into memory: for reports and hashes.
StoreStatus load_identity(Reader& reader, MemoryIdentityTables& tables);

}  // namespace reckoner::storage
