// After a stop the engine may go: nothing more is asked of it, whatever Polar still says.
#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

#include "actors/settlement/charge_source.hpp"
#include "actors/settlement/settlement.hpp"

namespace reckoner::settlement {
namespace {

// One charge, which is pending until something else is recorded of it.
class OneCharge : public ChargeSource {
 public:
  void record(std::string /*customer_id*/, Settlement settlement, OnRecorded on_recorded) override {
    ++recorded;
    CustomersCharge after = charge();
    after.charge.status = settlement.status;
    on_recorded(after);
  }
  void find(std::string /*customer_id*/, std::uint32_t /*number*/, OnFound on_found) override {
    on_found(std::optional(charge()));
  }
  void to_settle(std::string /*after*/, std::size_t /*most*/,
                 actors::OnCharges on_charges) override {
    ChargesPage page;
    page.charges.push_back(charge());
    on_charges(page);
  }

  std::atomic<int> recorded{0};

 private:
  static CustomersCharge charge() {
    CustomersCharge out{"ada", "P1", {}};
    out.charge.number = 1;
    out.charge.amount = 100;
    return out;
  }
};

// Holds what it is sent until the test says what came of it.
class SlowPolar : public polar::SettlementAdapter {
 public:
  void send(const polar::ChargeOrder& /*order*/, polar::OnOutcome on_outcome) override {
    sent.set_value(std::move(on_outcome));
  }
  void look_up(const polar::ChargeOrder& /*order*/, polar::OnOutcome on_outcome) override {
    on_outcome(polar::Absent{});
  }

  std::promise<polar::OnOutcome> sent;
};

}  // namespace

TEST_CASE("settlement, stop: an answer that comes too late asks nothing of the engine") {
  const auto source = std::make_shared<OneCharge>();
  const auto polar = std::make_shared<SlowPolar>();
  SettlementOptions options;
  options.grace = Delay(1);
  SettlementService service(source, polar, options, {});
  const polar::OnOutcome answer = polar->sent.get_future().get();
  REQUIRE(source->recorded == 1);  // that it is under way
  CHECK_FALSE(service.stop());
  answer(polar::Taken{"ch_1", ChargeStatus::submitted});
  for (int i = 0; i < 100 && source->recorded == 1; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  CHECK(source->recorded == 1);
  CHECK(service.figures().in_flight == 1);
  service.charge_changed({});
}

}  // namespace reckoner::settlement
