#include "engine/identity/memory_tables.hpp"

#include "engine/basics/ids.hpp"
#include "engine/customer/entry_encoding.hpp"

namespace reckoner {
namespace {

template <class Records>
auto find_in(const Records& records, std::string_view id)
    -> std::optional<typename Records::mapped_type> {
  const auto found = records.find(id);
  if (found == records.end()) return std::nullopt;
  return found->second;
}

std::string first_with(const std::set<std::pair<std::string, std::string>>& emails,
                       std::string_view email) {
  const std::string folded = fold_case(email);
  const auto first = emails.lower_bound({folded, std::string()});
  return first != emails.end() && first->first == folded ? first->second : std::string();
}

std::pair<std::string, std::string> key_of(const std::string& email, const std::string& id) {
  return {fold_case(email), id};
}

bool indexed(const KnownCustomer& customer) {
  return customer.polar_customer_id.empty() && !customer.email.empty();
}

// Puts a record and keeps the index of e-mails true.
template <class Records, class Record, class Emails, class Indexed>
void replace(Records& records, const Record& record, Emails& emails, Indexed indexed) {
  Record& held = records[record.id];
  if (indexed(held)) emails.erase(key_of(held.email, held.id));
  held = record;
  if (indexed(held)) emails.insert(key_of(held.email, held.id));
}

// Ids of a list, which must come in byte order.
class AscendingIds {
 public:
  std::string_view next(Decoder& in) {
    const std::string_view id = in.text();
    in.require(first_ || id > last_);
    first_ = false;
    last_ = id;
    return id;
  }

 private:
  bool first_ = true;
  std::string_view last_;
};

}  // namespace

std::optional<PolarCustomer> MemoryIdentityTables::polar_customer(std::string_view id) {
  return find_in(polar_, id);
}

std::optional<KnownCustomer> MemoryIdentityTables::customer(std::string_view id) {
  return find_in(customers_, id);
}

std::string MemoryIdentityTables::unlinked_with_email(std::string_view email) {
  return first_with(unlinked_, email);
}

std::string MemoryIdentityTables::remembered_with_email(std::string_view email) {
  return first_with(remembered_, email);
}

void MemoryIdentityTables::put(const PolarCustomer& polar) {
  replace(polar_, polar, remembered_, [](const PolarCustomer& p) { return !p.email.empty(); });
}

void MemoryIdentityTables::put(const KnownCustomer& customer) {
  replace(customers_, customer, unlinked_, indexed);
}

void MemoryIdentityTables::park(const PolarEvent& event) {
  parked_[event.polar_customer_id].push_back(event);
}

std::vector<PolarEvent> MemoryIdentityTables::take_parked(std::string_view polar_customer_id) {
  const auto found = parked_.find(polar_customer_id);
  if (found == parked_.end()) return {};
  std::vector<PolarEvent> taken = std::move(found->second);
  parked_.erase(found);
  return taken;
}

void encode(Encoder& out, const MemoryIdentityTables& tables) {
  out.count(tables.customers().size());
  for (const auto& [id, customer] : tables.customers()) {
    out.text(id);
    out.text(customer.email);
    out.text(customer.polar_customer_id);
  }
  out.count(tables.polar_customers().size());
  for (const auto& [id, polar] : tables.polar_customers()) {
    out.text(id);
    out.text(polar.customer_id);
    out.flag(polar.deleted);
    out.text(polar.email);
  }
  out.count(tables.parked().size());
  for (const auto& [id, events] : tables.parked()) {
    out.text(id);
    out.count(events.size());
    for (const PolarEvent& event : events) encode(out, event);
  }
}

bool decode(Decoder& in, MemoryIdentityTables& tables) {
  tables = MemoryIdentityTables();
  AscendingIds customers, polar_customers, parked;
  for (std::size_t left = in.list(3); left > 0 && in.good(); --left) {
    KnownCustomer customer;
    customer.id = customers.next(in);
    customer.email = in.text();
    customer.polar_customer_id = in.text();
    tables.put(customer);
  }
  for (std::size_t left = in.list(4); left > 0 && in.good(); --left) {
    PolarCustomer polar;
    polar.id = polar_customers.next(in);
    polar.customer_id = in.text();
    polar.deleted = in.flag();
    polar.email = in.text();
    tables.put(polar);
  }
  for (std::size_t left = in.list(2); left > 0 && in.good(); --left) {
    const std::string_view id = parked.next(in);
    std::size_t events = in.list();
    in.require(events > 0);
    for (; events > 0 && in.good(); --events) {
      const PolarEvent event = decode_polar_event(in);
      in.require(event.polar_customer_id == id);
      tables.park(event);
    }
  }
  return in.good();
}

}  // namespace reckoner
