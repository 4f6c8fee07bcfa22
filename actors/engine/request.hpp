// A request on its way: staged by the lane, applied by customers, answered when all of it is
// durable and applied. Each kind has a file in requests/.
//
// stage, committed and failed are called by the lane; applied by whatever thread a customer runs
// on, several at once.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/engine/requests.hpp"
#include "storage/customers/live_customer.hpp"
#include "storage/intake/intake.hpp"

namespace reckoner::actors {

// An entry that was applied.
struct Applied {
  const CustomerEntry& entry;
  const Effects& effects;
  const storage::LiveCustomer* customer;  // null: there is none, and the entry makes none
  const Books& books;
  bool registered;  // the customer, by this entry
};

class Request {
 public:
  virtual ~Request() = default;

  std::optional<Instant> at() const { return at_; }
  virtual std::size_t events() const { return 1; }

  // Judges it and adds it to the batch. What the request itself is to blame for (an unknown
  // customer, say) goes to `refused`; an error of the store has dropped the batch. Called again
  // where the batch was dropped for another's sake.
  virtual storage::StoreStatus stage(storage::Intake& intake, Instant at,
                                     std::optional<Error>& refused) = 0;
  // Whether its answer waits until its entries are applied; else only until they are durable, and
  // on their way to the customers.
  virtual bool waits_for_customers() const { return true; }
  // The `place`th of the entries that it added was applied.
  virtual void applied(std::size_t place, const Applied& applied) = 0;
  // Of customers whom it has no entry of, and whom it wants to see after the commit.
  struct Look {
    std::string customer_id;
    std::size_t place;
  };
  virtual std::vector<Look> looks() const { return {}; }
  // `customer` is null where there is none.
  virtual void looked(std::size_t place, const storage::LiveCustomer* customer,
                      const Books& books) {
    static_cast<void>(place), static_cast<void>(customer), static_cast<void>(books);
  }
  // Nothing of it happened.
  virtual void failed(const Error& error) = 0;

  // Answered when all who hold it have let go: the lane, and each entry and look.
  void hold(std::uint32_t count) { held_.fetch_add(count, std::memory_order_relaxed); }
  void let_go(std::uint32_t count = 1) {
    if (held_.fetch_sub(count, std::memory_order_acq_rel) == count) done();
  }

 protected:
  explicit Request(std::optional<Instant> at) : at_(at) {}
  virtual void done() = 0;

 private:
  std::optional<Instant> at_;
  std::atomic<std::uint32_t> held_{1};
};

using RequestPtr = std::shared_ptr<Request>;

RequestPtr make_request(std::shared_ptr<UsageBatch> batch);
RequestPtr make_request(WebhookRequest request);
RequestPtr make_request(CustomerRequest request);
RequestPtr make_request(ChargeRequest<OperatorAct> request);
RequestPtr make_request(ChargeRequest<Settlement> request);

}  // namespace reckoner::actors
