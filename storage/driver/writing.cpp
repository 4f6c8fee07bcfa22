#include "storage/driver/writing.hpp"

namespace reckoner::storage {
namespace {

constexpr std::size_t kWrittenAtOnce = 2'000;  // customers

// Rows could not be made, for the store cannot be read. Where that is for good, nobody is to try
// again.
CommitResult cannot_write(Intake& intake, Customers& customers, StoreError error) {
  customers.not_written();
  intake.drop();
  const bool again = error.fault == Fault::full || error.fault == Fault::retry;
  if (!again) intake.lane().die();
  return {again ? CommitResult::Outcome::rolled_back : CommitResult::Outcome::dead,
          std::move(error)};
}

}  // namespace

CommitResult commit_with_rows(Intake& intake, Customers& customers, bool all, std::size_t most,
                              bool& any) {
  if (StoreStatus error = customers.write(intake.rows(), all, most, any))
    return cannot_write(intake, customers, std::move(*error));
  CommitResult done = intake.commit();
  if (done.committed())
    customers.written();
  else
    customers.not_written();
  return done;
}

CommitResult write_all(Intake& intake, Customers& customers) {
  for (bool any = true; any;) {
    CommitResult done = commit_with_rows(intake, customers, true, kWrittenAtOnce, any);
    if (!done.committed()) return done;
    intake.lane().clear();
  }
  return {};
}

}  // namespace reckoner::storage
