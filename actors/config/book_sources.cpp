#include "actors/config/book_sources.hpp"

#include <algorithm>
#include <variant>

#include "actors/config/keys.hpp"
#include "actors/config/whole_file.hpp"
#include "actors/log/escape.hpp"
#include "engine/json/price_book_json.hpp"
#include "engine/limits.hpp"

namespace reckoner::config {
namespace {

constexpr std::string_view kPrices = "billing.prices";

Error wrong(std::string detail) {
  return {"invalid_configuration", std::move(detail)};
}

Status read_file(Configuration& configuration) {
  const std::string& path = configuration.billing.prices;
  const auto origin = configuration.origins.find(kPrices);
  const std::string where =
      origin == configuration.origins.end() ? "" : " (" + origin->second + ")";
  const std::string what = std::string(kPrices) + " is " + log::shown(path);
  const Result<std::string> text = read_whole_file(path);
  if (!text) return wrong(what + ", " + text.error().detail + "; it takes a price book" + where);
  Result<PriceBook> prices = json::read_price_book(*text);
  if (!prices) return wrong(what + ": " + prices.error().detail + where);
  configuration.book.prices = std::move(prices).value();
  return Done{};
}

Status set_unit_price(PriceBook& prices, const UnitPriceVariable& named, const std::string& text) {
  const std::string variable(named.variable);
  const auto plan = std::ranges::find(prices.plans, named.plan_id, &Plan::id);
  auto* per_unit =
      plan == prices.plans.end() ? nullptr : std::get_if<PerUnit>(&plan->pricing.model);
  if (per_unit == nullptr)
    return wrong(variable + " is set, but the price book has no plan '" +
                 std::string(named.plan_id) + "' that is priced per unit; unset it, or change " +
                 std::string(kPrices));
  const auto price = parse_money(text);
  if (!price || *price < Money{} || *price > kMaxPrice)
    return wrong(variable + " is " + log::shown(text) +
                 "; it takes the price of a token in USD, as 0.0002, 0 to " +
                 format_money(kMaxPrice) + ", with up to 12 decimals");
  per_unit->unit_price = *price;
  return Done{};
}

}  // namespace

Status read_prices(Configuration& configuration, const Sources& sources) {
  if (!configuration.billing.prices.empty())
    if (Status read = read_file(configuration); !read) return read;
  for (const UnitPriceVariable& named : unit_price_variables()) {
    const auto found = sources.environment.find(named.variable);
    if (found == sources.environment.end() || found->second.empty()) continue;
    if (Status set = set_unit_price(configuration.book.prices, named, found->second); !set)
      return set;
    configuration.origins[std::string(named.variable)] =
        "environment " + std::string(named.variable);
  }
  return Done{};
}

}  // namespace reckoner::config
