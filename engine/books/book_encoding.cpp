#include "engine/books/book_encoding.hpp"

namespace reckoner {
namespace {

constexpr std::uint8_t kBookVersion = 1;

enum class Model : std::uint8_t { per_unit, graduated, volume, package };
constexpr int kModels = 4;

void encode_model(Encoder& out, const PerUnit& model) {
  out.byte(static_cast<std::uint8_t>(Model::per_unit));
  out.money(model.unit_price);
}

void encode_bands(Encoder& out, Model model, const std::vector<Band>& bands) {
  out.byte(static_cast<std::uint8_t>(model));
  out.count(bands.size());
  for (const Band& band : bands) {
    out.number(band.up_to.value_or(0));  // a band ends above 0, so 0 stands for no end
    out.money(band.unit_price);
    out.money(band.flat);
  }
}

void encode_model(Encoder& out, const Graduated& model) {
  encode_bands(out, Model::graduated, model.bands);
}
void encode_model(Encoder& out, const Volume& model) {
  encode_bands(out, Model::volume, model.bands);
}
void encode_model(Encoder& out, const Package& model) {
  out.byte(static_cast<std::uint8_t>(Model::package));
  out.number(model.size);
  out.money(model.price);
}

std::vector<Band> decode_bands(Decoder& in) {
  std::vector<Band> bands(in.list(3));
  for (Band& band : bands) {
    const std::int64_t up_to = in.number();
    if (up_to != 0) band.up_to = up_to;
    band.unit_price = in.money();
    band.flat = in.money();
  }
  return bands;
}

PricingModel decode_model(Decoder& in) {
  switch (static_cast<Model>(in.choice(kModels))) {
    case Model::per_unit:
      return PerUnit{in.money()};
    case Model::graduated:
      return Graduated{decode_bands(in)};
    case Model::volume:
      return Volume{decode_bands(in)};
    default: {
      const std::int64_t size = in.number();
      return Package{size, in.money()};
    }
  }
}

void encode_plan(Encoder& out, const Plan& plan) {
  out.text(plan.id);
  out.text(plan.name);
  out.count(plan.product_ids.size());
  for (const std::string& product : plan.product_ids) out.text(product);
  out.money(plan.price);
  out.number(plan.tokens_per_month);
  out.number(plan.rate_limit);
  out.number(plan.pricing.included_tokens);
  std::visit([&out](const auto& model) { encode_model(out, model); }, plan.pricing.model);
}

Plan decode_plan(Decoder& in) {
  Plan plan;
  plan.id = in.text();
  plan.name = in.text();
  plan.product_ids.resize(in.list());
  for (std::string& product : plan.product_ids) product = in.text();
  plan.price = in.money();
  plan.tokens_per_month = in.number();
  plan.rate_limit = in.number();
  plan.pricing.included_tokens = in.number();
  plan.pricing.model = decode_model(in);
  return plan;
}

}  // namespace

std::string encode_book(const Book& book) {
  Encoder out;
  out.byte(kBookVersion);
  out.count(book.rules_version);
  // Settings by name, for whoever reads the bytes.
  out.count(setting_keys().size());
  for (const SettingKey& setting : setting_keys()) {
    out.text(setting.key);
    out.text(setting_value(book.settings, setting.key));
  }
  out.count(book.prices.plans.size());
  for (const Plan& plan : book.prices.plans) encode_plan(out, plan);
  return out.take();
}

Result<Book> decode_book(std::string_view bytes) {
  Decoder in(bytes);
  Book book;
  in.require(in.byte() == kBookVersion);
  book.rules_version = in.small<std::uint32_t>();
  if (in.good() && book.rules_version != kRulesVersion)
    return Error{"unknown_rules", "the book is of rules version " +
                                      std::to_string(book.rules_version) + "; this program has " +
                                      std::to_string(kRulesVersion)};
  for (std::size_t left = in.list(2); left > 0 && in.good(); --left) {
    const std::string_view key = in.text();
    const std::string_view value = in.text();
    if (Status set = set_setting(book.settings, key, value); in.good() && !set) return set.error();
  }
  book.prices.plans.resize(in.list(9));
  for (Plan& plan : book.prices.plans) plan = decode_plan(in);
  if (!in.finished()) return Error{"invalid_book", "the bytes are no book of version 1"};
  if (Status good = check_price_book(book.prices); !good) return good.error();
  // The bytes name the book, so no other bytes may stand for it ("1.0" for "1").
  if (encode_book(book) != bytes)
    return Error{"invalid_book", "the bytes are not the canonical ones of their book"};
  return book;
}

}  // namespace reckoner
