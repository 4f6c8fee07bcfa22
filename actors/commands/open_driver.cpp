#include "actors/commands/open_driver.hpp"

#include <unistd.h>

#include <utility>

#include "actors/console/numbers.hpp"
#include "storage/format/keys.hpp"

namespace reckoner::commands {
namespace {

using storage::Fault;
using storage::StoreError;
using storage::StoreStatus;

StoreError not_empty(const std::string& place, std::uint64_t entries) {
  return {Fault::fatal, "not_empty",
          "the store at " + place + " is there already and holds " +
              console::grouped(static_cast<std::int64_t>(entries)) +
              " entries; this takes a place where none is"};
}

// Reads a row of meta.
StoreStatus is_in_meta(storage::Store& store, std::string_view key, bool& found) {
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = store.open_reader(reader)) return failed;
  std::optional<std::string> value;
  StoreStatus failed = reader->get(storage::Table::meta, key, value);
  found = value.has_value();
  return failed;
}

// What lies at the place is not locked and not changed: it may be anybody's.
StoreStatus refuse_what_is_there(storage::StoreOptions options) {
  options.read_only = true;
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store)) {
    // Nothing, or an empty file. Making the store finds out what else is no store.
    for (const char* none : {"not_found", "no_store", "not_a_store"})
      if (failed->code == none) return std::nullopt;
    return failed;
  }
  if (StoreStatus failed = check_finished(*store)) return failed;
  storage::StoreInfo info;
  if (StoreStatus failed = store->info(info)) return failed;
  std::uint64_t entries = 0;
  for (std::uint32_t shard = 0; shard < info.shards; ++shard) {
    storage::ShardState state;
    if (StoreStatus failed = store->shard_state(shard, state)) return failed;
    entries += state.last_sequence;
  }
  bool is_made = false;
  if (StoreStatus failed = is_in_meta(*store, storage::kStoreKey, is_made)) return failed;
  if (is_made || entries > 0) return not_empty(info.place, entries);
  return std::nullopt;
}

}  // namespace

StoreStatus check_finished(storage::Store& store) {
  bool unfinished = false;
  if (StoreStatus failed = is_in_meta(store, storage::kUnfinishedKey, unfinished)) return failed;
  if (!unfinished) return std::nullopt;
  storage::StoreInfo info;
  if (StoreStatus failed = store.info(info)) return failed;
  return StoreError{Fault::fatal, "unfinished_import",
                    "an import into the store at " + info.place +
                        " did not come to its end; unless it still runs, remove the store and "
                        "import again"};
}

StoreStatus open_empty_to_work(storage::StoreOptions options, const OpenDriver& open,
                               storage::OpenedStore& opened) {
  if (StoreStatus failed = refuse_what_is_there(options)) return failed;
  options.create = true;
  options.shards = open.shards + 1;
  std::unique_ptr<storage::Store> store;
  if (StoreStatus failed = open_store(options, store)) return failed;
  storage::StoreInfo info;
  if (StoreStatus failed = store->info(info)) return failed;
  storage::DriverOptions driving;
  driving.book = open.book;
  driving.owner = open.owner + ", process " + std::to_string(getpid());
  if (StoreStatus failed =
          storage::open_store_to_work(std::move(store), std::move(driving), opened))
    return failed;
  if (opened.counts.entries > 0 || !opened.counts.created)
    return not_empty(info.place, opened.counts.entries);
  return std::nullopt;
}

StoreStatus open_empty(storage::StoreOptions options, const OpenDriver& open,
                       std::unique_ptr<storage::Driver>& driver) {
  storage::OpenedStore opened;
  if (StoreStatus failed = open_empty_to_work(std::move(options), open, opened)) return failed;
  auto made = std::make_unique<storage::Driver>(std::move(opened));
  if (storage::CommitResult begun = made->begin_import(); !begun.committed())
    return std::move(begun.error);
  driver = std::move(made);
  return std::nullopt;
}

}  // namespace reckoner::commands
