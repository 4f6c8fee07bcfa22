// One customer in memory: its state, and what has followed from its entries and is not written yet.
// Only entries that are durable are applied. Writing is the host's, in a batch of its own choosing:
// all that is pending of a customer goes into one commit, with the position that it is good for.
//
// The driver holds many of these; an actor of the live engine holds one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/customer/apply.hpp"
#include "storage/customers/handed_over.hpp"
#include "storage/format/records.hpp"
#include "storage/format/rows.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::storage {

class LiveCustomer {
 public:
  // Whether an entry makes a customer that is not there; a charge's fate or the clock does not.
  static bool registers(const CustomerEntry& entry);

  // New, by its first entry, which is still to be applied.
  LiveCustomer(const CustomerEntry& entry, const Books& books);
  // From its record.
  LiveCustomer(CustomerState state, const CustomerRecord& record);
  // One whose record is damaged: set aside, and nothing is known but the id.
  static std::unique_ptr<LiveCustomer> unreadable(std::string_view customer_id, const Books& books);

  const CustomerState& state() const { return state_; }
  // Sequence of the last entry applied.
  std::uint64_t position() const { return position_; }
  // Sequence of the first entry whose consequences are not all written; 0: there is none.
  std::uint64_t unwritten_since() const { return unwritten_since_; }
  bool set_aside() const { return state_.set_aside != SetAside::no; }
  bool is_unreadable() const { return state_.set_aside == SetAside::record_unreadable; }

  // Ask for the memory that apply touches: first the customer's own, then what it points to.
  void prefetch() const;
  void prefetch_rows() const;

  // Entries come in order of sequence. Effects are what apply says.
  void apply(std::uint64_t sequence, const CustomerEntry& entry, const Books& books,
             Effects& effects);

  // Adds to `batch` all that is pending. `reader` is asked for sums to go on from. A customer who
  // is set aside keeps the record it had, so that its entries are folded anew after a mend; a note
  // of it is written instead.
  StoreStatus write(Batch& batch, FreshReader& reader, const Books& books);
  // That batch was committed.
  void written();
  // The same in one, for a host that sees to it that what it is handed is committed, or dies.
  HandedOver hand_over(const Books& books);

  struct ByDayAndOperation {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      if (a.first != b.first) return a.first < b.first;
      return std::string_view(a.second) < std::string_view(b.second);
    }
  };
  // What `storage verify` compares with the tables, of a customer never written so far.
  struct Pending {
    std::map<std::pair<std::int32_t, std::string>, DailyUsage, ByDayAndOperation> daily;
    std::map<std::uint32_t, Charge> charges;  // by number, as they stand
    std::vector<ClosedUsage> closed_usage;
    std::vector<Row> polar_events;
  };
  const Pending& pending() const {
    static const Pending kNothing;
    return pending_ == nullptr ? kNothing : *pending_;
  }
  CustomerRecord record(const Books& books) const;
  // The position of the record that the store has, or of a later entry before the first that is
  // not in it; 0: none.
  std::uint64_t recorded_position() const { return recorded_position_; }

 private:
  explicit LiveCustomer(CustomerState state) : state_(std::move(state)) {}
  void note_effects(const Effects& effects);
  void note_usage(Instant at, const Usage& usage, const Effects& effects);
  void note_events(std::uint64_t sequence, Instant at, const Notice& notice);
  Pending& noted() {
    if (pending_ == nullptr) pending_ = std::make_unique<Pending>();
    return *pending_;
  }
  HandedOver pending_rows(const Books& books);
  void add_charges(HandedOver& out) const;
  void add_record(HandedOver& out, const Books& books);

  CustomerState state_;
  std::uint64_t position_ = 0, recorded_position_ = 0;
  std::uint64_t unwritten_since_ = 0;
  Instant due_ = kDistantFuture;      // in the due index
  std::uint64_t users_hash_ = 0;      // of the row in users
  std::unique_ptr<Pending> pending_;  // null: nothing
  // What the batch that is under way makes of the last two.
  Instant next_due_ = kDistantFuture;
  std::uint64_t next_users_hash_ = 0;
};

}  // namespace reckoner::storage
