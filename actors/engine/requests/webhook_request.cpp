// A webhook: answered once it is durable and on its way to the customer whom it concerns. What
// comes after the answer is applied after it.
#include "actors/engine/request.hpp"

namespace reckoner::actors {
namespace {

class WebhookOnItsWay final : public Request {
 public:
  explicit WebhookOnItsWay(WebhookRequest request)
      : Request(request.at), request_(std::move(request)) {}

  storage::StoreStatus stage(storage::Intake& intake, Instant at,
                             std::optional<Error>& /*refused*/) override {
    // It arrives when it is accepted, as a history says: only one instant is kept of it there.
    request_.event.arrived = at;
    const Webhook webhook{request_.id, request_.body, request_.event};
    storage::Heard heard;
    return intake.webhook(at, webhook, answer_.verdict, heard);
  }
  bool waits_for_customers() const override { return false; }
  void applied(std::size_t /*place*/, const Applied& /*applied*/) override {}
  void failed(const Error& error) override { request_.on_done(error); }

 private:
  void done() override { request_.on_done(answer_); }

  WebhookRequest request_;
  WebhookAnswer answer_;
};

}  // namespace

RequestPtr make_request(WebhookRequest request) {
  return std::make_shared<WebhookOnItsWay>(std::move(request));
}

}  // namespace reckoner::actors
