// What somebody reads who has mistyped a command.
#include <catch2/catch.hpp>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {

TEST_CASE("wrong usage: the line names what is wrong, what is taken, and which help says more",
          "[e2e]") {
  const Programs programs;
  const auto said = [&](const std::string& arguments) {
    const Ran ran = programs.reckoner(arguments);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    return ran.said;
  };
  CHECK(said("") ==
        "reckoner: a command is missing; reckoner takes charges, config, export, import, keys, "
        "serve, storage; `reckoner --help` says more\n");
  CHECK(said("storage") ==
        "reckoner: a command is missing; reckoner storage takes info, migrate, verify; "
        "`reckoner storage --help` says more\n");
  CHECK(said("keys remove x") ==
        "reckoner: there is no command 'remove'; reckoner keys takes create, list, revoke; "
        "`reckoner keys --help` says more\n");
  CHECK(said("keys create --scoep=usage") ==
        "reckoner: there is no flag --scoep; --scope is required; "
        "`reckoner keys create --help` says more\n");
  CHECK(said("keys list --all") ==
        "reckoner: there is no flag --all; `reckoner keys list --help` says more\n");
  CHECK(said("keys list all") ==
        "reckoner: The following argument was not expected: all; "
        "`reckoner keys list --help` says more\n");
}

// Under systemd it stands in the journal.
TEST_CASE("wrong usage: what was given with a flag that nobody knows is not shown", "[e2e]") {
  const Programs programs;
  for (const char* arguments : {"--api-key=hidden", "keys --api-key=hidden create",
                                "serve --api-key=hidden", "serve --api-key hidden"}) {
    INFO(arguments);
    const Ran ran = programs.reckoner(arguments);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.said, !Catch::Contains("hidden"));
  }
}

TEST_CASE("wrong usage: serve names the key that keeps it from listening", "[e2e]") {
  const Programs programs;
  programs.folder().write("x.pem", "x");
  const std::string tls = " --set server.tls_certificate=x.pem --set server.tls_key=x.pem";
  const Ran ran = programs.reckoner("serve --set server.listen=127.0.0.1:0" + tls);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.said, Catch::StartsWith("reckoner: server.tls_certificate is 'x.pem': "));
}

}  // namespace reckoner::e2e
