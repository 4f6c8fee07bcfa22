// A store that was opened to be worked on: locked, its end found, its keys indexed, and all that
// is behind its marks folded. From here on the driver goes inline, and the live engine in actors.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/customers/customers.hpp"
#include "storage/intake/intake.hpp"

namespace reckoner::storage {

inline constexpr std::uint32_t kDefaultShards = 16;

struct DriverOptions {
  Book book;               // of a new store; a store that exists has its own
  std::string owner;       // who holds it, for those who are kept out
  bool take_over = false;  // from a living owner
  CustomersOptions customers;
  KeyLogOptions key_log;
  // Threads that read what likely repeats are compared with, several at a time: worth it where the
  // journal is larger than the memory that caches it. Without them the caller's thread reads.
  std::uint32_t fetching_threads = 0;
  OnProgress on_progress;  // of opening: may be empty
};

// What opening found and did.
struct OpeningCounts {
  bool created = false;
  std::uint64_t entries = 0;        // in the journal
  std::uint64_t keys_from_log = 0;  // entries whose keys the key log had
  std::uint64_t keys_from_journal = 0;
  std::uint64_t folded = 0;  // entries behind the marks
};

struct OpenedStore {
  std::unique_ptr<Intake> intake;
  std::unique_ptr<Customers> customers;  // those who were folded, and what is not written of them
  OpeningCounts counts;
};

// Takes the store's lock and epochs, makes it what it should be if it is new, rebuilds the index
// of keys, and folds what is behind the marks. The store was opened with one shard more than those
// for customers if it is new: the last is identity's.
StoreStatus open_store_to_work(std::unique_ptr<Store> store, DriverOptions options,
                               OpenedStore& opened);

}  // namespace reckoner::storage
