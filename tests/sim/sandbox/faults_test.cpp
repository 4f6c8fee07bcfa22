#include "sim/sandbox/faults.hpp"

#include <catch2/catch.hpp>

namespace reckoner::sim::sandbox {
namespace {

constexpr Instant kStart{0};

Faults faults_of(std::string_view list, std::uint64_t seed = 1) {
  Faults out(seed);
  const Status set = out.set(list, kStart);
  INFO((set ? std::string() : set.error().detail));
  REQUIRE(set.ok());
  return out;
}

std::string fates(Faults faults, int calls, bool is_charge = true) {
  std::string out;
  for (int i = 0; i < calls; ++i) {
    const CallFate fate = faults.on_call(is_charge, kStart);
    out += fate.fault ? std::string(fault_name(*fate.fault)) : ".";
    out += fate.delay > 0 ? "~" : "";
  }
  return out;
}

std::string wrong(std::string_view list) {
  Faults faults;
  const Status set = faults.set(list, kStart);
  return set ? "" : set.error().detail;
}

}  // namespace

TEST_CASE("sandbox faults: lists that are read, and lists that are not", "[sandbox][faults]") {
  CHECK(faults_of("").all().empty());
  CHECK(faults_of(" 500 , lost:0.5:30s,slow:250:every3 ").all().size() == 3);
  CHECK(wrong("500,nope").starts_with("faults has 'nope'; it takes 500, 429"));
  CHECK(wrong("500,,429").starts_with("faults has ''"));
  for (const char* bad : {"500:1.5", "500:-0.1", "500:x", "500:every0", "500:every", "slow",
                          "slow:x", "lost:", "down:5d", "webhook_delay"}) {
    INFO(bad);
    CHECK(wrong(bad).find("'" + std::string(bad) + "'") != std::string::npos);
  }
}

TEST_CASE("sandbox faults: every fault may be named, and is one of its own", "[sandbox][faults]") {
  for (int i = 0; i < kFaultKinds; ++i) {
    std::string name(fault_name(static_cast<FaultKind>(i)));
    REQUIRE_FALSE(name.empty());
    if (name == "slow" || name == "webhook_delay") name += ":5";
    INFO(name);
    CHECK(faults_of(name).all().at(0).kind == static_cast<FaultKind>(i));
  }
}

TEST_CASE("sandbox faults: the seed decides, and nothing else", "[sandbox][faults]") {
  const std::string once = fates(faults_of("lost:0.3,500:0.2", 7), 200);
  CHECK(once == fates(faults_of("lost:0.3,500:0.2", 7), 200));
  CHECK(once != fates(faults_of("lost:0.3,500:0.2", 8), 200));
  // What else is on changes nothing in when one fires.
  Faults alone = faults_of("500:0.2", 7), beside = faults_of("slow:1:0.5,500:0.2", 7);
  for (int i = 0; i < 200; ++i)
    CHECK(alone.on_call(true, kStart).fault == beside.on_call(true, kStart).fault);
}

TEST_CASE("sandbox faults: chance, every N, and how long", "[sandbox][faults]") {
  CHECK(fates(faults_of("500:every3"), 7) == "..500..500.");
  CHECK(fates(faults_of("reset:0"), 5) == ".....");
  CHECK(fates(faults_of("reset:1"), 2) == "resetreset");
  Faults often = faults_of("lost:0.25", 3);
  for (int i = 0; i < 10'000; ++i) often.on_call(true, kStart);
  CHECK(often.fired().at(FaultKind::lost) > 2'250);
  CHECK(often.fired().at(FaultKind::lost) < 2'750);

  Faults down = faults_of("down:30s");
  CHECK(down.on_call(false, kStart + 29 * kSecond).fault == FaultKind::down);
  CHECK_FALSE(down.on_call(false, kStart + 30 * kSecond).fault.has_value());
  CHECK(parse_length("250ms") == 250'000);
  CHECK(parse_length("2h") == 7'200 * kSecond);
  CHECK_FALSE(parse_length("2").has_value());
  CHECK_FALSE(parse_length("-2s").has_value());
}

TEST_CASE("sandbox faults: one call has one, and a delay beside", "[sandbox][faults]") {
  CHECK(fates(faults_of("slow:250,500:every2,lost:every3"), 6) == ".~500~lost~500~.~500~");
  Faults both = faults_of("500,lost");
  both.on_call(true, kStart);
  CHECK(both.fired().count(FaultKind::lost) == 0);
  CHECK(faults_of("slow:20").on_call(true, kStart).delay == 20'000);
  // 402 and 422 are about charges.
  CHECK(fates(faults_of("402,422"), 2, false) == "..");
  CHECK(fates(faults_of("422"), 2, true) == "422422");
}

TEST_CASE("sandbox faults: changed while it runs", "[sandbox][faults]") {
  Faults faults = faults_of("500,slow:5");
  CHECK(faults.add("down", kStart).ok());
  CHECK(faults.add("slow:7", kStart).ok());
  CHECK(faults.all().size() == 3);
  CHECK(faults.on_call(true, kStart).delay == 7'000);
  CHECK(faults.remove("500,down").ok());
  CHECK(faults.all().size() == 1);
  CHECK_FALSE(faults.remove("nope").ok());
  CHECK_FALSE(faults.set("nope", kStart).ok());
  CHECK_FALSE(faults.add("500,nope", kStart).ok());
  CHECK(faults.all().size() == 1);
  CHECK(faults.fired().at(FaultKind::error_500) == 1);
}

TEST_CASE("sandbox faults: of webhooks and payments", "[sandbox][faults]") {
  Faults faults = faults_of(
      "webhook_drop:every2,webhook_duplicate:every3,webhook_reorder:every5,webhook_delay:40:every7,"
      "payment_failed:every2,500:0");
  int dropped = 0, twice = 0, reordered = 0, late = 0;
  for (int i = 0; i < 210; ++i) {
    const WebhookFate fate = faults.on_webhook(kStart);
    dropped += fate.drop;
    twice += fate.duplicate;
    reordered += fate.reorder;
    late += fate.delay == 40'000;
  }
  CHECK(dropped == 105);
  CHECK(twice == 70);
  CHECK(reordered == 42);
  CHECK(late == 30);
  CHECK_FALSE(faults.payment_fails(kStart));
  CHECK(faults.payment_fails(kStart));
}

}  // namespace reckoner::sim::sandbox
