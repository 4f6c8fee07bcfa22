#include "actors/engine/reads/charge_lists.hpp"

#include <map>

#include "engine/basics/sha256.hpp"
#include "storage/format/keys.hpp"
#include "storage/format/records.hpp"
#include "storage/format/sealed.hpp"

namespace reckoner::actors {
namespace {

using storage::Reader;
using storage::StoreStatus;
using storage::Table;

std::string customer_of(std::string_view charge_key) {
  return std::string(charge_key.substr(0, charge_key.find('\0')));
}

// Pages go on behind a key. Keys hold any bytes, so they are given out in hex.
std::string behind(const std::string& cursor) {
  if (cursor.empty()) return {};
  std::string key = from_hex(cursor).value_or(std::string());
  key.push_back('\0');
  return key;
}

bool matches(const ChargesQuery& query, const Charge& charge) {
  return !query.status || charge.status == *query.status;
}

// The page under way: those with the smallest keys so far, and one more that tells whether there
// is a next one.
class PageByKey {
 public:
  explicit PageByKey(std::size_t limit) : limit_(limit) {}

  bool wants(const std::string& key) const {
    return kept_.size() <= limit_ || key < kept_.rbegin()->first;
  }
  bool full() const { return kept_.size() > limit_; }
  void add(std::string key, CustomersCharge charge) {
    kept_.emplace(std::move(key), std::move(charge));
    if (kept_.size() > limit_ + 1) kept_.erase(std::prev(kept_.end()));
  }
  void finish(ChargesPage& page) && {
    const bool more = full();
    if (more) kept_.erase(std::prev(kept_.end()));
    if (more && !kept_.empty()) page.next = to_hex(kept_.rbegin()->first);
    for (auto& [key, charge] : kept_) page.charges.push_back(std::move(charge));
  }

 private:
  std::size_t limit_;
  std::map<std::string, CustomersCharge> kept_;
};

// One customer's: they lie together, in order of number.
StoreStatus list_customers(Reader& reader, const ChargesQuery& query, ChargesPage& page) {
  const std::string prefix = storage::customer_prefix(query.customer_id);
  const std::string from = behind(query.after);
  PageByKey kept(query.limit);
  StoreStatus wrong;
  StoreStatus failed =
      reader.scan(Table::charges, prefix, [&](std::string_view key, std::string_view value) {
        if (!key.starts_with(prefix)) return false;
        const auto charge = storage::decode_charge(key, value);
        if (!charge) return wrong = storage::damaged(Table::charges, key), false;
        std::string place = storage::charge_time_key(charge->at, query.customer_id, charge->number);
        // Of the same instant: the later number first.
        place.replace(8, std::string::npos, storage::number_key(~charge->number));
        if (place >= from && matches(query, *charge) && kept.wants(place))
          kept.add(std::move(place), {query.customer_id, {}, *charge});
        return true;
      });
  std::move(kept).finish(page);
  return failed ? failed : wrong;
}

// Of charges that are not closed there are few.
StoreStatus list_open(Reader& reader, const ChargesQuery& query, ChargesPage& page) {
  const std::string from = behind(query.after);
  PageByKey kept(query.limit);
  StoreStatus wrong;
  StoreStatus failed =
      reader.scan(Table::open_charges, {}, [&](std::string_view key, std::string_view value) {
        const auto charge = storage::decode_open_charge(key, value);
        if (!charge) return wrong = storage::damaged(Table::open_charges, key), false;
        std::string customer = customer_of(key);
        std::string place = storage::charge_time_key(charge->at, customer, charge->number);
        if (place >= from && matches(query, *charge) && kept.wants(place))
          kept.add(std::move(place), {std::move(customer), {}, *charge});
        return true;
      });
  std::move(kept).finish(page);
  return failed ? failed : wrong;
}

StoreStatus list_all(Reader& reader, const ChargesQuery& query, ChargesPage& page) {
  std::vector<std::string> keys;
  StoreStatus wrong;
  StoreStatus failed = reader.scan(Table::charges_by_time, behind(query.after),
                                   [&](std::string_view key, std::string_view value) {
                                     const auto status = storage::decode_charge_status(key, value);
                                     if (!status)
                                       return wrong = storage::damaged(Table::charges_by_time, key),
                                              false;
                                     if (!query.status || *status == *query.status)
                                       keys.emplace_back(key);
                                     return keys.size() <= query.limit;
                                   });
  if (failed || wrong) return failed ? failed : wrong;
  if (keys.size() > query.limit) {
    keys.pop_back();
    page.next = to_hex(keys.back());
  }
  for (const std::string& key : keys) {
    const std::string charge_key(storage::charge_key_of_time_key(key));
    std::optional<std::string> stored;
    if ((failed = reader.get(Table::charges, charge_key, stored))) return failed;
    const auto charge = stored ? storage::decode_charge(charge_key, *stored) : std::nullopt;
    if (!charge) return storage::damaged(Table::charges, charge_key);
    page.charges.push_back({customer_of(charge_key), {}, *charge});
  }
  return std::nullopt;
}

}  // namespace

StoreStatus list_charges(Reader& reader, const ChargesQuery& query, ChargesPage& page) {
  if (!query.customer_id.empty()) return list_customers(reader, query, page);
  if (query.status && !is_closed(*query.status)) return list_open(reader, query, page);
  return list_all(reader, query, page);
}

StoreStatus list_charges_to_settle(Reader& reader, const std::string& after, std::size_t most,
                                   ChargesPage& page) {
  StoreStatus wrong;
  StoreStatus failed = reader.scan(
      Table::open_charges, behind(after), [&](std::string_view key, std::string_view value) {
        const auto charge = storage::decode_open_charge(key, value);
        if (!charge) return wrong = storage::damaged(Table::open_charges, key), false;
        if (charge->status != ChargeStatus::pending && charge->status != ChargeStatus::unknown)
          return true;
        if (page.charges.size() == most) return false;
        page.charges.push_back({customer_of(key), {}, *charge});
        page.next = to_hex(key);
        return true;
      });
  if (page.charges.size() < most) page.next.clear();
  return failed ? failed : wrong;
}

}  // namespace reckoner::actors
