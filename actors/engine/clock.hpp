// Who has to be told that time has passed: those to whom something falls due. Of those who sleep by
// the due index in the store, some at a time; of those who are awake by their signs. After a
// changed book everybody is looked through once, for it may charge those who sleep.
//
// One thread at a time: the lane's. It adds nothing itself.
#pragma once

#include <string>
#include <vector>

#include "actors/engine/surroundings.hpp"
#include "storage/store/fresh_reader.hpp"

namespace reckoner::actors {

class Clock {
 public:
  Clock(Surroundings& surroundings, storage::FreshReader& reader)
      : surroundings_(surroundings), reader_(reader) {}

  // Finds out whether a changed book is still to be looked at.
  storage::StoreStatus start();

  // Adds up to about `most` customers to `due`. `more`: ask again soon.
  storage::StoreStatus due(Instant now, std::size_t most, std::vector<std::string>& due,
                           bool& more);
  // What is to be written with those that were added.
  void add_rows(storage::Batch& batch);
  // What became of the batch with those that were added.
  void written() { write_swept_ = false; }
  void not_written();

 private:
  storage::StoreStatus due_asleep(Instant now, std::size_t most, std::vector<std::string>& due);
  storage::StoreStatus due_by_new_book(Instant now, std::size_t most,
                                       std::vector<std::string>& due);
  void due_awake(Instant now, std::size_t most, std::vector<std::string>& due);

  Surroundings& surroundings_;
  storage::FreshReader& reader_;
  std::string due_after_;    // the last row of the due index that was looked at; empty: begin
  bool sweeping_ = false;    // everybody is looked through for a new book
  std::string swept_after_;  // up to this customer
  bool write_swept_ = false;
  // Before the batch under way.
  struct {
    std::string due_after, swept_after;
    bool sweeping = false;
  } before_;
};

}  // namespace reckoner::actors
