#include "engine/books/price_book.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/basics/ids.hpp"
#include "engine/limits.hpp"

namespace reckoner {
namespace {

using Fault = std::optional<std::string>;

Fault price_fault(const std::string& field, Money price) {
  if (price < Money{}) return field + " is " + format_money(price) + "; a price is not negative";
  if (price > kMaxPrice)
    return field + " is " + format_money(price) + "; the highest price is " +
           format_money(kMaxPrice);
  return std::nullopt;
}

Fault count_fault(const std::string& field, std::int64_t count, std::int64_t least) {
  if (count >= least && count <= kMaxTokensSummed) return std::nullopt;
  return field + " is " + std::to_string(count) + "; it takes " + std::to_string(least) + " to " +
         std::to_string(kMaxTokensSummed);
}

Fault band_fault(const std::string& field, const Band& band, std::int64_t lower, bool last) {
  if (auto fault = price_fault(field + ".unit_price_usd", band.unit_price)) return fault;
  if (auto fault = price_fault(field + ".flat_usd", band.flat)) return fault;
  if (last && band.up_to)
    return field + ".up_to is " + std::to_string(*band.up_to) + "; the last band's is null";
  if (!last && !band.up_to) return field + ".up_to is null; only the last band's is";
  if (band.up_to && (*band.up_to <= lower || *band.up_to > kMaxTokensSummed))
    return field + ".up_to is " + std::to_string(*band.up_to) + "; it takes " +
           std::to_string(lower + 1) + " to " + std::to_string(kMaxTokensSummed) +
           ", above the band before";
  return std::nullopt;
}

Fault bands_fault(const std::vector<Band>& bands) {
  if (bands.empty() || bands.size() > kMaxBands)
    return "pricing.bands has " + std::to_string(bands.size()) + " bands; it takes 1 to " +
           std::to_string(kMaxBands);
  std::int64_t lower = 0;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    const std::string field = "pricing.bands[" + std::to_string(i) + "]";
    const bool last = i + 1 == bands.size();
    if (auto fault = band_fault(field, bands[i], lower, last)) return fault;
    lower = bands[i].up_to.value_or(lower);
  }
  return std::nullopt;
}

Fault model_fault(const PerUnit& model) {
  return price_fault("pricing.unit_price_usd", model.unit_price);
}
Fault model_fault(const Graduated& model) {
  return bands_fault(model.bands);
}
Fault model_fault(const Volume& model) {
  return bands_fault(model.bands);
}
Fault model_fault(const Package& model) {
  if (auto fault = count_fault("pricing.package_size", model.size, 1)) return fault;
  return price_fault("pricing.package_price_usd", model.price);
}

Fault plan_fault(const Plan& plan) {
  if (!is_valid_id(plan.id)) return "id is no id of 1 to 255 bytes without control characters";
  if (auto fault = price_fault("price_usd", plan.price)) return fault;
  if (auto fault = count_fault("tokens_per_month", plan.tokens_per_month, 0)) return fault;
  if (auto fault = count_fault("rate_limit", plan.rate_limit, 0)) return fault;
  if (auto fault = count_fault("pricing.included_tokens", plan.pricing.included_tokens, 0))
    return fault;
  return std::visit([](const auto& model) { return model_fault(model); }, plan.pricing.model);
}

Error price_book_error(std::string detail) {
  return {"invalid_price_book", std::move(detail)};
}

Plan guide_plan(const std::string& id, Cents price, std::int64_t tokens, std::int64_t rate,
                Int128 unit) {
  Plan plan;
  plan.id = id;
  plan.name = id;
  plan.product_ids = {"cortex_" + id};
  plan.price = Money::of_cents(price);
  plan.tokens_per_month = tokens;
  plan.rate_limit = rate;
  plan.pricing.model = PerUnit{Money{unit}};
  return plan;
}

}  // namespace

const Plan* PriceBook::find(std::string_view plan_id) const {
  const auto found = std::find_if(plans.begin(), plans.end(),
                                  [plan_id](const Plan& plan) { return plan.id == plan_id; });
  return found == plans.end() ? nullptr : &*found;
}

PriceBook default_price_book() {
  constexpr Int128 kMicroUsd = kPicoPerUsd / 1'000'000;
  return {{
      guide_plan("free", 0, 1'000, 10, 200 * kMicroUsd),
      guide_plan("starter", 2'900, 100'000, 100, 100 * kMicroUsd),
      guide_plan("professional", 9'900, 1'000'000, 1'000, 50 * kMicroUsd),
      guide_plan("enterprise", 29'900, 10'000'000, 10'000, 20 * kMicroUsd),
  }};
}

Status check_price_book(const PriceBook& book) {
  if (book.plans.empty()) return price_book_error("plans is empty; it takes one plan or more");
  std::set<std::string> ids, products;
  for (std::size_t i = 0; i < book.plans.size(); ++i) {
    const Plan& plan = book.plans[i];
    const std::string where = "plans[" + std::to_string(i) + "] (" + plan.id + "): ";
    if (auto fault = plan_fault(plan)) return price_book_error(where + *fault);
    if (!ids.insert(plan.id).second)
      return price_book_error(where + "id is used twice; each plan has its own");
    for (const std::string& product : plan.product_ids) {
      if (!is_valid_id(product))
        return price_book_error(where + "product_ids has one that is no id of 1 to 255 bytes");
      if (!products.insert(product).second)
        return price_book_error(where + "product_ids has " + product +
                                " a second time; a product belongs to one plan");
    }
  }
  return Done{};
}

}  // namespace reckoner
