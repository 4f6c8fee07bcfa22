#include "sim/generate/random.hpp"

#include <limits>
#include <numeric>
#include <utility>

namespace reckoner::sim {
namespace {

constexpr std::uint64_t kLargest = std::uint64_t(1) << 40;
constexpr std::uint64_t kFlattening = 3;

// The weight of each, by rank in a random order.
std::vector<std::uint64_t> draw_weights(std::uint32_t size, Random& random) {
  std::vector<std::uint32_t> ranks(size);
  std::iota(ranks.begin(), ranks.end(), 0U);
  for (std::uint32_t i = size; i > 1; --i) std::swap(ranks[i - 1], ranks[random.below(i)]);
  std::vector<std::uint64_t> weights(size);
  for (std::uint32_t i = 0; i < size; ++i) weights[i] = kLargest / (ranks[i] + kFlattening);
  return weights;
}

}  // namespace

HeavyTailPicker::HeavyTailPicker(std::uint32_t size, Random& random) : slots_(size) {
  std::vector<std::uint64_t> shares = draw_weights(size, random);
  const std::uint64_t whole = std::accumulate(shares.begin(), shares.end(), std::uint64_t(0));
  // A share of `whole` fills a slot: at most 2^62 for 2^24 customers.
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t i = 0; i < size; ++i) {
    shares[i] *= size;
    (shares[i] < whole ? small : large).push_back(i);
  }
  const auto part = [whole](std::uint64_t share) {
    return static_cast<std::uint32_t>((UInt128(share) << 32) / whole);
  };
  while (!small.empty() && !large.empty()) {
    const std::uint32_t filled = small.back(), giver = large.back();
    small.pop_back();
    slots_[filled] = {part(shares[filled]), giver};
    shares[giver] -= whole - shares[filled];
    if (shares[giver] >= whole) continue;
    large.pop_back();
    small.push_back(giver);
  }
  for (const auto* rest : {&small, &large})
    for (const std::uint32_t i : *rest) slots_[i] = {std::numeric_limits<std::uint32_t>::max(), i};
}

}  // namespace reckoner::sim
