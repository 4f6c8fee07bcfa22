// The stores under test. Another plugin is one more line in subjects().
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace reckoner::conformance {

struct Subject {
  std::string name;
  bool outlives_process;  // on a disk or in a server; else it outlives its handles only
  // Of a store that is not there yet. What it needs of files goes into the folder.
  std::string (*fresh_url)(const support::TemporaryFolder& folder);
};

// Those whose plugin is built.
const std::vector<Subject>& subjects();

}  // namespace reckoner::conformance

// One check, run on every subject: `conformance_tests -c "on sqlite"` runs all on one of them.
#define CONFORMANCE(NAME, TEXT)                                   \
  static void NAME(const Subject& subject);                       \
  TEST_CASE("conformance: " TEXT, "[conformance]") {              \
    for (const Subject& each : reckoner::conformance::subjects()) \
      DYNAMIC_SECTION("on " << each.name) {                       \
        NAME(each);                                               \
      }                                                           \
  }                                                               \
  static void NAME(const Subject& subject)
