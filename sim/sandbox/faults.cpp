#include "sim/sandbox/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sim/generate/random.hpp"

namespace reckoner::sim::sandbox {
namespace {

constexpr std::uint64_t kMostWhole = 1'000'000'000;

constexpr std::array<std::pair<std::string_view, FaultKind>, kFaultKinds> kNames = {{
    {"500", FaultKind::error_500},
    {"429", FaultKind::error_429},
    {"401", FaultKind::error_401},
    {"402", FaultKind::error_402},
    {"422", FaultKind::error_422},
    {"hang", FaultKind::hang},
    {"reset", FaultKind::reset},
    {"lost", FaultKind::lost},
    {"lost_late", FaultKind::lost_late},
    {"slow", FaultKind::slow},
    {"down", FaultKind::down},
    {"payment_failed", FaultKind::payment_failed},
    {"webhook_drop", FaultKind::webhook_drop},
    {"webhook_delay", FaultKind::webhook_delay},
    {"webhook_duplicate", FaultKind::webhook_duplicate},
    {"webhook_reorder", FaultKind::webhook_reorder},
}};

std::optional<FaultKind> kind_named(std::string_view name) {
  for (const auto& [known, kind] : kNames)
    if (known == name) return kind;
  return std::nullopt;
}

std::string known_names() {
  std::string out;
  for (const auto& [name, kind] : kNames) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls `each` with the items between separators, without the spaces around them.
template <class Each>
Status each_item(std::string_view list, char separator, Each each) {
  while (true) {
    const std::size_t end = list.find(separator);
    if (Status read = each(without_spaces(list.substr(0, end))); !read) return read;
    if (end == std::string_view::npos) return Done{};
    list.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || value > kMostWhole)
    return std::nullopt;
  return value;
}

bool has_length(FaultKind kind) {
  return kind == FaultKind::slow || kind == FaultKind::webhook_delay;
}

Error bad_argument(const Fault& fault, std::string_view argument) {
  const std::string name(fault_name(fault.kind));
  const std::string before = has_length(fault.kind) ? name + ":250" : name;
  const std::string length = has_length(fault.kind) ? "milliseconds (" + before + "), then " : "";
  return {"invalid_faults", "faults has '" + fault.text + "', where '" + std::string(argument) +
                                "' is wrong; " + name + " takes " + length + "a probability (" +
                                before + ":0.1), every N (" + before +
                                ":every20) and how long it lasts (" + before + ":30s)"};
}

Error no_such_fault(std::string_view name) {
  return {"invalid_faults", "faults has '" + std::string(name) + "'; it takes " + known_names()};
}

Status read_argument(Fault& fault, std::string_view argument) {
  if (argument.starts_with("every")) {
    const auto every = whole_number(without_spaces(argument.substr(5)));
    if (!every || *every == 0) return bad_argument(fault, argument);
    fault.every = *every;
    return Done{};
  }
  if (const auto lasts = parse_length(argument)) {
    fault.lasts = *lasts;
    return Done{};
  }
  const auto chance = parse_money(argument);
  if (!chance || chance->pico < 0 || chance->pico > kPicoPerUsd)
    return bad_argument(fault, argument);
  fault.chance = chance->pico;
  return Done{};
}

Result<Fault> read_fault(std::string_view text, Instant now) {
  Fault fault;
  fault.text = text;
  fault.begun = now;
  bool first = true;
  bool length_due = false;
  Status read = each_item(text, ':', [&](std::string_view part) -> Status {
    if (std::exchange(first, false)) {
      const auto kind = kind_named(part);
      if (!kind) return no_such_fault(part);
      fault.kind = *kind;
      length_due = has_length(*kind);
      return Done{};
    }
    if (!std::exchange(length_due, false)) return read_argument(fault, part);
    const auto milliseconds = whole_number(part);
    const auto length = milliseconds ? Micros(*milliseconds) * 1'000 : parse_length(part);
    if (!length) return bad_argument(fault, part);
    fault.length = *length;
    return Done{};
  });
  if (!read) return read.error();
  if (length_due) return bad_argument(fault, "");
  return fault;
}

Result<std::vector<Fault>> read_list(std::string_view list, Instant now) {
  std::vector<Fault> out;
  if (without_spaces(list).empty()) return out;
  Status read = each_item(list, ',', [&](std::string_view item) -> Status {
    Result<Fault> fault = read_fault(item, now);
    if (!fault) return fault.error();
    out.push_back(std::move(*fault));
    return Done{};
  });
  if (!read) return read.error();
  return out;
}

}  // namespace

std::string_view fault_name(FaultKind kind) {
  for (const auto& [name, known] : kNames)
    if (known == kind) return name;
  return {};
}

std::optional<Micros> parse_length(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, Micros>, 4> kUnits = {{
      {"ms", 1'000},
      {"s", kSecond},
      {"m", 60 * kSecond},
      {"h", 3'600 * kSecond},
  }};
  for (const auto& [unit, micros] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto count = whole_number(text.substr(0, text.size() - unit.size()));
    if (count) return static_cast<Micros>(*count) * micros;
  }
  return std::nullopt;
}

Status Faults::set(std::string_view list, Instant now) {
  Result<std::vector<Fault>> read = read_list(list, now);
  if (!read) return read.error();
  faults_ = std::move(*read);
  return Done{};
}

Status Faults::add(std::string_view list, Instant now) {
  Result<std::vector<Fault>> read = read_list(list, now);
  if (!read) return read.error();
  for (Fault& fault : *read) {
    std::erase_if(faults_, [&](const Fault& old) { return old.kind == fault.kind; });
    faults_.push_back(std::move(fault));
  }
  return Done{};
}

Status Faults::remove(std::string_view names) {
  std::vector<FaultKind> named;
  Status read = each_item(names, ',', [&](std::string_view name) -> Status {
    const auto kind = kind_named(name);
    if (!kind) return no_such_fault(name);
    named.push_back(*kind);
    return Done{};
  });
  if (!read) return read;
  std::erase_if(faults_, [&](const Fault& old) { return std::ranges::count(named, old.kind) > 0; });
  return Done{};
}

// Each fault draws for itself, by how often it was asked: what else is on changes nothing in it.
bool Faults::fires(Fault& fault, Instant now) {
  const std::uint64_t asked = ++fault.asked;
  if (fault.lasts && now - fault.begun >= *fault.lasts) return false;
  if (fault.every > 0) return asked % fault.every == 0;
  const std::uint64_t drawn = mix(mix(seed_, static_cast<std::uint64_t>(fault.kind)), asked);
  return static_cast<Int128>((UInt128(drawn) * UInt128(kPicoPerUsd)) >> 64) < fault.chance;
}

CallFate Faults::on_call(bool is_charge, Instant now) {
  CallFate fate;
  for (Fault& fault : faults_) {
    const bool charges_only =
        fault.kind == FaultKind::error_402 || fault.kind == FaultKind::error_422;
    if (fault.kind >= FaultKind::payment_failed || (charges_only && !is_charge)) continue;
    if (!fires(fault, now)) continue;
    if (fault.kind == FaultKind::slow) {
      fate.delay += fault.length;
    } else if (!fate.fault) {
      fate.fault = fault.kind;
    } else {
      continue;  // another one was first
    }
    ++fired_[fault.kind];
  }
  return fate;
}

bool Faults::payment_fails(Instant now) {
  bool fails = false;
  for (Fault& fault : faults_) {
    if (fault.kind != FaultKind::payment_failed || !fires(fault, now)) continue;
    ++fired_[fault.kind];
    fails = true;
  }
  return fails;
}

WebhookFate Faults::on_webhook(Instant now) {
  WebhookFate fate;
  for (Fault& fault : faults_) {
    if (fault.kind < FaultKind::webhook_drop || !fires(fault, now)) continue;
    ++fired_[fault.kind];
    fate.drop = fate.drop || fault.kind == FaultKind::webhook_drop;
    fate.duplicate = fate.duplicate || fault.kind == FaultKind::webhook_duplicate;
    fate.reorder = fate.reorder || fault.kind == FaultKind::webhook_reorder;
    if (fault.kind == FaultKind::webhook_delay) fate.delay += fault.length;
  }
  return fate;
}

}  // namespace reckoner::sim::sandbox
