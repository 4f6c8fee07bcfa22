#include "engine/books/pricing.hpp"

#include <algorithm>

namespace reckoner {
namespace {

Money times(Money price, std::int64_t count) {
  return {price.pico * count};
}

Money cost(const PerUnit& model, std::int64_t tokens) {
  return times(model.unit_price, tokens);
}

Money cost(const Graduated& model, std::int64_t tokens) {
  Money sum;
  std::int64_t lower = 0;
  for (const Band& band : model.bands) {
    if (tokens <= lower) break;
    const std::int64_t upper = band.up_to ? std::min(*band.up_to, tokens) : tokens;
    sum += times(band.unit_price, upper - lower) + band.flat;
    lower = upper;
  }
  return sum;
}

Money cost(const Volume& model, std::int64_t tokens) {
  const auto holds = [tokens](const Band& band) { return !band.up_to || tokens <= *band.up_to; };
  const Band& band = *std::find_if(model.bands.begin(), model.bands.end(), holds);
  return times(band.unit_price, tokens) + band.flat;
}

Money cost(const Package& model, std::int64_t tokens) {
  return times(model.price, (tokens - 1) / model.size + 1);
}

}  // namespace

Money Pricing::cost_of_first(std::int64_t tokens) const {
  const std::int64_t billed = tokens - included_tokens;
  if (billed <= 0) return {};
  return std::visit([billed](const auto& m) { return cost(m, billed); }, model);
}

Money Pricing::cost_of_next(std::int64_t before, std::int64_t tokens) const {
  // The common case, and the same result without computing F twice.
  if (const auto* unit = std::get_if<PerUnit>(&model); unit != nullptr && included_tokens == 0)
    return times(unit->unit_price, tokens);
  return cost_of_first(before + tokens) - cost_of_first(before);
}

}  // namespace reckoner
