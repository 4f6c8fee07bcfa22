#include "storage/format/records.hpp"

#include <algorithm>

#include "engine/customer/entry_encoding.hpp"
#include "engine/customer/state_encoding.hpp"
#include "engine/limits.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::storage {
namespace {

// Decodes by `read` what is sealed; nothing where it is damaged or does not end where it should.
template <class Read>
auto decode_sealed(Table table, std::string_view key, std::string_view value, Read read)
    -> std::optional<decltype(read(std::declval<Decoder&>()))> {
  const auto bytes = unseal(table, key, value);
  if (!bytes) return std::nullopt;
  Decoder in(*bytes);
  auto record = read(in);
  if (!in.finished()) return std::nullopt;
  return record;
}

Digest read_digest(Decoder& in) {
  Digest digest{};
  const std::string_view bytes = in.raw(digest.size());
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

Digest book_chain_hash(const Digest& before, Instant from, std::string_view book) {
  Encoder out;
  out.raw(as_bytes(before));
  out.instant(from);
  out.raw(book);
  return sha256(out.bytes());
}

std::string encode_record(std::string_view key, const StoreRecord& record) {
  Encoder out;
  out.count(record.format_version);
  out.count(record.shards);
  for (const std::uint8_t byte : record.key_secret) out.byte(byte);
  return seal(Table::meta, key, out.take());
}

std::optional<StoreRecord> decode_store_record(std::string_view key, std::string_view value) {
  return decode_sealed(Table::meta, key, value, [](Decoder& in) {
    StoreRecord record;
    record.format_version = in.small<std::uint32_t>();
    record.shards = in.small<std::uint32_t>();
    for (std::uint8_t& byte : record.key_secret) byte = in.byte();
    return record;
  });
}

std::string encode_record(std::string_view key, const BookRecord& record) {
  Encoder out;
  out.instant(record.from);
  out.text(record.book);
  out.raw(as_bytes(record.hash));
  return seal(Table::books, key, out.take());
}

std::optional<BookRecord> decode_book_record(std::string_view key, std::string_view value) {
  return decode_sealed(Table::books, key, value, [](Decoder& in) {
    BookRecord record;
    record.from = in.instant();
    record.book = in.text();
    record.hash = read_digest(in);
    return record;
  });
}

std::string encode_record(std::string_view key, const Mark& mark) {
  Encoder out;
  out.count(mark.applied);
  return seal(Table::marks, key, out.take());
}

std::optional<Mark> decode_mark(std::string_view key, std::string_view value) {
  return decode_sealed(Table::marks, key, value, [](Decoder& in) { return Mark{in.count()}; });
}

std::string encode_record(std::string_view key, const CustomerRecord& record) {
  Encoder out;
  out.count(record.position);
  out.instant(record.due);
  out.count(record.users_hash);
  out.text(record.snapshot);
  return seal(Table::customers, key, out.take());
}

std::optional<CustomerRecord> decode_customer_record(std::string_view key, std::string_view value) {
  return decode_sealed(Table::customers, key, value, [](Decoder& in) {
    CustomerRecord record;
    record.position = in.count();
    record.due = in.instant();
    record.users_hash = in.count();
    record.snapshot = in.text();
    return record;
  });
}

std::string encode_record(std::string_view key, const Charge& charge) {
  Encoder out;
  encode(out, charge);
  return seal(Table::charges, key, out.take());
}

std::optional<Charge> decode_charge(std::string_view key, std::string_view value) {
  return decode_sealed(Table::charges, key, value,
                       [](Decoder& in) { return reckoner::decode_charge(in); });
}

std::string encode_open_charge(std::string_view key, const Charge& charge) {
  Encoder out;
  encode(out, charge);
  return seal(Table::open_charges, key, out.take());
}

std::optional<Charge> decode_open_charge(std::string_view key, std::string_view value) {
  return decode_sealed(Table::open_charges, key, value,
                       [](Decoder& in) { return reckoner::decode_charge(in); });
}

std::string encode_charge_status(std::string_view key, ChargeStatus status) {
  Encoder out;
  out.byte(static_cast<std::uint8_t>(status));
  return seal(Table::charges_by_time, key, out.take());
}

std::optional<ChargeStatus> decode_charge_status(std::string_view key, std::string_view value) {
  return decode_sealed(Table::charges_by_time, key, value, [](Decoder& in) {
    return static_cast<ChargeStatus>(in.choice(kChargeStatuses));
  });
}

std::string encode_record(std::string_view key, const ClosedUsage& closed) {
  Encoder out;
  out.instant(closed.period.start);
  out.instant(closed.period.end);
  encode(out, closed.usage);
  return seal(Table::closed_usage, key, out.take());
}

std::optional<ClosedUsage> decode_closed_usage(std::string_view key, std::string_view value) {
  return decode_sealed(Table::closed_usage, key, value, [](Decoder& in) {
    ClosedUsage closed;
    closed.period.start = in.instant();
    closed.period.end = in.instant();
    closed.usage = decode_period_usage(in);
    return closed;
  });
}

std::string encode_set_aside(std::string_view key, std::uint64_t position) {
  Encoder out;
  out.count(position);
  return seal(Table::meta, key, out.take());
}

std::optional<std::uint64_t> decode_set_aside(std::string_view key, std::string_view value) {
  return decode_sealed(Table::meta, key, value, [](Decoder& in) { return in.count(); });
}

std::string encode_record(std::string_view key, const ApiKeyRecord& record) {
  Encoder out;
  out.text(record.name);
  out.byte(record.scopes);
  out.raw(as_bytes(record.secret_hash));
  out.instant(record.created);
  out.flag(record.revoked.has_value());
  if (record.revoked) out.instant(*record.revoked);
  return seal(Table::api_keys, key, out.take());
}

std::optional<ApiKeyRecord> decode_api_key(std::string_view key, std::string_view value) {
  return decode_sealed(Table::api_keys, key, value, [](Decoder& in) {
    ApiKeyRecord record;
    record.name = in.text();
    record.scopes = in.choice(kAllScopes + 1);
    record.secret_hash = read_digest(in);
    record.created = in.date_instant();
    if (in.flag()) record.revoked = in.date_instant();
    return record;
  });
}

std::string encode_record(const PolarCustomer& polar) {
  Encoder out;
  out.text(polar.customer_id);
  out.flag(polar.deleted);
  out.text(polar.email);
  return seal(Table::polar_customers, polar.id, out.take());
}

std::optional<PolarCustomer> decode_polar_customer(std::string_view key, std::string_view value) {
  return decode_sealed(Table::polar_customers, key, value, [key](Decoder& in) {
    PolarCustomer polar;
    polar.id = key;
    polar.customer_id = in.text();
    polar.deleted = in.flag();
    polar.email = in.text();
    return polar;
  });
}

std::string encode_record(const KnownCustomer& customer) {
  Encoder out;
  out.text(customer.email);
  out.text(customer.polar_customer_id);
  return seal(Table::known_customers, customer.id, out.take());
}

std::optional<KnownCustomer> decode_known_customer(std::string_view key, std::string_view value) {
  return decode_sealed(Table::known_customers, key, value, [key](Decoder& in) {
    KnownCustomer customer;
    customer.id = key;
    customer.email = in.text();
    customer.polar_customer_id = in.text();
    return customer;
  });
}

std::string encode_parked(std::string_view key, const PolarEvent& event) {
  Encoder out;
  encode(out, event);
  return seal(Table::parked, key, out.take());
}

std::optional<PolarEvent> decode_parked(std::string_view key, std::string_view value) {
  return decode_sealed(Table::parked, key, value, [](Decoder& in) {
    PolarEvent event;
    decode(in, event);
    return event;
  });
}

}  // namespace reckoner::storage
