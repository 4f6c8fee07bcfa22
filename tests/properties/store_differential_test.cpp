// Any sequence of operations gives the same answers, statuses and bytes, on every store that is
// built as on a model of maps.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <functional>

#include "tests/conformance/stand.hpp"
#include "tests/properties/model_store.hpp"

namespace reckoner::properties {
namespace {

using conformance::kShards;
using conformance::ReaderPtr;
using conformance::Stand;
using conformance::StorePtr;
using storage::Batch;
using storage::ShardState;
using storage::StoreStatus;
using storage::Table;

constexpr int kHandles = 2;

// Numbers are reduced to what they choose among.
struct Change {
  int kind, where, key, value;
};
struct Step {
  int kind, handle, where, key, most;
  std::vector<Change> changes;
};

// --- what a step writes ------------------------------------------------------------------------

std::string key_of(Table table, int choice) {
  static const std::string kPlain[] = {"a",    std::string("a\0", 2), "ab", "b",
                                       "\xff", std::string(1, '\0'),  "A",  std::string(1024, 'k')};
  static const std::string kTexts[] = {"a", "", "b\x01", "\xc3\xa9"};
  const auto text = [choice](int digit) { return kTexts[(choice >> digit) % 4]; };
  if (table == Table::users) return "u" + text(0);
  if (table == Table::billing_events || table == Table::usage_daily)
    return "c" + text(0) + '\0' + text(1) + '\0' + text(2);
  return kPlain[choice % 8];
}

std::string value_of(Table table, int choice) {
  static const std::string kValues[] = {"", "v", "it's \xe2\x82\xac", std::string(5000, 'l'), "0"};
  const std::string& text = kValues[choice % 5];
  if (table < Table::users || table == Table::key_log) return text + std::to_string(choice / 5);
  return support::some_value(table, text);
}

// Adds the changes that a commit may have; `last` says where shards are.
void add(Batch& batch, const std::vector<Change>& changes, std::vector<ShardState> last) {
  for (const Change& each : changes) {
    const Table table = storage::kTables[each.where % (std::ssize(storage::kTables) - 1)];
    const std::uint32_t shard = each.where % kShards, count = 1 + each.key % 3;
    if (each.kind < 4) {
      batch.put(table, key_of(table, each.key), value_of(table, each.value));
    } else if (each.kind < 6) {
      batch.erase(table, key_of(table, each.key));
    } else {
      batch.append(shard, last[shard].last_sequence + 1, count, value_of(Table::meta, each.value));
      last[shard].last_sequence += count;
    }
  }
}

// --- one store, played -------------------------------------------------------------------------

class Player {
 public:
  Player(std::string name, std::function<StorePtr()> open)
      : name_(std::move(name)), open_(std::move(open)) {
    for (Handle& handle : handles_) {
      handle.store = open_();
      handle.believed.resize(kShards);
    }
    own(handles_[0], false);
  }

  ~Player() { close_readers(); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  const std::string& name() const { return name_; }

  // Does the step, and says all that came of it.
  std::string play(const Step& step) {
    Handle& handle = handles_[step.handle];
    switch (step.kind) {
      case 0:
        return reopen(handle);
      case 1:
        return "taken over: " + own(handle, true);
      case 2:
        return "locked: " + own(handle, false);
      case 3:
        return "aside: " + aside(handle, step);
      case 18:
        return "beside: " + beside(handle, step);
      case 4:
        return "spoilt: " + spoilt(handle, step);
      case 5:
      case 6:
        return "refreshed: " + refresh(handle);
      case 7:
      case 8:
        return "read: " + read(handle, step);
      default:
        return "committed: " + commit(handle, step);
    }
  }

  // All that there is, as a new handle and reader see it.
  std::string everything() {
    Handle fresh;
    fresh.store = open_();
    std::string out = refresh(fresh);
    for (const Table table : storage::kTables)
      for (const std::string& row : support::rows_of(*fresh.reader, table))
        out += "\n  " + std::string(storage::table_name(table)) + ": " + row;
    for (std::uint32_t shard = 0; shard < kShards; ++shard) {
      for (const std::string& block : support::blocks_of(*fresh.reader, shard))
        out += "\n  shard " + std::to_string(shard) + ": " + block;
      out += "\n  shard " + std::to_string(shard) + state_of(fresh, shard);
    }
    return out;
  }

 private:
  struct Handle {
    StorePtr store;
    ReaderPtr reader;  // goes before the store
    std::vector<ShardState> believed;
    bool owned = false;  // since it was opened
    bool owns = false;   // still
  };

  // A plugin may wait for others' readers where it closes: hundreds of times, that is long.
  void close_readers() {
    for (Handle& each : handles_) each.reader.reset();
  }

  std::string reopen(Handle& handle) {
    close_readers();
    handle.store.reset();
    handle.owned = handle.owns = false;
    handle.store = open_();
    return "opened again: " + own(handle, false);
  }

  std::string own(Handle& handle, bool take_over) {
    StoreStatus status = handle.store->lock("a player", take_over);
    if (status) return support::fault_of(status);
    status = handle.store->take_epochs(handle.believed);
    for (Handle& each : handles_) each.owns = &each == &handle;
    handle.owned = true;
    std::string out = support::fault_of(status);
    for (std::uint32_t shard = 0; shard < kShards; ++shard) out += state_of(handle, shard);
    return out;
  }

  static std::string state_of(Handle& handle, std::uint32_t shard) {
    ShardState state;
    const StoreStatus status = handle.store->shard_state(shard, state);
    return " at " + support::fault_of(status) + " " + std::to_string(state.epoch) + "/" +
           std::to_string(state.last_sequence);
  }

  std::string aside(Handle& handle, const Step& step) {
    if (!handle.owns) return "by nobody";
    Batch batch;
    for (const Change& each : step.changes) {
      const std::string key = key_of(Table::key_log, each.key);
      if (each.kind < 6) batch.put(Table::key_log, key, value_of(Table::key_log, each.value));
      if (each.kind >= 6) batch.erase(Table::key_log, key);
    }
    return support::fault_of(handle.store->commit_aside(batch));
  }

  // By whoever it is, the deposed one included.
  static std::string beside(Handle& handle, const Step& step) {
    Batch batch;
    for (const Change& each : step.changes) {
      const std::string key = key_of(Table::api_keys, each.key);
      if (each.kind < 6) batch.put(Table::api_keys, key, value_of(Table::api_keys, each.value));
      if (each.kind >= 6) batch.erase(Table::api_keys, key);
    }
    return support::fault_of(handle.store->commit_beside(batch));
  }

  static void claim_all(Batch& batch, const Handle& handle) {
    for (std::uint32_t shard = 0; shard < kShards; ++shard)
      batch.claim(shard, handle.believed[shard].epoch, handle.believed[shard].last_sequence);
  }

  std::string commit(Handle& handle, const Step& step) {
    if (!handle.owned) return "by nobody";
    Batch batch;
    claim_all(batch, handle);
    add(batch, step.changes, handle.believed);
    const StoreStatus status = handle.store->commit(0, batch);
    if (!status)
      for (const Batch::Operation& each : batch.operations())
        if (each.kind == RECKONER_APPEND) handle.believed[each.target].last_sequence += each.count;
    return support::fault_of(status);
  }

  // A batch with something wrong in it.
  static std::string spoilt(Handle& handle, const Step& step) {
    if (!handle.owned) return "by nobody";
    std::vector<ShardState> believed = handle.believed;
    const std::uint32_t shard = step.where % kShards;
    if (step.key % 3 == 0) --believed[shard].epoch;
    if (step.key % 3 == 1) ++believed[shard].last_sequence;
    Batch batch;
    for (std::uint32_t each = 0; each < kShards; ++each)
      batch.claim(each, believed[each].epoch, believed[each].last_sequence);
    add(batch, step.changes, believed);
    if (step.key % 3 == 2) batch.append(shard, believed[shard].last_sequence + 100, 1, "far");
    return support::fault_of(handle.store->commit(0, batch));
  }

  static std::string refresh(Handle& handle) {
    return support::told(handle.reader == nullptr ? handle.store->open_reader(handle.reader)
                                                  : handle.reader->refresh());
  }

  static std::string read(Handle& handle, const Step& step) {
    if (handle.reader == nullptr) return refresh(handle);
    const Table table = storage::kTables[step.where % std::ssize(storage::kTables)];
    std::string out = support::value_of(*handle.reader, table, key_of(table, step.key));
    int rows = 0, blocks = 0;
    out += support::told(handle.reader->scan(table,
                                             step.key % 5 == 0 ? "" : key_of(table, step.key / 5),
                                             [&](std::string_view key, std::string_view value) {
                                               out += "; " + support::shown_row(table, key, value);
                                               return ++rows < step.most;
                                             }));
    out += support::told(handle.reader->scan_journal(
        step.where % kShards, step.key,
        [&](std::uint64_t first, std::uint32_t count, std::string_view block) {
          out += "; " + support::shown_block(first, count, block);
          return ++blocks < step.most;
        }));
    return out;
  }

  std::string name_;
  std::function<StorePtr()> open_;
  Handle handles_[kHandles];
};

rc::Gen<std::vector<Step>> steps() {
  using rc::gen::inRange;
  const auto change =
      rc::gen::construct<Change>(inRange(0, 10), inRange(0, 60), inRange(0, 64), inRange(0, 20));
  const auto step = rc::gen::construct<Step>(
      inRange(0, 19), inRange(0, kHandles), inRange(0, 64), inRange(0, 40), inRange(1, 12),
      rc::gen::resize(8, rc::gen::container<std::vector<Change>>(change)));
  return rc::gen::container<std::vector<Step>>(step);
}

std::ostream& operator<<(std::ostream& out, const Step& step) {
  out << "{" << step.kind << " by " << step.handle << " where " << step.where << " key " << step.key
      << " most " << step.most << ":";
  for (const Change& each : step.changes)
    out << " (" << each.kind << " " << each.where << " " << each.key << " " << each.value << ")";
  return out << "}";
}

}  // namespace

TEST_CASE("stores: any operations give the same answers on each as on a model", "[differential]") {
  rc::prop("same as the model", [] {
    const std::vector<Step> all = *steps();
    const auto shared = std::make_shared<Model>(kShards);
    Player model("the model", [&] { return open_model(shared); });
    std::vector<std::unique_ptr<Stand>> stands;  // outlives the players
    std::vector<std::unique_ptr<Player>> players;
    for (const conformance::Subject& subject : conformance::subjects()) {
      stands.push_back(std::make_unique<Stand>(subject));
      const Stand& stand = *stands.back();
      players.push_back(std::make_unique<Player>(subject.name, [&stand] { return stand.open(); }));
    }
    const auto compare = [&](const std::string& doing, auto play) {
      const std::string expected = play(model);
      for (const auto& player : players)
        if (const std::string came = play(*player); came != expected)
          RC_FAIL(doing + "\n" + player->name() + " says: " + came + "\n" + model.name() +
                  " says: " + expected);
    };
    for (std::size_t i = 0; i < all.size(); ++i)
      compare("step " + std::to_string(i), [&](Player& player) { return player.play(all[i]); });
    compare("at the end", [](Player& player) { return player.everything(); });
  });
}

}  // namespace reckoner::properties
