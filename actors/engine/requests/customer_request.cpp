// What an application says of a customer: registers it, or changes what is given.
#include "actors/engine/request.hpp"

namespace reckoner::actors {
namespace {

class CustomerOnItsWay final : public Request {
 public:
  explicit CustomerOnItsWay(CustomerRequest request)
      : Request(request.at), request_(std::move(request)) {}

  storage::StoreStatus stage(storage::Intake& intake, Instant at,
                             std::optional<Error>& refused) override {
    const CustomerLine& line = request_.line;
    bool is = true;
    if (request_.must_exist)
      if (storage::StoreStatus failed = intake.registered(line.customer_id, is)) return failed;
    if (!is)
      return refused =
                 Error{"unknown_customer", "no customer has the id '" + line.customer_id + "'"},
             std::nullopt;
    bool claims = false;
    if (storage::StoreStatus failed = intake.claims_anothers(line, claims)) return failed;
    // A history's line is taken as it is: the rules say what it does.
    if (claims && !at_is_given())
      return refused =
                 Error{"polar_customer_taken", "polar_customer_id '" + line.polar_customer_id +
                                                   "' cannot be linked to '" + line.customer_id +
                                                   "': one of the two has been linked to another"},
             std::nullopt;
    storage::Heard heard;
    return intake.customer(at, line, heard);
  }

  void applied(std::size_t /*place*/, const Applied& applied) override {
    const CustomerView view{applied.customer->state(), applied.books, applied.entry.at};
    const CustomerAnswer answer{applied.registered, view};
    answered_ = true;
    request_.on_done(&answer);
  }
  void failed(const Error& error) override { request_.on_done(error); }

 private:
  bool at_is_given() const { return at().has_value(); }
  void done() override { RECKONER_CHECK(answered_, "a line of a customer has come to nobody"); }

  CustomerRequest request_;
  bool answered_ = false;
};

}  // namespace

RequestPtr make_request(CustomerRequest request) {
  return std::make_shared<CustomerOnItsWay>(std::move(request));
}

}  // namespace reckoner::actors
