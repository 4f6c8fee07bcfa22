// The small rules: backoff, breaker, budget, the queue of charges.
#include <catch2/catch.hpp>

#include <deque>

#include "actors/settlement/breaker.hpp"
#include "actors/settlement/charge_queue.hpp"
#include "actors/settlement/request_budget.hpp"

namespace reckoner::settlement {
namespace {

using Pass = Breaker::Pass;
using Added = ChargeQueue::Added;

const Random kMost = [](std::uint64_t most) { return most; };
const Random kLeast = [](std::uint64_t) { return std::uint64_t{0}; };
const BackoffOptions kBackoff{Delay(1'000), Delay(60'000), Delay(50)};

Moment at(std::int64_t milliseconds) {
  return Moment{} + Delay(milliseconds);
}

actors::CustomersCharge charge(const std::string& customer, std::uint32_t number,
                               std::int64_t decided = 0) {
  actors::CustomersCharge out{customer, "P", {}};
  out.charge.number = number;
  out.charge.at = Instant{decided};
  return out;
}
std::string next(ChargeQueue& queue, Moment now, std::deque<JobPtr>* taken = nullptr) {
  const JobPtr job = queue.take(now, [](const Job&) { return true; });
  if (job == nullptr) return "none";
  if (taken != nullptr) taken->push_back(job);
  return charge_id(job->charge.customer_id, job->number());
}

}  // namespace

TEST_CASE("backoff: twice as long each time, up to an end", "[settlement]") {
  CHECK(backoff(kBackoff, 1, kMost) == Delay(1'000));
  CHECK(backoff(kBackoff, 2, kMost) == Delay(2'000));
  CHECK(backoff(kBackoff, 6, kMost) == Delay(32'000));
  CHECK(backoff(kBackoff, 7, kMost) == Delay(60'000));
  CHECK(backoff(kBackoff, 4'000'000'000, kMost) == Delay(60'000));
  CHECK(backoff(kBackoff, 0, kMost) == Delay(1'000));
}

TEST_CASE("backoff: jitter over all of it, but never at once", "[settlement]") {
  CHECK(backoff(kBackoff, 1, kLeast) == Delay(50));
  CHECK(backoff(kBackoff, 9, kLeast) == Delay(50));
  CHECK(backoff(kBackoff, 3, [](std::uint64_t most) { return most / 2; }) == Delay(2'025));
  CHECK(backoff({Delay(10), Delay(20), Delay(50)}, 1, kMost) == Delay(10));
}

TEST_CASE("breaker: one probe at a time, and further apart", "[settlement]") {
  Breaker breaker(kBackoff, kMost);
  CHECK(breaker.start(at(0)) == Pass::go);
  CHECK(breaker.start(at(0)) == Pass::go);
  breaker.failed(Pass::go, at(0), std::nullopt);
  CHECK(breaker.paused());
  CHECK(breaker.start(at(999)) == Pass::no);
  CHECK(breaker.start(at(1'000)) == Pass::probe);
  CHECK(breaker.start(at(9'000)) == Pass::no);
  breaker.failed(Pass::probe, at(9'000), std::nullopt);
  CHECK(breaker.start(at(10'999)) == Pass::no);
  CHECK(breaker.start(at(11'000)) == Pass::probe);
  breaker.succeeded(Pass::probe);
  CHECK_FALSE(breaker.paused());
  CHECK(breaker.start(at(11'000)) == Pass::go);
  breaker.failed(Pass::go, at(11'000), std::nullopt);
  CHECK(breaker.probe_at() == at(12'000));  // from the beginning
}

TEST_CASE("breaker: those that were on their way count once", "[settlement]") {
  Breaker breaker(kBackoff, kMost);
  for (int i = 0; i < 8; ++i) breaker.failed(Pass::go, at(0), std::nullopt);
  CHECK(breaker.failures() == 1);
  CHECK(breaker.probe_at() == at(1'000));
  breaker.succeeded(Pass::go);  // it was sent before
  CHECK(breaker.paused());
}

TEST_CASE("breaker: the other side's wish for a pause is obeyed", "[settlement]") {
  Breaker breaker(kBackoff, kMost);
  breaker.failed(Pass::go, at(0), Delay(30'000));
  CHECK(breaker.probe_at() == at(30'000));
  breaker.failed(Pass::go, at(100), Delay(90'000));  // also one that came later
  CHECK(breaker.probe_at() == at(90'100));
  breaker.failed(Pass::go, at(200), Delay(10));
  CHECK(breaker.probe_at() == at(90'100));
}

TEST_CASE("breaker: a probe that found out nothing makes room for the next", "[settlement]") {
  Breaker breaker(kBackoff, kMost);
  breaker.failed(Pass::go, at(0), std::nullopt);
  CHECK(breaker.start(at(1'000)) == Pass::probe);
  breaker.released(Pass::probe);
  CHECK(breaker.start(at(1'000)) == Pass::probe);
  CHECK(breaker.failures() == 1);
}

TEST_CASE("budget: in no minute more than there may be", "[settlement]") {
  for (const std::uint32_t rate : {2u, 10u, 300u, 6'000u}) {
    RequestBudget budget(rate);
    std::deque<std::int64_t> taken;
    std::size_t total = 0;
    for (std::int64_t now = 0; now < 180'000; now += 7) {
      while (budget.take(at(now))) {
        taken.push_back(now);
        ++total;
      }
      while (!taken.empty() && taken.front() <= now - 60'000) taken.pop_front();
      REQUIRE(taken.size() <= rate);
    }
    CHECK(total + 1 >= rate * 2);  // and it is put to use
  }
}

TEST_CASE("budget: says how long to wait, exactly", "[settlement]") {
  RequestBudget budget(300);
  for (int i = 0; i < 30; ++i) CHECK(budget.take(at(5)));
  CHECK_FALSE(budget.take(at(5)));
  const Delay wait = budget.wait(at(5));
  CHECK(wait > Delay::zero());
  CHECK_FALSE(budget.take(at(5) + wait - Delay(1)));
  CHECK(budget.take(at(5) + wait));
}

TEST_CASE("budget: one a minute, and a clock that stands still", "[settlement]") {
  RequestBudget budget(0);  // as one
  CHECK(budget.take(at(0)));
  CHECK_FALSE(budget.take(at(0)));
  CHECK(budget.wait(at(0)) == Delay(60'000));
  CHECK(budget.take(at(60'000)));
}

TEST_CASE("queue: a customer's charges one after another, others beside", "[settlement]") {
  ChargeQueue queue(10);
  for (const auto& [id, number] : {std::pair{"a", 2u}, {"a", 1u}, {"b", 1u}, {"a", 3u}})
    CHECK(queue.add(charge(id, number), false, at(0)) == Added::added);
  CHECK(queue.add(charge("a", 2), false, at(0)) == Added::known);
  std::deque<JobPtr> taken;
  CHECK(next(queue, at(0), &taken) == "a:1");
  CHECK(next(queue, at(0), &taken) == "b:1");
  CHECK(next(queue, at(0)) == "none");
  queue.put_back(taken[0], at(500));
  CHECK(next(queue, at(499)) == "none");  // a:2 waits behind it
  CHECK(queue.next_turn() == at(500));
  CHECK(next(queue, at(500), &taken) == "a:1");
  queue.drop(taken[2]);
  CHECK(next(queue, at(500)) == "a:2");
  CHECK(queue.size() == 3);
  CHECK(queue.waiting() == 1);
}

TEST_CASE("queue: a lower number that comes while a higher is under way is next", "[settlement]") {
  ChargeQueue queue(10);
  std::deque<JobPtr> taken;
  queue.add(charge("a", 5), false, at(0));
  CHECK(next(queue, at(0), &taken) == "a:5");
  queue.add(charge("a", 4), false, at(0));
  CHECK(next(queue, at(0)) == "none");
  queue.put_back(taken[0], at(0));
  CHECK(next(queue, at(0)) == "a:4");
  CHECK(next(queue, at(0)) == "none");

  queue.add(charge("b", 2), false, at(0));
  queue.add(charge("b", 1), false, at(0));
  CHECK(next(queue, at(0)) == "b:1");  // it had not begun
}

TEST_CASE("queue: what was put back waits behind those that waited", "[settlement]") {
  ChargeQueue queue(10);
  for (const char* id : {"a", "b", "c"}) queue.add(charge(id, 1), false, at(0));
  std::deque<JobPtr> taken;
  CHECK(next(queue, at(0), &taken) == "a:1");
  queue.put_back(taken[0], at(0));
  CHECK(next(queue, at(0)) == "b:1");
  CHECK(next(queue, at(0)) == "c:1");
  CHECK(next(queue, at(0)) == "a:1");
}

TEST_CASE("queue: so many and no more", "[settlement]") {
  ChargeQueue queue(2);
  CHECK(queue.add(charge("a", 1, 70), false, at(0)) == Added::added);
  CHECK(queue.add(charge("a", 2, 50), false, at(0)) == Added::added);
  CHECK(queue.add(charge("a", 3), false, at(0)) == Added::full);
  CHECK(queue.add(charge("a", 2), false, at(0)) == Added::known);
  CHECK(queue.room() == 0);
  CHECK(queue.oldest() == Instant{50});
  queue.drop(queue.find("a", 2));
  CHECK(queue.oldest() == Instant{70});
  CHECK(queue.room() == 1);
  queue.drop(queue.find("a", 1));
  CHECK_FALSE(queue.oldest().has_value());
  CHECK_FALSE(queue.next_turn().has_value());
}

}  // namespace reckoner::settlement
