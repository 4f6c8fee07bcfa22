#include "tests/e2e/million/watch.hpp"

#include <unistd.h>

#include <fstream>
#include <utility>

namespace reckoner::million {

Watch::Watch(const Population& population, OnCharge on_charge)
    : population_(population),
      on_charge_(std::move(on_charge)),
      told_(population.size()),
      graces_ended_(population.size()) {
  for (std::uint32_t who = 0; who < population.size(); ++who) {
    if (population.ends_at_midnight(who)) ++to_tell_;
    if (population.grace_end(who)) ++graces_;
  }
}

actors::EngineEvents Watch::events() {
  actors::EngineEvents events;
  events.dead = [this](const storage::StoreError& error) { note("dead: " + error.detail); };
  events.alarm = [this](std::string_view what, std::string_view detail) {
    note(std::string(what) + ": " + std::string(detail));
  };
  events.applied = [this](const CustomerEntry& entry, const Effects& effects) {
    applied(entry, effects);
  };
  events.charge = on_charge_;
  return events;
}

void Watch::applied(const CustomerEntry& entry, const Effects& effects) {
  const std::uint32_t who = Population::number(entry.customer_id);
  if (std::holds_alternative<Clock>(entry.body))
    clock_entries_.fetch_add(1, std::memory_order_relaxed);
  if (entry.at >= midnight() && population_.ends_at_midnight(who)) told_.set(who);
  if (const auto end = population_.grace_end(who); end && entry.at >= *end) graces_ended_.set(who);
  for (const Charge& charge : effects.charges)
    if (charge.reason == ChargeReason::cycle && charge.at == midnight() &&
        charge.status == ChargeStatus::pending)
      charges_at_midnight_.fetch_add(1, std::memory_order_relaxed);
}

void Watch::note(std::string line) {
  constexpr std::size_t kKept = 20;
  std::lock_guard lock(mutex_);
  if (alarms_.size() < kKept) alarms_.push_back(std::move(line));
}

std::vector<std::string> Watch::alarms() const {
  std::lock_guard lock(mutex_);
  return alarms_;
}

std::uint64_t resident_bytes() {
  std::ifstream memory("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  memory >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace reckoner::million
