// Readers see the store as it was, whole, until they are refreshed.
#include "tests/conformance/stand.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>

namespace reckoner::conformance {
namespace {

// Writes `round` into three tables and two shards, with one commit.
void write_round(Owner& owner, std::uint64_t round) {
  const std::string text = std::to_string(round);
  Batch batch = owner.batch({0, 1});
  batch.put(Table::meta, "round", text);
  batch.put(Table::customers, "round", text);
  batch.put(Table::customers, "of " + text, text);
  put_some(batch, Table::users, "round", text);
  owner.append(batch, 0, 1, text);
  owner.append(batch, 1, 1, text);
  owner.commit(batch);
}

// The round that a reader sees; empty where what it sees is of more than one.
std::string round_of(Reader& reader) {
  const std::string meta = support::value_of(reader, Table::meta, "round");
  if (meta == "nothing") return meta;
  const Lines customers = support::rows_of(reader, Table::customers);
  const Lines zero = support::blocks_of(reader, 0), one = support::blocks_of(reader, 1);
  const std::string user =
      support::shown_value(Table::users, support::some_value(Table::users, meta));
  const bool same = customers.back() == "round = " + meta && zero == one &&
                    customers.size() == zero.size() + 1 && std::to_string(zero.size()) == meta &&
                    support::value_of(reader, Table::users, "round") == user;
  return same ? meta : "";
}

}  // namespace

CONFORMANCE(no_later_commit, "a reader sees no later commit until it is refreshed") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const ReaderPtr empty = owner.reader();
  write_round(owner, 1);
  const ReaderPtr one = owner.reader();
  write_round(owner, 2);
  INFO("also one that has read nothing yet");
  CHECK(round_of(*empty) == "nothing");
  CHECK(round_of(*one) == "1");
  write_round(owner, 3);
  CHECK(round_of(*empty) == "nothing");
  CHECK(support::blocks_of(*empty, 0) == Lines{});
  CHECK(round_of(*one) == "1");
  CHECK_OK(one->refresh());
  CHECK(round_of(*one) == "3");
  CHECK(round_of(*empty) == "nothing");
  CHECK_OK(empty->refresh());
  write_round(owner, 4);
  CHECK(round_of(*empty) == "3");
}

CONFORMANCE(deletes_unseen, "a reader goes on seeing what was deleted or put anew") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  owner.put(Table::parked, "a", "1");
  owner.put(Table::parked, "b", "1");
  const ReaderPtr first = owner.reader();
  Batch batch = owner.batch();
  batch.erase(Table::parked, "a");
  batch.put(Table::parked, "b", "2");
  batch.put(Table::parked, "c", "2");
  owner.commit(batch);
  const ReaderPtr second = owner.reader();
  batch = owner.batch();
  batch.put(Table::parked, "a", "3");
  batch.erase(Table::parked, "b");
  batch.erase(Table::parked, "c");
  owner.commit(batch);
  CHECK(support::rows_of(*first, Table::parked) == Lines{"a = 1", "b = 1"});
  CHECK(support::value_of(*first, Table::parked, "c") == "nothing");
  CHECK(support::rows_of(*second, Table::parked) == Lines{"b = 2", "c = 2"});
  CHECK(support::value_of(*second, Table::parked, "a") == "nothing");
  CHECK(support::rows_of(*owner.reader(), Table::parked) == Lines{"a = 3"});
  CHECK_OK(first->refresh());
  CHECK(support::rows_of(*first, Table::parked) == Lines{"a = 3"});
  CHECK(support::rows_of(*second, Table::parked) == Lines{"b = 2", "c = 2"});
}

CONFORMANCE(refused_unseen, "what was refused is never seen") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  write_round(owner, 1);
  Batch batch = owner.batch();
  batch.put(Table::meta, "round", "refused");
  batch.append(0, 99, 1, "refused");
  CHECK_FAULT("wrong_sequence", owner.store().commit(0, batch));
  const ReaderPtr reader = owner.reader();
  CHECK(round_of(*reader) == "1");
  CHECK_OK(reader->refresh());
  CHECK(round_of(*reader) == "1");
}

CONFORMANCE(many_readers, "many readers, each at its own instant, closed in any order") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  std::vector<ReaderPtr> readers;
  constexpr std::uint64_t kReaders = 12;
  for (std::uint64_t round = 1; round <= kReaders; ++round) {
    write_round(owner, round);
    readers.push_back(owner.reader());
  }
  for (const std::size_t closed : {5, 0, 11, 6, 3}) {
    readers[closed].reset();
    for (std::size_t i = 0; i < readers.size(); ++i)
      if (readers[i] != nullptr) CHECK(round_of(*readers[i]) == std::to_string(i + 1));
  }
}

CONFORMANCE(second_handle, "another handle's reader sees what the owner commits") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  const StorePtr beside = stand.open();
  const ReaderPtr reader = reader_of(*beside);
  CHECK(round_of(*reader) == "nothing");
  write_round(owner, 1);
  CHECK(round_of(*reader) == "nothing");
  CHECK_OK(reader->refresh());
  CHECK(round_of(*reader) == "1");
}

CONFORMANCE(owner_closes, "a reader of another handle outlives the owner's closing") {
  const Stand stand(subject);
  const StorePtr beside = stand.open();
  ReaderPtr reader;
  {
    Owner owner = stand.owner();
    write_round(owner, 1);
    reader = reader_of(*beside);
    write_round(owner, 2);
  }
  CHECK(round_of(*reader) == "1");
  {
    Owner owner = stand.owner();
    write_round(owner, 3);
    CHECK(round_of(*reader) == "1");
  }
  CHECK_OK(reader->refresh());
  CHECK(round_of(*reader) == "3");
}

CONFORMANCE(stop, "a callback that says stop gets no more, and stopping is no fault") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (std::uint64_t round = 1; round <= 30; ++round) write_round(owner, round);
  const ReaderPtr reader = owner.reader();
  for (const int most : {1, 2, 8, 9, 20}) {
    INFO("stopped after " << most);
    int rows = 0, blocks = 0, users = 0;
    CHECK_OK(reader->scan(Table::customers, "", [&](auto, auto) { return ++rows < most; }));
    CHECK(rows == most);
    CHECK_OK(reader->scan(Table::users, "", [&](auto, auto) { return ++users < 1; }));
    CHECK(users == 1);
    CHECK_OK(reader->scan_journal(0, 1, [&](auto, auto, auto) { return ++blocks < most; }));
    CHECK(blocks == most);
  }
  CHECK(round_of(*reader) == "30");
  CHECK_OK(reader->refresh());
}

CONFORMANCE(throwing, "an exception of the host's passes through a scan and harms nothing") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  for (std::uint64_t round = 1; round <= 3; ++round) write_round(owner, round);
  const ReaderPtr reader = owner.reader();
  const auto thrower = [](auto...) -> bool { throw std::runtime_error("of the host's"); };
  CHECK_THROWS_WITH(reader->scan(Table::customers, "", thrower), "of the host's");
  CHECK_THROWS_WITH(reader->scan_journal(0, 1, thrower), "of the host's");
  CHECK(round_of(*reader) == "3");
}

CONFORMANCE(commit_in_scan, "a commit in the middle of a scan is not seen by it") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  write_round(owner, 1);
  const ReaderPtr reader = owner.reader();
  Lines seen;
  CHECK_OK(reader->scan(Table::customers, "", [&](std::string_view key, std::string_view) {
    seen.emplace_back(key);
    write_round(owner, 1 + seen.size());
    return true;
  }));
  CHECK(seen == Lines{"of 1", "round"});
  std::size_t blocks = 0;
  CHECK_OK(reader->scan_journal(0, 1, [&](auto, auto, auto) {
    owner.append(2, 1, "block");
    return ++blocks < 10;
  }));
  CHECK(blocks == 1);
  CHECK_OK(reader->refresh());
  CHECK(round_of(*reader) == "3");
}

CONFORMANCE(beside_commits,
            "readers in threads of their own see whole commits, and never go back") {
  const Stand stand(subject);
  Owner owner = stand.owner();
  constexpr std::uint64_t kRounds = 150;
  constexpr std::size_t kReaders = 3;
  std::atomic<bool> done = false;
  std::vector<std::string> wrong(kReaders);
  std::vector<ReaderPtr> readers;
  for (std::size_t i = 0; i < kReaders; ++i) readers.push_back(owner.reader());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kReaders; ++i)
    threads.emplace_back([&, i] {
      std::uint64_t before = 0;
      while (!done && wrong[i].empty()) {
        if (const StoreStatus failed = readers[i]->refresh()) wrong[i] = support::told(failed);
        const std::string first = round_of(*readers[i]), again = round_of(*readers[i]);
        const std::uint64_t round = first == "nothing" || first.empty() ? 0 : std::stoull(first);
        if (first.empty() || first != again || round < before)
          wrong[i] = "saw '" + first + "', then '" + again + "', after " + std::to_string(before);
        before = round;
      }
    });
  for (std::uint64_t round = 1; round <= kRounds; ++round) write_round(owner, round);
  done = true;
  for (std::thread& thread : threads) thread.join();
  for (const std::string& each : wrong) CHECK(each == "");
  for (const ReaderPtr& reader : readers) {
    CHECK_OK(reader->refresh());
    CHECK(round_of(*reader) == std::to_string(kRounds));
  }
}

}  // namespace reckoner::conformance
