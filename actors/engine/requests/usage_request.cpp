// Usage: one event or many; its answer says what became of each.
#include "actors/engine/request.hpp"
#include "actors/engine/usage_totals.hpp"

namespace reckoner::actors {
namespace {

class UsageRequestOnItsWay final : public Request {
 public:
  explicit UsageRequestOnItsWay(std::shared_ptr<UsageBatch> batch)
      : Request(batch->at), batch_(std::move(batch)) {}

  std::size_t events() const override { return batch_->events.size(); }

  storage::StoreStatus stage(storage::Intake& intake, Instant at,
                             std::optional<Error>& /*refused*/) override {
    UsageBatch& batch = *batch_;
    at_ = at;
    batch.verdicts.resize(batch.events.size());
    const bool one = batch.events.size() == 1;
    if (storage::StoreStatus failed =
            one ? intake.usage(at, batch.events[0], batch.verdicts[0])
                : intake.usage(at, batch.events, std::span(batch.verdicts)))
      return failed;
    if (!batch.wants_totals) return std::nullopt;
    batch.totals.resize(batch.events.size());
    accepted_.clear();
    for (std::size_t i = 0; i < batch.events.size(); ++i)
      if (batch.verdicts[i].accepted()) accepted_.push_back(i);
    return std::nullopt;
  }

  void applied(std::size_t place, const Applied& applied) override {
    if (!batch_->wants_totals || applied.customer == nullptr) return;
    const std::size_t event = accepted_[place];
    batch_->totals[event] = totals_after(applied.customer->state(), applied.books, applied.effects,
                                         *std::get_if<Usage>(&applied.entry.body), at_);
  }

  std::vector<Look> looks() const override {
    std::vector<Look> looks;
    if (!batch_->wants_totals) return looks;
    for (std::size_t i = 0; i < batch_->events.size(); ++i) {
      const auto kind = batch_->verdicts[i].kind;
      if (kind == storage::Verdict::Kind::duplicate || kind == storage::Verdict::Kind::conflict)
        looks.push_back({std::string(batch_->events[i].customer_id), i});
    }
    return looks;
  }

  void looked(std::size_t place, const storage::LiveCustomer* customer,
              const Books& books) override {
    if (customer == nullptr) return;
    batch_->totals[place] =
        totals_as_they_are(customer->state(), books, batch_->events[place].request.usage, at_);
  }

  void failed(const Error& error) override { batch_->on_done(*batch_, &error); }

 private:
  void done() override { batch_->on_done(*batch_, nullptr); }

  std::shared_ptr<UsageBatch> batch_;
  Instant at_;
  std::vector<std::size_t> accepted_;  // by place among the entries: the event
};

}  // namespace

RequestPtr make_request(std::shared_ptr<UsageBatch> batch) {
  return std::make_shared<UsageRequestOnItsWay>(std::move(batch));
}

}  // namespace reckoner::actors
