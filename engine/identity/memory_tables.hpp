// Identity's tables in memory, ordered, so that going through them is deterministic.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "engine/basics/bytes.hpp"
#include "engine/identity/tables.hpp"

namespace reckoner {

class MemoryIdentityTables final : public IdentityTables {
 public:
  std::optional<PolarCustomer> polar_customer(std::string_view id) override;
  std::optional<KnownCustomer> customer(std::string_view id) override;
  std::string unlinked_with_email(std::string_view email) override;
  std::string remembered_with_email(std::string_view email) override;
  void put(const PolarCustomer& polar) override;
  void put(const KnownCustomer& customer) override;
  void park(const PolarEvent& event) override;
  std::vector<PolarEvent> take_parked(std::string_view polar_customer_id) override;

  template <class Record>
  using ById = std::map<std::string, Record, std::less<>>;
  const ById<PolarCustomer>& polar_customers() const { return polar_; }
  const ById<KnownCustomer>& customers() const { return customers_; }
  const ById<std::vector<PolarEvent>>& parked() const { return parked_; }

 private:
  using Emails = std::set<std::pair<std::string, std::string>>;  // (folded e-mail, id)

  ById<PolarCustomer> polar_;
  ById<KnownCustomer> customers_;
  ById<std::vector<PolarEvent>> parked_;
  Emails unlinked_, remembered_;
};

// All of it, canonically (docs/formats.md, Identity). decode returns false, leaving `tables`
// undefined, where the bytes are not good.
void encode(Encoder& out, const MemoryIdentityTables& tables);
bool decode(Decoder& in, MemoryIdentityTables& tables);

}  // namespace reckoner
