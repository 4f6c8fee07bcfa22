// What happens to a charge: an operator's act, or what the settlement found out.
#include <algorithm>
#include <utility>

#include "actors/engine/request.hpp"

namespace reckoner::actors {
namespace {

template <class Body>
class ChargeOnItsWay final : public Request {
 public:
  explicit ChargeOnItsWay(ChargeRequest<Body> request)
      : Request(request.at), request_(std::move(request)) {}

  storage::StoreStatus stage(storage::Intake& intake, Instant at,
                             std::optional<Error>& refused) override {
    bool is = true;
    // A history's line is taken as it is.
    if (!this->at())
      if (storage::StoreStatus failed = intake.registered(request_.customer_id, is)) return failed;
    if (!is) return refused = unknown(), std::nullopt;
    intake.entry({at, request_.customer_id, request_.body});
    return std::nullopt;
  }

  void applied(std::size_t /*place*/, const Applied& applied) override {
    answered_ = true;
    if (applied.customer == nullptr || applied.effects.unknown_charge)
      return request_.on_done(unknown());
    const CustomerState& state = applied.customer->state();
    const CustomerView view{state, applied.books, applied.entry.at};
    // The last of that number: a charge that is closed has left the state.
    const auto& changed = applied.effects.charges;
    const auto found = std::find_if(changed.rbegin(), changed.rend(), [&](const Charge& charge) {
      return charge.number == request_.body.charge_number;
    });
    if (found == changed.rend()) return request_.on_done(unknown());
    const ChargeAnswer answer{*found, view};
    request_.on_done(&answer);
  }
  // Where it concerned nobody, it is answered before the rest of its commit has been handed out.
  void failed(const Error& error) override {
    if (!std::exchange(answered_, true)) request_.on_done(error);
  }

 private:
  Error unknown() const {
    return {"unknown_charge", "no charge " +
                                  charge_id(request_.customer_id, request_.body.charge_number) +
                                  " is in a status that this applies to"};
  }
  void done() override { RECKONER_CHECK(answered_, "an act on a charge has come to nobody"); }

  ChargeRequest<Body> request_;
  bool answered_ = false;
};

}  // namespace

RequestPtr make_request(ChargeRequest<OperatorAct> request) {
  return std::make_shared<ChargeOnItsWay<OperatorAct>>(std::move(request));
}

RequestPtr make_request(ChargeRequest<Settlement> request) {
  return std::make_shared<ChargeOnItsWay<Settlement>>(std::move(request));
}

}  // namespace reckoner::actors
