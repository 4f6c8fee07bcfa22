// Whatever is asked of the live engine is answered once, also by a store that refuses now and then,
// and in any order of what its actors do. What was accepted is there when the store is opened
// again; what was not, is not.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <map>

#include "actors/engine/engine.hpp"
#include "storage/faults/faulty_store.hpp"
#include "storage/verify/verify.hpp"
#include "tests/support/stores.hpp"

namespace reckoner {
namespace {

using storage::FaultKind;
using storage::StoreCall;
using support::TestStore;

constexpr std::size_t kMostMessages = 100'000;

struct Step {
  enum class Kind {
    usage,
    customer,
    view,
    show,
    authorize,
    customers,
    charges,
    hashes,
    refuse,
    refuse_once,
    take,
    tick,
    run,
    run_all,
  };
  Kind kind;
  int number;
};

void showValue(const Step& step, std::ostream& out) {
  out << "{" << static_cast<int>(step.kind) << ", " << step.number << "}";
}

rc::Gen<Step> any_step() {
  using Kind = Step::Kind;
  const auto kind = rc::gen::weightedElement<Kind>({{8, Kind::usage},
                                                    {3, Kind::customer},
                                                    {1, Kind::view},
                                                    {1, Kind::show},
                                                    {1, Kind::authorize},
                                                    {2, Kind::customers},
                                                    {2, Kind::charges},
                                                    {1, Kind::hashes},
                                                    {2, Kind::refuse},
                                                    {2, Kind::refuse_once},
                                                    {2, Kind::take},
                                                    {3, Kind::tick},
                                                    {8, Kind::run},
                                                    {2, Kind::run_all}});
  return rc::gen::build<Step>(rc::gen::set(&Step::kind, kind),
                              rc::gen::set(&Step::number, rc::gen::inRange(0, 12)));
}

struct Sizes {
  std::size_t awake;
  std::uint64_t unwritten;
  std::size_t in_commit;
};

class Asker {
 public:
  Asker(const std::string& scheme, const Sizes& sizes) : store_(scheme, 2), sizes_(sizes) {
    open();
  }

  void step(const Step& step) {
    using Kind = Step::Kind;
    switch (step.kind) {
      case Kind::usage:
        return usage(step.number);
      case Kind::customer:
        return customer(step.number);
      case Kind::view:
        return engine_->view(name(step.number), answer<const actors::CustomerView*>());
      case Kind::show:
        return engine_->show(name(step.number), answer<const actors::CustomerDetails*>());
      case Kind::authorize:
        return engine_->authorize(name(step.number), 1, answer<actors::Authorization>());
      case Kind::customers:
        return engine_->customers({}, answer<const actors::CustomersPage*>());
      case Kind::charges:
        return engine_->charges({}, answer<actors::ChargesPage>());
      case Kind::hashes:
        return engine_->hashes({}, answer<actors::Hashes>());
      case Kind::refuse:
        return faults_->plan(refusal(1, true));
      case Kind::refuse_once:
        return faults_->plan(refusal(static_cast<std::uint64_t>(step.number) / 2 + 1, false));
      case Kind::take:
        return faults_->plan({});
      case Kind::tick:
        now_ = now_ + kSecond;
        return engine_->tick();
      case Kind::run:
        return engine_->run(static_cast<std::size_t>(step.number) * 2);
      case Kind::run_all:
        return run_all();
    }
  }

  // When all is done that there is to do, only those wait for whom there is no room; the next tick
  // lets them in.
  void check_answered() {
    run_all();
    for (const std::size_t question : questions_) check_answered(question);
    engine_->tick();
    run_all();
    for (const auto& [number, answers] : answers_) check_answered(number);
  }

  // Also a store that is full lets the engine end: what is not written is folded by the next start.
  void stop_and_check(bool is_full) {
    faults_->plan(is_full ? refusal(1, true) : storage::FaultPlan{});
    const storage::StoreStatus failed = engine_->stop();
    RC_ASSERT(is_full || !failed);
    engine_.reset();
    const auto report = storage::verify_store(*store_.open_store(), {});
    RC_ASSERT(report.ok());
    RC_ASSERT(report->damages.empty());
    open();
    const auto hashes = std::make_shared<std::optional<actors::Hashes>>();
    engine_->hashes({}, [hashes](Result<actors::Hashes> found) {
      if (found.ok()) *hashes = *found;
    });
    run_all();
    RC_ASSERT(hashes->has_value());
    RC_ASSERT((*hashes)->totals.requests == accepted_);
  }

 private:
  static std::string name(int number) { return "c" + std::to_string(number); }

  static storage::FaultPlan refusal(std::uint64_t nth, bool from_then_on) {
    storage::FaultPlan plan;
    plan.nth = nth;
    plan.only = StoreCall::commit;
    plan.fault = from_then_on ? FaultKind::full : FaultKind::retry;
    plan.from_then_on = from_then_on;
    return plan;
  }

  void open() {
    faults_ = std::make_shared<storage::Faults>();
    storage::OpenedStore opened;
    const auto failed = storage::open_store_to_work(
        std::make_unique<storage::FaultyStore>(store_.open_store(), faults_), {}, opened);
    RC_ASSERT(!failed);
    actors::EngineOptions options;
    options.deterministic = true;
    options.awake = sizes_.awake;
    options.entries_unwritten = sizes_.unwritten;
    options.entries_in_commit = sizes_.in_commit;
    options.now = [this] { return now_; };
    engine_ = std::make_unique<actors::Engine>(std::move(opened), options, actors::EngineEvents{});
  }

  void check_answered(std::size_t number) {
    RC_LOG() << "asked as number " << number << '\n';
    RC_ASSERT(answers_[number] == 1);
  }

  // It would take ever more turns if anybody told itself something without end.
  void run_all() { engine_->run(kMostMessages); }

  std::size_t asked() {
    const std::size_t number = answers_.size();
    answers_[number] = 0;
    return number;
  }

  template <class Value>
  std::function<void(Result<Value>)> answer() {
    questions_.push_back(answers_.size());
    return [this, number = asked()](Result<Value>) { ++answers_[number]; };
  }

  void customer(int number) {
    actors::CustomerRequest request;
    request.line.customer_id = name(number);
    request.on_done = [this, number = asked()](Result<const actors::CustomerAnswer*>) {
      ++answers_[number];
    };
    engine_->customer(std::move(request));
  }

  void usage(int number) {
    auto batch = std::make_shared<actors::UsageBatch>();
    const std::size_t asked_as = asked();
    batch->body = name(number) + "key " + std::to_string(asked_as);
    const std::string_view body = batch->body;
    const std::size_t id = name(number).size();
    storage::UsageEvent event{body.substr(0, id), {}};
    event.request.usage.tokens = 10;
    event.request.usage.operation = "chat";
    event.request.usage.idempotency_key = body.substr(id);
    batch->events.push_back(event);
    batch->wants_totals = number % 2 == 0;
    batch->on_done = [this, asked_as](actors::UsageBatch& done, const Error* error) {
      ++answers_[asked_as];
      if (error == nullptr && done.verdicts[0].accepted()) ++accepted_;
    };
    engine_->usage(std::move(batch));
  }

  TestStore store_;
  Sizes sizes_;
  Instant now_ = parse_instant("2026-01-31T23:59:50Z").value();
  std::shared_ptr<storage::Faults> faults_;
  std::unique_ptr<actors::Engine> engine_;
  std::map<std::size_t, int> answers_;  // by number of what was asked
  std::vector<std::size_t> questions_;  // those of them that change nothing
  std::int64_t accepted_ = 0;
};

void check_any(const std::string& scheme) {
  const auto steps = *rc::gen::container<std::vector<Step>>(any_step());
  const Sizes sizes{*rc::gen::inRange<std::size_t>(1, 8), *rc::gen::inRange<std::uint64_t>(0, 30),
                    *rc::gen::inRange<std::size_t>(1, 20)};
  Asker asker(scheme, sizes);
  for (const Step& step : steps) asker.step(step);
  asker.check_answered();
  asker.stop_and_check(*rc::gen::arbitrary<bool>());
}

}  // namespace

TEST_CASE("whatever is asked is answered once, whenever the store refuses", "[property]") {
  for (const std::string& scheme : support::store_schemes())
    rc::prop("on " + scheme, [&] { check_any(scheme); });
}

}  // namespace reckoner
