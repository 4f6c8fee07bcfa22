#include "actors/commands/text_table.hpp"

#include <catch2/catch.hpp>

namespace reckoner::commands {

TEST_CASE("text table: columns are as wide as their widest cell, in characters") {
  TextTable table({"id", "name", "last"});
  CHECK(table.text() == "id  name  last\n");
  table.row({"1", "Zoë", "-"});
  table.row({"1 000", "", "a longer one"});
  table.row({"2", "someone", ""});
  CHECK(table.text() ==
        "id     name     last\n"
        "1      Zoë      -\n"
        "1 000           a longer one\n"
        "2      someone\n");
}

}  // namespace reckoner::commands
