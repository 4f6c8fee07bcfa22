#include "storage/identity/stored_tables.hpp"

#include <utility>

#include "storage/format/keys.hpp"
#include "storage/format/record_scan.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::storage {
namespace {

// The e-mail that a record is in an index under; empty: it is not.
std::string_view indexed_email(const KnownCustomer& customer) {
  return customer.polar_customer_id.empty() ? customer.email : std::string_view();
}
std::string_view indexed_email(const PolarCustomer& polar) {
  return polar.email;
}

}  // namespace

// --- reading, through what is staged --------------------------------------------------------

std::optional<std::string> StoredIdentityTables::get(Table table, std::string_view key) {
  const auto staged = staged_.find(Place(table, std::string(key)));
  if (staged != staged_.end()) return staged->second;
  std::optional<std::string> value;
  if (!failed_) failed_ = reader_.get(table, key, value);
  return value;
}

// All rows whose key begins with `prefix`, in order.
std::vector<Row> StoredIdentityTables::scan(Table table, std::string_view prefix) {
  std::map<std::string, std::optional<std::string>> found;
  if (!failed_)
    failed_ = reader_.scan(table, prefix, [&](std::string_view key, std::string_view value) {
      if (!key.starts_with(prefix)) return false;
      found.emplace(key, value);
      return true;
    });
  for (auto at = staged_.lower_bound(Place(table, std::string(prefix)));
       at != staged_.end() && at->first.first == table && at->first.second.starts_with(prefix);
       ++at)
    found[at->first.second] = at->second;
  std::vector<Row> rows;
  for (auto& [key, value] : found)
    if (value) rows.push_back({key, std::move(*value)});
  return rows;
}

std::optional<PolarCustomer> StoredIdentityTables::polar_customer(std::string_view id) {
  const auto value = get(Table::polar_customers, id);
  if (!value) return std::nullopt;
  auto polar = decode_polar_customer(id, *value);
  if (!polar && !failed_) failed_ = damaged(Table::polar_customers, id);
  return polar;
}

std::optional<KnownCustomer> StoredIdentityTables::customer(std::string_view id) {
  const auto value = get(Table::known_customers, id);
  if (!value) return std::nullopt;
  auto known = decode_known_customer(id, *value);
  if (!known && !failed_) failed_ = damaged(Table::known_customers, id);
  return known;
}

// The smallest id in an index of e-mails, and of those that are staged.
std::string StoredIdentityTables::first_with(Table table, std::string_view email) {
  const std::string prefix = email_prefix(email);
  std::string first;
  if (!failed_)
    failed_ = reader_.scan(table, prefix, [&](std::string_view key, std::string_view) {
      if (!key.starts_with(prefix)) return false;
      const auto staged = staged_.find(Place(table, std::string(key)));
      if (staged != staged_.end() && !staged->second) return true;  // erased
      first = key;
      return false;
    });
  for (auto at = staged_.lower_bound(Place(table, prefix));
       at != staged_.end() && at->first.first == table && at->first.second.starts_with(prefix);
       ++at)
    if (at->second) {
      if (first.empty() || at->first.second < first) first = at->first.second;
      break;
    }
  return first.empty() ? first : first.substr(prefix.size());
}

std::string StoredIdentityTables::unlinked_with_email(std::string_view email) {
  return first_with(Table::unlinked_emails, email);
}

std::string StoredIdentityTables::remembered_with_email(std::string_view email) {
  return first_with(Table::remembered_emails, email);
}

// --- staging --------------------------------------------------------------------------------

void StoredIdentityTables::stage(Table table, std::string key, std::optional<std::string> value) {
  staged_[Place(table, std::move(key))] = std::move(value);
}

void StoredIdentityTables::move_email(Table table, std::string_view id, std::string_view before,
                                      std::string_view after) {
  if (before == after) return;
  if (!before.empty()) stage(table, email_key(before, id), std::nullopt);
  if (!after.empty()) stage(table, email_key(after, id), std::string());
}

void StoredIdentityTables::put(const PolarCustomer& polar) {
  const PolarCustomer before = polar_customer(polar.id).value_or(PolarCustomer{});
  move_email(Table::remembered_emails, polar.id, indexed_email(before), indexed_email(polar));
  stage(Table::polar_customers, polar.id, encode_record(polar));
}

void StoredIdentityTables::put(const KnownCustomer& customer) {
  const KnownCustomer before = this->customer(customer.id).value_or(KnownCustomer{});
  move_email(Table::unlinked_emails, customer.id, indexed_email(before), indexed_email(customer));
  stage(Table::known_customers, customer.id, encode_record(customer));
}

void StoredIdentityTables::park(const PolarEvent& event) {
  std::string key = parked_key(event.polar_customer_id, sequence_);
  std::string value = encode_parked(key, event);
  stage(Table::parked, std::move(key), std::move(value));
}

std::vector<PolarEvent> StoredIdentityTables::take_parked(std::string_view polar_customer_id) {
  std::vector<PolarEvent> events;
  for (Row& row : scan(Table::parked, parked_prefix(polar_customer_id))) {
    auto event = decode_parked(row.key, row.value);
    if (event) events.push_back(std::move(*event));
    if (!event && !failed_) failed_ = damaged(Table::parked, row.key);
    stage(Table::parked, std::move(row.key), std::nullopt);
  }
  return events;
}

void StoredIdentityTables::write(Batch& batch) const {
  for (const auto& [place, value] : staged_) {
    if (value) {
      batch.put(place.first, place.second, *value);
    } else {
      batch.erase(place.first, place.second);
    }
  }
}

void StoredIdentityTables::drop() {
  staged_.clear();
  failed_.reset();
}

// --- loading --------------------------------------------------------------------------------

StoreStatus load_identity(Reader& reader, MemoryIdentityTables& tables) {
  const auto put = [&](std::string_view, const auto& record) { tables.put(record); };
  if (auto failed = scan_records(reader, Table::polar_customers, decode_polar_customer, put))
    return failed;
  if (auto failed = scan_records(reader, Table::known_customers, decode_known_customer, put))
    return failed;
  return scan_records(reader, Table::parked, decode_parked,
                      [&](std::string_view, const PolarEvent& event) { tables.park(event); });
}

}  // namespace reckoner::storage
