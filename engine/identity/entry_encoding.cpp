#include "engine/identity/entry_encoding.hpp"

#include "engine/customer/entry_encoding.hpp"

namespace reckoner {
namespace {

enum class Kind : std::uint8_t { customer_line, webhook };
constexpr int kKinds = 2;

void encode_body(Encoder& out, const CustomerLine& line) {
  out.byte(static_cast<std::uint8_t>(Kind::customer_line));
  out.text(line.customer_id);
  encode(out, line.profile);
  out.text(line.polar_customer_id);
}

CustomerLine decode_line(Decoder& in) {
  CustomerLine line;
  line.customer_id = in.text();
  line.profile = decode_profile(in);
  line.polar_customer_id = in.text();
  return line;
}

void encode_body(Encoder& out, const Webhook& webhook) {
  out.byte(static_cast<std::uint8_t>(Kind::webhook));
  out.text(webhook.id);
  out.text(webhook.body);
  encode(out, webhook.event);
}

void decode_webhook(Decoder& in, Webhook& webhook) {
  webhook.id = in.text();
  webhook.body = in.text();
  decode(in, webhook.event);
}

}  // namespace

void encode(Encoder& out, const IdentityEntry& entry, Instant before) {
  out.count(static_cast<std::uint64_t>(entry.at - before));
  std::visit([&out](const auto& body) { encode_body(out, body); }, entry.body);
}

void decode(Decoder& in, Instant before, IdentityEntry& entry) {
  const std::uint64_t later = in.count();
  in.require(later < static_cast<std::uint64_t>(kCalendarEnd - before));
  entry.at = in.good() ? before + static_cast<Micros>(later) : before;
  if (in.choice(kKinds) == static_cast<std::uint8_t>(Kind::webhook)) {
    // An entry that held a webhook before keeps its memory.
    if (!std::holds_alternative<Webhook>(entry.body)) entry.body.emplace<Webhook>();
    decode_webhook(in, std::get<Webhook>(entry.body));
  } else {
    entry.body = decode_line(in);
  }
}

}  // namespace reckoner
