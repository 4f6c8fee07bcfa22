#include "engine/identity/memory_tables.hpp"

#include <utility>

#include "engine/basics/ids.hpp"
#include "engine/customer/entry_encoding.hpp"

namespace reckoner {
namespace {

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

std::string MemoryIdentityTables::first_with(Emails& emails, std::string_view email) {
  const EmailIds* found = emails.find(fold_case(email));
  return found == nullptr || found->ids.empty() ? std::string() : *found->ids.begin();
}

// Puts a record and keeps the index of e-mails true.
template <class Record, class Indexed>
void MemoryIdentityTables::replace(RecordTable<Record>& records, const Record& record,
                                   Emails& emails, Indexed indexed) {
  Record& held = records.find_or_add(record.id);
  if (held == record) return;
  if (indexed(held)) emails.find_or_add(fold_case(held.email)).ids.erase(held.id);
  held = record;
  if (indexed(held)) emails.find_or_add(fold_case(held.email)).ids.insert(held.id);
}

std::optional<PolarCustomer> MemoryIdentityTables::polar_customer(std::string_view id) {
  const PolarCustomer* found = polar_.find(id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<KnownCustomer> MemoryIdentityTables::customer(std::string_view id) {
  const KnownCustomer* found = customers_.find(id);
  return found == nullptr ? std::nullopt : std::optional(*found);
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
  replace(customers_, customer, unlinked_,
          [](const KnownCustomer& c) { return c.polar_customer_id.empty() && !c.email.empty(); });
}

void MemoryIdentityTables::park(const PolarEvent& event) {
  parked_.find_or_add(event.polar_customer_id).events.push_back(event);
}

std::vector<PolarEvent> MemoryIdentityTables::take_parked(std::string_view polar_customer_id) {
  Parked* found = parked_.find(polar_customer_id);
  return found == nullptr ? std::vector<PolarEvent>() : std::exchange(found->events, {});
}

std::vector<const MemoryIdentityTables::Parked*> MemoryIdentityTables::parked() const {
  std::vector<const Parked*> out = parked_.sorted();
  std::erase_if(out, [](const Parked* parked) { return parked->events.empty(); });
  return out;
}

void encode(Encoder& out, const MemoryIdentityTables& tables) {
  const auto customers = tables.customers();
  out.count(customers.size());
  for (const KnownCustomer* customer : customers) {
    out.text(customer->id);
    out.text(customer->email);
    out.text(customer->polar_customer_id);
  }
  const auto polar_customers = tables.polar_customers();
  out.count(polar_customers.size());
  for (const PolarCustomer* polar : polar_customers) {
    out.text(polar->id);
    out.text(polar->customer_id);
    out.flag(polar->deleted);
    out.text(polar->email);
  }
  const auto parked = tables.parked();
  out.count(parked.size());
  for (const auto* waiting : parked) {
    out.text(waiting->id);
    out.count(waiting->events.size());
    for (const PolarEvent& event : waiting->events) encode(out, event);
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
      PolarEvent event;
      decode(in, event);
      in.require(event.polar_customer_id == id);
      tables.park(event);
    }
  }
  return in.good();
}

}  // namespace reckoner
