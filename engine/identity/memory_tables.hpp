// Identity's tables in memory.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/basics/bytes.hpp"
#include "engine/identity/record_table.hpp"
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

  // In byte order of id; of the parked, those with an event.
  std::vector<const PolarCustomer*> polar_customers() const { return polar_.sorted(); }
  std::vector<const KnownCustomer*> customers() const { return customers_.sorted(); }
  struct Parked {
    std::string id;
    std::vector<PolarEvent> events;
  };
  std::vector<const Parked*> parked() const;

 private:
  // The ids that have an e-mail, which is the record's id, folded.
  struct EmailIds {
    std::string id;
    std::set<std::string> ids;
  };
  using Emails = RecordTable<EmailIds>;

  static std::string first_with(Emails& emails, std::string_view email);
  template <class Record, class Indexed>
  static void replace(RecordTable<Record>& records, const Record& record, Emails& emails,
                      Indexed indexed);

  RecordTable<PolarCustomer> polar_;
  RecordTable<KnownCustomer> customers_;
  RecordTable<Parked> parked_;
  Emails unlinked_, remembered_;
};

// All of it, canonically (docs/formats.md, Identity). decode returns false, leaving `tables`
// undefined, where the bytes are not good.
void encode(Encoder& out, const MemoryIdentityTables& tables);
bool decode(Decoder& in, MemoryIdentityTables& tables);

}  // namespace reckoner
