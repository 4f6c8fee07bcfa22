// reckoner-sim sandbox, as a shell runs it: what it says, and how it ends.
#include <catch2/catch.hpp>

#include "tests/e2e/programs.hpp"

namespace reckoner::e2e {

TEST_CASE("sandbox command: says where it listens, and sums up when it is ended", "[e2e]") {
  const Programs programs;
  const Ran ran = programs.run("'" RECKONER_SIM_PROGRAM
                               "' sandbox --listen 127.0.0.1:0 --faults 500:0 >out & "
                               "until [ -s out ]; do sleep 0.01; done; kill -TERM $!; wait $!");
  CHECK(ran.code == 0);
  CHECK(ran.said.empty());
  const std::string out = programs.read("out");
  CHECK(out.starts_with("sandbox on http://127.0.0.1:"));
  CHECK(out.find("\ncharges taken ") != std::string::npos);
  CHECK(out.find("0.00\n") != std::string::npos);
}

TEST_CASE("sandbox command: wrong usage names the flag, what it got and what it takes", "[e2e]") {
  const Programs programs;
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"--faults nope", "--faults has 'nope'; it takes 500, "},
      {"--faults lost:2", "--faults has 'lost:2', where '2' is wrong; lost takes "},
      {"--listen here", "--listen is 'here'"},
      {"--speed fast", "--speed is 'fast'; it takes "},
      {"--speed 0", "--speed is '0'; it takes "},
      {"--seed x", "--seed is 'x'"},
      {"--webhook-url http://127.0.0.1:1/", "--webhook-secret is not given"},
      {"--webhook-url nowhere --webhook-secret 12345678", "--webhook-url is 'nowhere'"},
      {"--webhook-scheme odd", "--webhook-scheme"},
  };
  for (const auto& [flags, said] : wrong) {
    INFO(flags);
    const Ran ran = programs.simulator("sandbox " + flags);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    INFO(ran.said);
    CHECK(ran.said.find(said) != std::string::npos);
  }
}

}  // namespace reckoner::e2e
