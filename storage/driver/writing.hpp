// Writing what follows from entries, for customers that are applied inline.
#pragma once

#include "storage/customers/customers.hpp"
#include "storage/intake/intake.hpp"

namespace reckoner::storage {

// Commits the batch, and with it the rows of customers that are due to be written (`all`: of up to
// `most` of those who have any). Committed, its blocks are still to be applied and cleared.
CommitResult commit_with_rows(Intake& intake, Customers& customers, bool all, std::size_t most,
                              bool& any);

// All that follows from what was applied. The batch is empty.
CommitResult write_all(Intake& intake, Customers& customers);

}  // namespace reckoner::storage
