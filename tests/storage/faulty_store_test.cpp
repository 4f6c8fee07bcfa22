#include "storage/faults/faulty_store.hpp"

#include <catch2/catch.hpp>

#include "storage/memory/memory_plugin.hpp"
#include "storage/store/loader.hpp"
#include "tests/support/store.hpp"

namespace reckoner::storage {
namespace {

// A store in memory behind faults, owned, with one shard; `last` is where the shard is believed.
struct World {
  World() {
    forget_memory_store("faulty");
    open();
    own();
  }
  ~World() { forget_memory_store("faulty"); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void open() {
    StoreOptions options;
    options.url = "memory:faulty";
    options.create = true;
    options.shards = 1;
    std::unique_ptr<Store> inner;
    REQUIRE_OK(open_store(options, inner));
    store = std::make_unique<FaultyStore>(std::move(inner), faults);
  }
  void own() {
    std::vector<ShardState> states;
    REQUIRE_OK(store->lock("test", false));
    REQUIRE_OK(store->take_epochs(states));
    epoch = states[0].epoch;
    last = states[0].last_sequence;
  }
  StoreStatus commit() {
    Batch batch;
    batch.claim(0, epoch, last);
    batch.append(0, last + 1, 1, "block");
    StoreStatus status = store->commit(0, batch);
    if (!status) ++last;
    return status;
  }
  std::uint64_t really_last() {
    ShardState state;
    REQUIRE_OK(store->shard_state(0, state));
    return state.last_sequence;
  }

  std::shared_ptr<Faults> faults = std::make_shared<Faults>();
  std::unique_ptr<Store> store;
  std::uint64_t epoch = 0, last = 0;
};

}  // namespace

TEST_CASE("faults: without a plan nothing fails, and calls are counted", "[faults]") {
  World world;
  CHECK_OK(world.commit());
  std::unique_ptr<Reader> reader;
  CHECK_OK(world.store->open_reader(reader));
  CHECK_OK(reader->refresh());
  CHECK(support::value_of(*reader, Table::meta, "k") == "nothing");
  CHECK(support::rows_of(*reader, Table::meta).empty());
  CHECK(support::blocks_of(*reader, 0).size() == 1);
  StoreInfo info;
  CHECK_OK(world.store->info(info));
  CHECK_OK(world.store->migrate(nullptr));
  CHECK_OK(world.store->check([](auto, auto) {}));
  Batch aside;
  aside.put(Table::key_log, "k", "v");
  CHECK_OK(world.store->commit_aside(aside));
  CHECK_OK(world.store->commit_beside({}));
  CHECK_FALSE(world.faults->fired());
  CHECK(world.faults->calls() == 13);
  for (const StoreCall call :
       {StoreCall::lock, StoreCall::take_epochs, StoreCall::commit, StoreCall::commit_aside,
        StoreCall::commit_beside, StoreCall::open_reader, StoreCall::refresh, StoreCall::get,
        StoreCall::scan, StoreCall::scan_journal, StoreCall::info, StoreCall::migrate,
        StoreCall::check}) {
    INFO(store_call_name(call));
    CHECK(world.faults->calls(call) == 1);
  }
}

TEST_CASE("faults: the planned call fails as planned, once", "[faults]") {
  const std::pair<FaultKind, const char*> kinds[] = {
      {FaultKind::full, "full"},
      {FaultKind::retry, "retry"},
      {FaultKind::fenced, "fenced"},
      {FaultKind::fatal, "fatal"},
      {FaultKind::in_doubt_done, "in_doubt"},
      {FaultKind::in_doubt_not_done, "in_doubt"},
  };
  for (const auto& [kind, status] : kinds) {
    World world;
    world.faults->plan({2, StoreCall::commit, kind, false});
    CHECK_OK(world.commit());
    CHECK(world.really_last() == 1);
    CHECK_FALSE(world.faults->fired());
    CHECK_FAULT(status, world.commit());
    REQUIRE(world.faults->fired());
    CHECK(world.faults->fired()->call == StoreCall::commit);
    CHECK(world.faults->fired()->number == 5);
    world.last = world.really_last();
    CHECK(world.last == (kind == FaultKind::in_doubt_done ? 2 : 1));
    CHECK_OK(world.commit());
  }
}

TEST_CASE("faults: counted over all calls, readers' too", "[faults]") {
  World world;
  std::unique_ptr<Reader> reader;
  REQUIRE_OK(world.store->open_reader(reader));
  world.faults->plan({3, std::nullopt, FaultKind::retry, false});
  CHECK_OK(reader->refresh());
  CHECK_OK(world.commit());
  CHECK_FAULT("retry", reader->scan(Table::meta, "", [](auto, auto) { return true; }));
  REQUIRE(world.faults->fired());
  CHECK(world.faults->fired()->call == StoreCall::scan);
  CHECK_OK(reader->scan(Table::meta, "", [](auto, auto) { return true; }));
}

TEST_CASE("faults: a store that is dead stays so until it is opened again", "[faults]") {
  World world;
  std::unique_ptr<Reader> reader;
  REQUIRE_OK(world.store->open_reader(reader));
  world.faults->plan({2, std::nullopt, FaultKind::in_doubt_done, true});
  CHECK_OK(world.commit());
  CHECK_FAULT("in_doubt", world.commit());
  INFO("what comes later is not done");
  CHECK_FAULT("in_doubt", world.commit());
  CHECK_FAULT("in_doubt", reader->refresh());
  ShardState state;
  CHECK_FAULT("in_doubt", world.store->shard_state(0, state));
  CHECK(world.faults->fired()->call == StoreCall::commit);

  reader.reset();
  world.store.reset();
  world.open();
  world.own();
  CHECK(world.last == 2);
  CHECK_OK(world.commit());
  CHECK(world.faults->fired());
}

TEST_CASE("faults: a disk that stays full lets what does not write go on", "[faults]") {
  World world;
  world.faults->plan({1, StoreCall::commit, FaultKind::full, true});
  for (int i = 0; i < 3; ++i) CHECK_FAULT("full", world.commit());
  CHECK(world.really_last() == 0);
  world.faults->plan({});
  CHECK_OK(world.commit());
  CHECK_FALSE(world.faults->fired());
}

TEST_CASE("faults: a call that is done and fails by itself says its own error", "[faults]") {
  World world;
  world.faults->plan({1, StoreCall::commit, FaultKind::in_doubt_done, false});
  world.last = 7;
  CHECK_FAULT("wrong_sequence", world.commit());
}

TEST_CASE("faults: a hook runs before each call and may call the store itself", "[faults]") {
  World world;
  std::vector<std::string> seen;
  bool nested = false;
  world.faults->before_call([&](StoreCall call, std::uint64_t number) {
    seen.push_back(std::to_string(number) + " " + std::string(store_call_name(call)));
    if (call == StoreCall::commit && !std::exchange(nested, true)) CHECK(world.really_last() == 0);
  });
  CHECK_OK(world.commit());
  CHECK(world.really_last() == 1);
  CHECK(seen == std::vector<std::string>{"3 commit", "4 shard_state", "5 shard_state"});
}

}  // namespace reckoner::storage
