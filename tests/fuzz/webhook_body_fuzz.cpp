// Bodies of webhooks, one a line, each an hour after the one before. What is JSON becomes an event
// without an error; identity and a customer hear it, the customer uses tokens meanwhile, and in the
// end a year passes.
#include <set>

#include "engine/customer/entry_encoding.hpp"
#include "engine/polar/body.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace reckoner {
namespace {

constexpr Instant kStart{1'780'000'000 * kSecond};
constexpr Micros kHour = 3'600 * kSecond;

// Decodes into an event that was used before, as a reader of blocks does.
void check_encoding(const PolarEvent& event, PolarEvent& used) {
  Encoder out;
  encode(out, event);
  Decoder in(out.bytes());
  decode(in, used);
  RECKONER_CHECK(in.finished(), "an event does not decode");
  RECKONER_CHECK(used == event, "a decoded event is another one");
}

class Listener {
 public:
  void hear(std::string_view text) {
    at_ = at_ + kHour;
    auto body = bodies_.read(text, at_);
    if (!body.ok()) {
      RECKONER_CHECK(body.error().code == "invalid_json", "an error that is not about JSON");
      return;
    }
    check_encoding(body->event, decoded_);
    const std::string& polar = body->event.polar_customer_id;
    // Some are linked when they are first heard of; what the others say is parked until a body
    // links them.
    if (!polar.empty() && polar.size() % 2 == 0 && heard_of_.insert(polar).second)
      tell(CustomerLine{polar, {}, polar});
    tell(Webhook{body->id, text, body->event});
  }

  void finish() {
    for (CustomerState& state : ledger_.customers()) {
      effects_.clear();
      bring_forward(state, at_ + 400 * kDay, ledger_.books(), effects_);
    }
    fuzz::check_ledger(ledger_);
  }

 private:
  template <class Body>
  void tell(Body body) {
    const IdentityEffects found = ledger_.hear({at_, std::move(body)});
    if (found.customer_id.empty()) return;
    effects_.clear();
    ledger_.apply(at_, found.customer_id, found.notice, effects_);
    effects_.clear();
    const Usage usage{12'345, "op", {}, at_ - kDay, {}};
    ledger_.apply(at_, found.customer_id, usage, effects_);
  }

  polar::BodyReader bodies_;
  Ledger ledger_{Books(Book())};
  Effects effects_;
  PolarEvent decoded_;
  std::set<std::string> heard_of_;
  Instant at_ = kStart;
};

}  // namespace
}  // namespace reckoner

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reckoner;
  Listener listener;
  std::string_view text = fuzz::as_text(data, size);
  while (!text.empty()) listener.hear(fuzz::take_line(text));
  listener.finish();
  return 0;
}
