// The lock and the epochs: one owner at a time, and who lost it writes nothing more.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/conformance/stand.hpp"

namespace reckoner::conformance {
namespace {

Batch row(const Owner& owner, std::string value) {
  Batch out = owner.batch();
  out.put(Table::meta, "k", std::move(value));
  return out;
}

Lines meta_of(Store& store) {
  return support::rows_of(*reader_of(store), Table::meta);
}

// --- another process: it says a byte when it is ready, and lives until it is killed ------------

class OtherProcess {
 public:
  template <class Do>
  explicit OtherProcess(Do todo) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) {
      const bool well = todo();
      const char said = well ? 'y' : 'n';
      if (write(ends[1], &said, 1) != 1) _exit(1);
      for (;;) pause();
    }
    close(ends[1]);
    char said = 'n';
    well_ = read(ends[0], &said, 1) == 1 && said == 'y';
    close(ends[0]);
  }
  ~OtherProcess() { kill_it(); }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  bool well() const { return well_; }
  void kill_it() {
    if (child_ <= 0) return;
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    child_ = 0;
  }

 private:
  pid_t child_ = 0;
  bool well_ = false;
};

// In a child process no assertion may run.
bool commit_without_assertions(const Stand& stand, StorePtr& store) {
  if (storage::open_store(stand.options(), store)) return false;
  std::vector<ShardState> states;
  if (store->lock("the other process", false) || store->take_epochs(states)) return false;
  Batch batch;
  batch.claim(0, states[0].epoch, states[0].last_sequence);
  batch.append(0, states[0].last_sequence + 1, 2, "of the other");
  batch.put(Table::meta, "k", "of the other");
  return !store->commit(0, batch);
}

}  // namespace

CONFORMANCE(epochs_rise, "epochs rise by one, for every shard, and say where each is") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.append(2, 9, "block");
  for (std::uint64_t epoch = 2; epoch <= 4; ++epoch) {
    std::vector<ShardState> states;
    REQUIRE_OK(owner.store().take_epochs(states));
    REQUIRE(states.size() == kShards);
    for (std::uint32_t shard = 0; shard < kShards; ++shard) {
      INFO("shard " << shard);
      ShardState state;
      CHECK_OK(owner.store().shard_state(shard, state));
      CHECK(states[shard].epoch == epoch);
      CHECK(states[shard].last_sequence == (shard == 2 ? 9 : 0));
      CHECK(state.epoch == states[shard].epoch);
      CHECK(state.last_sequence == states[shard].last_sequence);
    }
  }
  INFO("and are there after opening again");
  owner.release().reset();
  const Owner again = stand.owner();
  for (const ShardState& state : again.states) CHECK(state.epoch == 5);
  CHECK(again.states[2].last_sequence == 9);
}

CONFORMANCE(held, "a second owner is kept out, and told who the first one is") {
  const Stand stand(subject);
  Owner owner(stand.open());
  REQUIRE_OK(owner.store().lock("engine seven on host nine", false));
  CHECK_OK(owner.store().lock("engine seven on host nine", false));
  const StorePtr second = stand.open();
  const StoreStatus status = second->lock("the second", false);
  CHECK_FAULT("held", status);
  if (status) CHECK_THAT(status->detail, Catch::Contains("engine seven on host nine"));
  CHECK_OK(owner.store().take_epochs(owner.states));
  owner.put(Table::meta, "k", "v");
  INFO("the second one may read meanwhile");
  CHECK(meta_of(*second) == Lines{"k = v"});
}

CONFORMANCE(never_locked, "a handle that never took the lock writes nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.put(Table::meta, "k", "v");
  const auto writes_nothing = [](Store& store, const Batch& batch) {
    std::vector<ShardState> states;
    Batch aside;
    aside.put(Table::key_log, "k", "lost");
    CHECK_FAULT("fatal", store.take_epochs(states));
    CHECK_FAULT("fatal", store.commit(0, batch));
    CHECK_FAULT("fatal", store.commit_aside(aside));
    CHECK_FAULT("fatal", store.migrate(nullptr));
  };
  const StorePtr second = stand.open();
  writes_nothing(*second, row(owner, "lost"));
  CHECK_FAULT("held", second->lock("the second", false));
  INFO("nor one that was kept out");
  writes_nothing(*second, row(owner, "lost"));
  const Batch right = row(owner, "lost");
  owner.release().reset();
  INFO("nor beside nobody");
  writes_nothing(*second, right);
  CHECK(meta_of(*second) == Lines{"k = v"});
  CHECK(support::rows_of(*reader_of(*second), Table::key_log) == Lines{});
}

CONFORMANCE(freed, "the lock is free once its owner closes, and not when another handle does") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  StorePtr second = stand.open();
  CHECK_FAULT("held", second->lock("the second", false));
  second.reset();
  second = stand.open();
  CHECK_FAULT("held", second->lock("the second", false));
  owner.put(Table::meta, "k", "v");
  owner.release().reset();
  CHECK_OK(second->lock("the second", false));
  const StorePtr third = stand.open();
  CHECK_FAULT("held", third->lock("the third", false));
}

CONFORMANCE(taken_over, "who takes the lock over fences the one that lost it") {
  const Stand stand(subject);
  Owner first = stand.owner();
  first.put(Table::meta, "k", "first");
  first.append(0, 3, "first");

  Owner second(stand.open());
  REQUIRE_OK(second.store().lock("the second", true));
  INFO("between lock and epochs the first one may still commit, or be fenced already");
  const StoreStatus between = first.try_commit(row(first, "between"));
  CHECK((!between || between->fault == Fault::fenced));
  REQUIRE_OK(second.store().take_epochs(second.states));
  CHECK(second.states[0].epoch == first.states[0].epoch + 1);
  CHECK(second.states[0].last_sequence == 3);

  Batch append = first.batch({0});
  first.append(append, 0, 1, "lost");
  CHECK_FAULT("fenced", first.try_commit(append));
  CHECK_FAULT("fenced", first.try_commit(row(first, "lost")));
  CHECK_FAULT("fenced", first.try_commit(first.batch()));
  second.put(Table::meta, "k", "second");
  second.append(0, 1, "second");
  CHECK_FAULT("fenced", first.try_commit(row(first, "lost")));
  INFO("fenced, though its sequences are wrong by now, too");
  CHECK_FAULT("fenced", first.try_commit(append));
  CHECK(meta_of(second.store()) == Lines{"k = second"});
  CHECK(support::blocks_of(*second.reader(), 0) == Lines{"1+3 = first", "4+1 = second"});

  INFO("and closing the one that lost it does not free the lock");
  first.release().reset();
  CHECK_FAULT("held", stand.open()->lock("the third", false));
  second.put(Table::meta, "k", "still the second's");
}

CONFORMANCE(deposed_takes_no_epochs, "who lost the lock takes no epochs, and fences nobody") {
  const Stand stand(subject);
  Owner slow(stand.open());
  REQUIRE_OK(slow.store().lock("the slow one", false));
  Owner next(stand.open());
  REQUIRE_OK(next.store().lock("the next", true));
  CHECK_FAULT("fenced", slow.store().take_epochs(slow.states));
  REQUIRE_OK(next.store().take_epochs(next.states));
  CHECK_FAULT("fenced", slow.store().take_epochs(slow.states));
  for (const ShardState& state : next.states) CHECK(state.epoch == 1);
  next.append(0, 1, "the next one's");

  INFO("but does once it has the lock again");
  REQUIRE_OK(slow.own(true));
  CHECK(slow.states[0].epoch == 2);
  slow.append(0, 1, "of the slow one");
  CHECK_FAULT("fenced", next.store().take_epochs(next.states));
}

CONFORMANCE(take_free, "a lock that nobody holds can be taken by force, too") {
  const Stand stand(subject);
  Owner owner = stand.owner(true);
  owner.put(Table::meta, "k", "v");
  CHECK_FAULT("held", stand.open()->lock("the second", false));
}

CONFORMANCE(back_and_forth, "the lock goes back and forth, each owner fencing the one before") {
  const Stand stand(subject);
  Owner one(stand.open()), two(stand.open());
  for (int round = 0; round < 3; ++round) {
    REQUIRE_OK(one.own(true));
    one.put(Table::meta, "k", "one");
    REQUIRE_OK(two.own(true));
    CHECK_FAULT("fenced", one.try_commit(row(one, "lost")));
    two.put(Table::meta, "k", "two");
    REQUIRE_OK(one.own(true));
    CHECK_FAULT("fenced", two.try_commit(row(two, "lost")));
  }
  CHECK(meta_of(one.store()) == Lines{"k = two"});
}

CONFORMANCE(own_earlier_epoch, "epochs that were taken again fence the earlier ones of the same") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const Batch earlier = row(owner, "lost");
  REQUIRE_OK(owner.store().take_epochs(owner.states));
  CHECK_FAULT("fenced", owner.store().commit(0, earlier));
  owner.put(Table::meta, "k", "v");
  CHECK(meta_of(owner.store()) == Lines{"k = v"});
}

CONFORMANCE(killed, "what a process committed outlives its being killed, its lock does not") {
  if (!subject.outlives_process) return;
  const Stand stand(subject);
  StorePtr of_the_other;
  OtherProcess other([&] { return commit_without_assertions(stand, of_the_other); });
  REQUIRE(other.well());
  {
    const StorePtr store = stand.open();
    CHECK_FAULT("held", store->lock("this one", false));
    CHECK(meta_of(*store) == Lines{"k = of the other"});
  }
  other.kill_it();
  Owner owner = stand.owner();
  CHECK(owner.states[0].epoch == 2);
  CHECK(owner.states[0].last_sequence == 2);
  CHECK(meta_of(owner.store()) == Lines{"k = of the other"});
  CHECK(support::blocks_of(*owner.reader(), 0) == Lines{"1+2 = of the other"});
  owner.append(0, 1, "goes on");
}

CONFORMANCE(taken_from_living, "the lock of a process that lives can be taken over") {
  if (!subject.outlives_process) return;
  const Stand stand(subject);
  StorePtr of_the_other;
  OtherProcess other([&] { return commit_without_assertions(stand, of_the_other); });
  REQUIRE(other.well());
  Owner owner = stand.owner(true);
  CHECK(owner.states[0].epoch == 2);
  owner.append(0, 1, "goes on");
  CHECK_FAULT("held", stand.open()->lock("a third", false));
  other.kill_it();
  INFO("and the death of the one that lost it does not free it");
  CHECK_FAULT("held", stand.open()->lock("a third", false));
  owner.append(0, 1, "goes on");
}

}  // namespace reckoner::conformance
